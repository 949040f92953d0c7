package dev.goodhart.verify.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When two results are the same.
 *
 * <p>Values: NULL equals NULL, a whole number the real number of the same size, a text the same
 * text to the letter, a blob the same bytes; a number never equals a text. Where one of two numbers
 * has a fraction they may differ by the tolerance, absolutely or relative to the expected one.
 *
 * @param tolerance from 0 to below 1
 */
record TableMatch(double tolerance) {
  /** Up to here leftover rows are paired by a best matching, beyond by their order. */
  private static final int PAIRED = 200;

  /** Row by row. */
  boolean lists(List<Row> expected, List<Row> actual) {
    if (expected.size() != actual.size()) {
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!near(expected.get(i), actual.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Each row as often. */
  boolean multisets(List<Row> expected, List<Row> actual) {
    return expected.size() == actual.size() && common(expected, actual) == expected.size();
  }

  /** Each row at all. */
  boolean sets(List<Row> expected, List<Row> actual) {
    Set<Row> left = new HashSet<>(expected);
    Set<Row> right = new HashSet<>(actual);
    List<Row> missing = left.stream().filter(row -> !right.contains(row)).toList();
    List<Row> extra = right.stream().filter(row -> !left.contains(row)).toList();
    if (tolerance == 0 || (missing.size() + extra.size()) > 2 * PAIRED) {
      return missing.isEmpty() && extra.isEmpty();
    }
    return missing.stream().allMatch(m -> right.stream().anyMatch(r -> near(m, r)))
        && extra.stream().allMatch(e -> left.stream().anyMatch(l -> near(l, e)));
  }

  /** How many rows of the two can be paired: the size of their intersection as multisets. */
  int common(List<Row> expected, List<Row> actual) {
    Map<Row, Integer> counts = new HashMap<>();
    expected.forEach(row -> counts.merge(row, 1, Integer::sum));
    List<Row> extra = new ArrayList<>();
    int common = 0;
    for (Row row : actual) {
      Integer left = counts.get(row);
      if (left == null || left == 0) {
        extra.add(row);
      } else {
        counts.put(row, left - 1);
        common++;
      }
    }
    if (tolerance == 0 || extra.isEmpty() || common == expected.size()) {
      return common;
    }
    // Only rows that agree in all but their numbers can still be paired.
    Map<Row, List<Row>> missing = new TreeMap<>();
    counts.forEach(
        (row, count) -> {
          List<Row> group = missing.computeIfAbsent(numberless(row), key -> new ArrayList<>());
          for (int i = 0; i < count; i++) {
            group.add(row);
          }
        });
    Map<Row, List<Row>> extras = new TreeMap<>();
    extra.forEach(
        row -> extras.computeIfAbsent(numberless(row), key -> new ArrayList<>()).add(row));
    for (var group : missing.entrySet()) {
      List<Row> others = extras.get(group.getKey());
      if (others != null) {
        common += paired(group.getValue(), others);
      }
    }
    return common;
  }

  private static Row numberless(Row row) {
    @Nullable Object[] values = new @Nullable Object[row.width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i) instanceof Number ? (Object) 0L : row.get(i);
    }
    return new Row(values);
  }

  private int paired(List<Row> expected, List<Row> actual) {
    if (expected.size() > PAIRED || actual.size() > PAIRED) {
      return inOrder(expected, actual);
    }
    int[] partner = new int[actual.size()];
    Arrays.fill(partner, -1);
    int pairs = 0;
    for (int i = 0; i < expected.size(); i++) {
      pairs += augment(i, expected, actual, partner, new boolean[actual.size()]) ? 1 : 0;
    }
    return pairs;
  }

  /** One step of the best matching of a bipartite graph. */
  private boolean augment(
      int i, List<Row> expected, List<Row> actual, int[] partner, boolean[] tried) {
    for (int j = 0; j < tried.length; j++) {
      if (!tried[j] && near(expected.get(i), actual.get(j))) {
        tried[j] = true;
        if (partner[j] < 0 || augment(partner[j], expected, actual, partner, tried)) {
          partner[j] = i;
          return true;
        }
      }
    }
    return false;
  }

  private int inOrder(List<Row> expected, List<Row> actual) {
    List<Row> left = expected.stream().sorted().toList();
    List<Row> right = actual.stream().sorted().toList();
    int pairs = 0;
    for (int i = 0, j = 0; i < left.size() && j < right.size(); ) {
      if (near(left.get(i), right.get(j))) {
        pairs++;
        i++;
        j++;
      } else if (left.get(i).compareTo(right.get(j)) < 0) {
        i++;
      } else {
        j++;
      }
    }
    return pairs;
  }

  boolean near(Row expected, Row actual) {
    if (expected.width() != actual.width()) {
      return false;
    }
    for (int i = 0; i < expected.width(); i++) {
      if (!near(expected.get(i), actual.get(i))) {
        return false;
      }
    }
    return true;
  }

  boolean near(@Nullable Object expected, @Nullable Object actual) {
    if (Row.compare(expected, actual) == 0) {
      return true;
    }
    if (expected instanceof Number x
        && actual instanceof Number y
        && (x instanceof Double || y instanceof Double)) {
      double e = x.doubleValue();
      double a = y.doubleValue();
      return Double.isFinite(e)
          && Double.isFinite(a)
          && Math.abs(e - a) <= tolerance * Math.max(1, Math.abs(e));
    }
    return false;
  }
}
