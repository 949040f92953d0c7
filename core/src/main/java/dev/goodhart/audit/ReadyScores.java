package dev.goodhart.audit;

import static java.util.stream.Collectors.toSet;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.BadRow;
import dev.goodhart.data.Row;
import dev.goodhart.data.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Ready-made scores of a reward model in any framework, beside the data or in it. A row holds one
 * score a response, in the order in which the data lists them:
 *
 * <pre>{@code
 * {"id": 7, "scores": [1.2, -0.3]}                   one number a response
 * {"id": 7, "scores": [[0.9, 0.8], [0.9, 0.1]]}      a process model: one list of step scores a response
 * {"id": 7, "reward": 1.2}                           a row with a single response
 * {"id": "7/1", "reward": -0.3}                      a response by its own id
 * {"id": 7, "parts": {"chosen": 1.2, "rejected": 0}}  a pair as {@code goodhart score} writes it
 * }</pre>
 *
 * <p>Rows go by {@code id}; without ids they go by their order. A score that is null or no finite
 * number leaves its response unscored.
 */
public final class ReadyScores {
  private static final List<String> NAMES = List.of("scores", "rewards", "reward", "score");

  private final String name;

  /** By row id; by row number from 1 where the file has no ids. */
  private final Map<String, Object> byId = new LinkedHashMap<>();

  private final Map<String, Long> lines = new LinkedHashMap<>();
  private final String place;
  private boolean hasIds;

  private ReadyScores(String name, String place) {
    this.name = name;
    this.place = place;
  }

  /**
   * Reads a file of scores.
   *
   * @throws GoodhartException if it cannot be read, has no scores, or says one id twice
   */
  public static ReadyScores read(Path file) {
    String base =
        String.valueOf(file.getFileName())
            .replaceFirst("\\.(jsonl|json|csv|tsv|parquet)(\\.(gz|zst))?$", "");
    ReadyScores scores = new ReadyScores(base, file.toString());
    long number = 0;
    String column = null;
    try (Rows rows = Rows.open(file)) {
      while (rows.hasNext()) {
        number++;
        Row row =
            switch (rows.next()) {
              case Row good -> good;
              case BadRow bad -> throw new GoodhartException(bad.message());
            };
        if (column == null) {
          column = NAMES.stream().filter(row.columns()::containsKey).findFirst().orElse(null);
          scores.hasIds = row.columns().get("id") != null;
        }
        if (column == null || !row.columns().containsKey(column)) {
          throw new GoodhartException(
              row.file()
                  + ", line "
                  + row.line()
                  + ": no scores; expected "
                  + String.join(", ", NAMES)
                  + ", found "
                  + String.join(", ", row.columns().keySet()));
        }
        Object id = row.columns().get("id");
        if (scores.hasIds && id == null) {
          throw new GoodhartException(
              row.file() + ", line " + row.line() + ": no id, though the rows before have one");
        }
        String key = scores.hasIds ? String.valueOf(id) : Long.toString(number);
        if (scores.lines.putIfAbsent(key, row.line()) != null) {
          throw new GoodhartException(
              row.file()
                  + ", line "
                  + row.line()
                  + ": id '"
                  + key
                  + "' again, first on line "
                  + scores.lines.get(key));
        }
        Object value = row.columns().get(column);
        if (row.columns().get("parts") instanceof Map<?, ?> parts && parts.containsKey("chosen")) {
          value = parts;
        }
        if (value != null) {
          scores.byId.put(key, value);
        }
      }
    }
    return scores;
  }

  /**
   * Takes the scores from columns of the data itself.
   *
   * @param columns one that holds a number or a list; or one a response, in the order in which the
   *     data lists them
   */
  public static ReadyScores of(List<String> columns, AuditData.Read read, String file) {
    ReadyScores scores = new ReadyScores(String.join(",", columns), file);
    scores.hasIds = true;
    read.columns()
        .forEach(
            (row, values) -> {
              List<@Nullable Object> all = new ArrayList<>();
              columns.forEach(column -> all.add(values.get(column)));
              Object value = all.size() == 1 ? all.getFirst() : all;
              scores.lines.put(row, 0L);
              if (value != null) {
                scores.byId.put(row, value);
              }
            });
    return scores;
  }

  public String name() {
    return name;
  }

  /** How many scores the first row has. */
  public int width() {
    Object first = byId.values().stream().findFirst().orElse(0);
    return first instanceof List<?> list ? list.size() : 1;
  }

  /**
   * The scores of every response of a set; several {@link Scores} for a process model, one an
   * aggregate.
   *
   * @throws GoodhartException if a row has another number of scores than responses, or no row of
   *     the set has any
   */
  public List<Scores> of(AuditSet set, List<Aggregate> aggregates) {
    @Nullable Object[] raw = new @Nullable Object[set.size()];
    Set<Integer> chosen =
        set.comparisons().stream().map(AuditSet.Comparison::first).collect(toSet());
    int matched = 0;
    int position = 0;
    for (Map.Entry<String, List<Integer>> row : set.byRow().entrySet()) {
      position++;
      String key = hasIds ? row.getKey() : Integer.toString(position);
      matched += lines.containsKey(key) ? 1 : 0;
      Object value = byId.get(key);
      List<Integer> responses = row.getValue();
      if (value instanceof Map<?, ?> parts && responses.size() == 2) {
        boolean turned = chosen.contains(responses.get(1));
        raw[responses.get(turned ? 1 : 0)] = parts.get("chosen");
        raw[responses.get(turned ? 0 : 1)] = parts.get("rejected");
      } else if (value instanceof List<?> list && responses.size() > 1) {
        if (list.size() != responses.size()) {
          throw new GoodhartException(
              place
                  + ": id '"
                  + key
                  + "' has "
                  + list.size()
                  + " scores for "
                  + responses.size()
                  + " responses");
        }
        for (int i = 0; i < list.size(); i++) {
          raw[responses.get(i)] = list.get(i);
        }
      } else if (value != null && responses.size() > 1) {
        throw new GoodhartException(
            place
                + ": id '"
                + key
                + "' has one score for "
                + responses.size()
                + " responses; expected a list");
      } else if (value != null) {
        raw[responses.getFirst()] = value;
      }
      for (int response : responses) {
        String own = set.sample(response).id();
        if (!own.equals(key) && byId.containsKey(own)) {
          raw[response] = byId.get(own);
          matched++;
        }
      }
    }
    if (matched == 0) {
      throw new GoodhartException(
          place
              + ": no id of it is in the data; it begins with '"
              + lines.keySet().stream().findFirst().orElse("")
              + "', the data with '"
              + set.byRow().keySet().stream().findFirst().orElse("")
              + "'");
    }
    boolean steps = Arrays.stream(raw).anyMatch(value -> value instanceof List<?>);
    if (!steps) {
      return List.of(scores(name, raw, null));
    }
    return aggregates.stream().map(a -> scores(name + " (" + a.title() + ")", raw, a)).toList();
  }

  private static Scores scores(String name, @Nullable Object[] raw, @Nullable Aggregate aggregate) {
    double[] values = new double[raw.length];
    Map<String, Integer> unscored = new TreeMap<>();
    for (int i = 0; i < raw.length; i++) {
      values[i] = Double.NaN;
      String reason = null;
      if (raw[i] == null) {
        reason = "no score";
      } else if (aggregate != null && raw[i] instanceof List<?> list) {
        double[] steps = list.stream().mapToDouble(ReadyScores::number).toArray();
        if (steps.length == 0) {
          reason = "no step scores";
        } else if (Arrays.stream(steps).anyMatch(Double::isNaN)) {
          reason = "a step score is not a number";
        } else {
          values[i] = aggregate.of(steps);
          reason =
              Double.isNaN(values[i]) ? aggregate.title() + " needs step scores above 0" : null;
        }
      } else {
        values[i] = number(raw[i]);
        reason = Double.isNaN(values[i]) ? "not a number" : null;
      }
      if (reason != null) {
        unscored.merge(reason, 1, Integer::sum);
      }
    }
    double[] none = new double[raw.length];
    Arrays.fill(none, Double.NaN);
    return new Scores(name, values, none, new double[0][], unscored);
  }

  /** A finite number, also one in a text as CSV has it; NaN for anything else. */
  static double number(@Nullable Object value) {
    double number = Double.NaN;
    if (value instanceof Number n) {
      number = n.doubleValue();
    } else if (value instanceof String text) {
      try {
        number = Double.parseDouble(text.strip());
      } catch (NumberFormatException e) {
        // Not a number, which is what NaN says.
      }
    }
    return Double.isFinite(number) ? number : Double.NaN;
  }
}
