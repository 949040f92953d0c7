package dev.goodhart.audit;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.data.BadRow;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Entries;
import dev.goodhart.data.Entry;
import dev.goodhart.data.Example;
import dev.goodhart.data.Row;
import dev.goodhart.data.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@link AuditSet} from a file, with the columns beside it that an audit uses.
 *
 * @param gold the column of a true reward: a number a response, or a list with one a response; null
 *     where there is none
 * @param scores columns of ready-made scores, kept by name for {@link ReadyScores}
 * @param truncate how many characters of a response count; 0 for all
 * @param keep the rows to use
 */
public record AuditData(
    @Nullable String gold, List<String> scores, int truncate, Predicate<Entry.Good> keep) {
  private static final Pattern ANNOTATOR = Pattern.compile("(?i)annotator[_ -]?\\d+");

  /**
   * What was read.
   *
   * @param set the responses
   * @param columns the wanted score columns of each row, by row id
   * @param rows how many were read
   * @param bad how many could not be used
   * @param dropped how many {@link AuditData#keep} did not want
   * @param without how many have no response to judge
   * @param same how many pairs had two equal responses after truncation, and were left out
   */
  public record Read(
      AuditSet set,
      Map<String, Map<String, @Nullable Object>> columns,
      long rows,
      long bad,
      long dropped,
      long without,
      long same) {}

  public static AuditData plain() {
    return new AuditData(null, List.of(), 0, row -> true);
  }

  /**
   * Reads a data set of pairs, labelled, rated, ranked or plain responses.
   *
   * @throws GoodhartException if a named column is nowhere, or no row has a response
   */
  public Read read(Dataset data) {
    AuditSet set = new AuditSet();
    Map<String, Map<String, @Nullable Object>> columns = new LinkedHashMap<>();
    Map<String, String> present = data.recognition().columns();
    for (String column : scores) {
      if (!present.containsKey(column)) {
        throw new GoodhartException(
            data.file()
                + ": no column '"
                + column
                + "', and no file of that name; the columns are "
                + String.join(", ", present.keySet()));
      }
    }
    long dropped = 0;
    long without = 0;
    long[] same = {0};
    try (Entries entries = data.entries()) {
      while (entries.hasNext()) {
        if (!(entries.next() instanceof Entry.Good good)) {
          continue;
        }
        if (!keep.test(good)) {
          dropped++;
          continue;
        }
        int before = set.size();
        new RowReader(set, good, same).read();
        if (set.size() == before) {
          without++;
        } else if (!scores.isEmpty()) {
          Map<String, @Nullable Object> wanted = new LinkedHashMap<>();
          scores.forEach(column -> wanted.put(column, good.row().at(column)));
          columns.put(good.id(), wanted);
        }
      }
      if (gold != null && set.size() > 0 && !set.hasGold()) {
        throw new GoodhartException(
            data.file()
                + ": --gold: no row has a number under '"
                + gold
                + "'; the columns are "
                + String.join(", ", present.keySet()));
      }
      if (set.comparisons().isEmpty()) {
        set.compareWithinPrompts();
      }
      return new Read(set, columns, entries.count(), entries.bad(), dropped, without, same[0]);
    }
  }

  /** One row's responses in the order in which the row lists them. */
  private final class RowReader {
    private final AuditSet set;
    private final Entry.Good row;
    private final long[] same;
    private int position;

    RowReader(AuditSet set, Entry.Good row, long[] same) {
      this.set = set;
      this.row = row;
      this.same = same;
    }

    void read() {
      for (Example example : row.examples()) {
        switch (example) {
          case Example.Pair pair -> pair(pair);
          case Example.Labelled labelled -> add(labelled.sample(), labelled.label());
          case Example.Rated rated -> rated(rated);
          case Example.Ranked ranked -> ranked(ranked);
          case Example.Plain plain -> add(plain.sample(), Double.NaN);
          case Example.Task _ -> {}
        }
      }
    }

    private int add(Sample sample, double label) {
      double value = gold == null ? Double.NaN : gold(sample, position);
      position++;
      return set.add(row.id(), cut(sample), label, value);
    }

    /** Without another gold column the first rating is what the response is worth. */
    private void rated(Example.Rated rated) {
      double first = rated.ratings().values().iterator().next();
      set.add(
          row.id(),
          cut(rated.sample()),
          Double.NaN,
          gold == null ? first : gold(rated.sample(), position));
      position++;
    }

    private Sample cut(Sample sample) {
      String text = sample.response();
      return truncate > 0 && text.codePointCount(0, text.length()) > truncate
          ? sample.withResponse(text.substring(0, text.offsetByCodePoints(0, truncate)))
          : sample;
    }

    private void pair(Example.Pair pair) {
      Preference preference = pair.preference();
      if (cut(preference.chosenSample()).equals(cut(preference.rejectedSample()))) {
        same[0]++;
        return;
      }
      boolean turned = pair.listed() == Example.Listed.REJECTED_FIRST;
      int one = add(turned ? preference.rejectedSample() : preference.chosenSample(), Double.NaN);
      int two = add(turned ? preference.chosenSample() : preference.rejectedSample(), Double.NaN);
      List<Integer> votes = new ArrayList<>();
      row.row()
          .columns()
          .forEach(
              (column, value) -> {
                if (ANNOTATOR.matcher(column).matches() && value instanceof Number vote) {
                  // 0 is a tie, 1 and 2 the responses as they are listed.
                  int listed = vote.intValue() == 1 ? 1 : vote.intValue() == 2 ? -1 : 0;
                  votes.add(turned ? -listed : listed);
                }
              });
      set.add(
          new AuditSet.Comparison(
              turned ? two : one,
              turned ? one : two,
              preference.probability(),
              preference.strength().orElse(strength(preference.probability())),
              votes));
    }

    /** A soft label is a strength: how far it is from a tie, 0 to 1. A plain one says nothing. */
    private static double strength(double probability) {
      return probability == 1 || probability == 0 ? Double.NaN : Math.abs(2 * probability - 1);
    }

    /**
     * In the row's own order, which the samples' ids end with; one best and all others alike are
     * right and wrong.
     */
    private void ranked(Example.Ranked ranked) {
      int n = ranked.samples().size();
      int[] index = new int[n];
      List<Integer> order =
          new ArrayList<>(java.util.stream.IntStream.range(0, n).boxed().toList());
      order.sort(java.util.Comparator.comparingInt(i -> listed(ranked.samples().get(i).id())));
      boolean oneOfMany =
          n >= 3
              && ranked.ranks().get(0) < ranked.ranks().get(1)
              && ranked.ranks().get(1).equals(ranked.ranks().get(n - 1));
      for (int i : order) {
        index[i] = add(ranked.samples().get(i), !oneOfMany ? Double.NaN : i == 0 ? 1 : 0);
      }
      if (oneOfMany) {
        set.addOneOfMany(index[0], java.util.Arrays.copyOfRange(index, 1, n));
        return;
      }
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
          if (ranked.ranks().get(i) < ranked.ranks().get(j)) {
            set.add(new AuditSet.Comparison(index[i], index[j]));
          }
        }
      }
    }

    private static int listed(String id) {
      String last = id.substring(id.lastIndexOf('/') + 1);
      return last.matches("\\d{1,9}") ? Integer.parseInt(last) : 0;
    }

    private double gold(Sample sample, int at) {
      String column = java.util.Objects.requireNonNull(gold);
      Object value = sample.columns().get(column);
      if (value == null) {
        value = row.row().at(column);
      }
      if (value instanceof List<?> list) {
        value = at < list.size() ? list.get(at) : null;
      }
      return ReadyScores.number(value);
    }
  }

  /**
   * Reads rows of which only the number of the right response is known, no texts: the audit then
   * goes by scores alone.
   *
   * @param right the index of the right response in every row, from 0; or the column that says it
   * @param responses how many each row has
   */
  public static Read oneOfMany(Path file, String right, int responses) {
    AuditSet set = new AuditSet();
    set.withoutTexts();
    long number = 0;
    try (Rows rows = Rows.open(file)) {
      while (rows.hasNext()) {
        number++;
        switch (rows.next()) {
          case BadRow bad -> throw new GoodhartException(bad.message());
          case Row row -> {
            Object id = row.at("id");
            String name = id == null ? Long.toString(number) : id.toString();
            int correct = correct(row, right, responses);
            int[] wrong = new int[responses - 1];
            int first = 0;
            for (int i = 0, w = 0; i < responses; i++) {
              double label = i == correct ? 1 : 0;
              int index =
                  set.add(
                      name,
                      new Sample(name + "/" + i, Prompt.NONE, "", null, Map.of()),
                      label,
                      label);
              if (i == correct) {
                first = index;
              } else {
                wrong[w++] = index;
              }
            }
            set.addOneOfMany(first, wrong);
          }
        }
      }
    }
    return new Read(set, Map.of(), number, 0, 0, 0, 0);
  }

  private static int correct(Row row, String right, int responses) {
    double index =
        right.matches("\\d{1,6}") ? Integer.parseInt(right) : ReadyScores.number(row.at(right));
    if (!(index >= 0 && index < responses && index == Math.rint(index))) {
      throw new GoodhartException(
          row.file()
              + ", line "
              + row.line()
              + ": --correct "
              + right
              + ": expected the index of one of "
              + responses
              + " responses, found "
              + (Double.isNaN(index) ? "none" : (long) index));
    }
    return (int) index;
  }
}
