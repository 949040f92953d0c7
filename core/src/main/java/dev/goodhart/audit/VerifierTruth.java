package dev.goodhart.audit;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Responses of which it is known whether they are right: what a verifier is held against.
 *
 * @param read the responses
 * @param right 1 for a right response, 0 for a wrong one, NaN where the data does not say
 * @param by what the responses are told apart by, in words
 * @param group of each response
 */
public record VerifierTruth(AuditData.Read read, double[] right, String by, List<String> group) {
  public VerifierTruth {
    group = List.copyOf(group);
  }

  /**
   * Reads a data set with a column that says what is right: true and false, 1 and 0, or these as
   * texts; for a row with several responses a list.
   *
   * @param by a column to tell the responses apart by; null for the shape of the true answer
   * @param keep the rows to use
   * @throws GoodhartException if a column is not there or says something else
   */
  public static VerifierTruth read(
      Dataset data, String truth, @Nullable String by, Predicate<Entry.Good> keep) {
    List<String> wanted = by == null ? List.of(truth) : List.of(truth, by);
    Map<String, String> present = data.recognition().columns();
    for (String column : wanted) {
      if (!present.containsKey(column)) {
        throw new GoodhartException(
            data.file()
                + ": no column '"
                + column
                + "'; the columns are "
                + String.join(", ", present.keySet()));
      }
    }
    AuditData.Read read = new AuditData(null, wanted, 0, keep).read(data);
    AuditSet set = read.set();
    double[] right = new double[set.size()];
    List<String> group = new ArrayList<>();
    for (List<Integer> row : set.byRow().values()) {
      for (int i = 0; i < row.size(); i++) {
        int sample = row.get(i);
        Map<String, @Nullable Object> columns =
            read.columns().getOrDefault(set.row(sample), Map.of());
        Object said = columns.get(truth);
        if (said instanceof List<?> list) {
          said = i < list.size() ? list.get(i) : null;
        }
        right[sample] = number(said, data, set.row(sample), truth);
      }
    }
    for (int sample = 0; sample < right.length; sample++) {
      if (by == null) {
        group.add(AnswerShape.of(set.sample(sample).reference()).title());
      } else {
        Object value = read.columns().getOrDefault(set.row(sample), Map.of()).get(by);
        String text = value == null ? "none" : value.toString();
        group.add(text.length() <= 60 ? text : text.substring(0, 59) + "…");
      }
    }
    return new VerifierTruth(read, right, by == null ? "shape of the true answer" : by, group);
  }

  private static double number(@Nullable Object said, Dataset data, String row, String column) {
    return switch (said) {
      case null -> Double.NaN;
      case Boolean truth -> truth ? 1 : 0;
      case Number number when number.doubleValue() == 1 -> 1;
      case Number number when number.doubleValue() == 0 -> 0;
      case String text when text.strip().matches("(?i)true|1|1\\.0") -> 1;
      case String text when text.strip().matches("(?i)false|0|0\\.0") -> 0;
      case String text when text.isBlank() -> Double.NaN;
      default ->
          throw new GoodhartException(
              data.file()
                  + ", row "
                  + row
                  + ": --truth "
                  + column
                  + ": expected true or false, 1 or 0, found "
                  + shown(said));
    };
  }

  private static String shown(Object said) {
    String text = said.toString();
    return text.length() <= 40 ? text : text.substring(0, 39) + "…";
  }

  boolean isKnown(int sample) {
    return !Double.isNaN(right[sample]);
  }
}
