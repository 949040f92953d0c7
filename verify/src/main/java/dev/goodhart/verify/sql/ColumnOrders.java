package dev.goodhart.verify.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The orders in which the columns of one result could be those of another: column by column the
 * same values as often. Of columns that are equal throughout only one order is tried.
 */
final class ColumnOrders {
  /** Beyond this the answer is not worth its time. */
  private static final int TRIED = 2_000;

  private static final int STEPS = 200_000;
  private static final int WIDEST = 100;

  /** More orders than can be tried: nobody knows. */
  static final class TooMany extends RuntimeException {}

  private final int width;
  private final boolean[][] fits;
  private final int[] twin;
  private int tried;
  private int steps;

  /**
   * @param sets whether it does not matter how often a value is there
   * @throws TooMany if the results are too wide to compare
   */
  ColumnOrders(TableMatch match, Table expected, Table actual, boolean sets) {
    this.width = expected.width();
    if (width > WIDEST) {
      throw new TooMany();
    }
    List<List<Row>> left = columns(expected);
    List<List<Row>> right = columns(actual);
    this.fits = new boolean[width][width];
    this.twin = new int[width];
    for (int j = 0; j < width; j++) {
      twin[j] = right.indexOf(right.get(j));
    }
    List<List<Row>> leftSorted = left.stream().map(c -> sorted(c, sets)).toList();
    List<List<Row>> rightSorted = right.stream().map(c -> sorted(c, sets)).toList();
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        // In one dimension the sorted values pair up if any do.
        fits[i][j] = match.lists(leftSorted.get(i), rightSorted.get(j));
      }
    }
  }

  private static List<Row> sorted(List<Row> column, boolean sets) {
    return (sets ? column.stream().distinct() : column.stream()).sorted().toList();
  }

  private static List<List<Row>> columns(Table table) {
    List<List<Row>> columns = new ArrayList<>();
    for (int i = 0; i < table.width(); i++) {
      int column = i;
      columns.add(table.rows().stream().map(row -> new Row(row.get(column))).toList());
    }
    return columns;
  }

  /**
   * Whether the actual rows pass in any order of their columns; {@code order[i]} is the actual
   * column in place i.
   */
  boolean any(Predicate<int[]> passes) {
    return place(0, new int[width], new boolean[width], passes);
  }

  private boolean place(int i, int[] order, boolean[] used, Predicate<int[]> passes) {
    if (++steps > STEPS) {
      throw new TooMany();
    }
    if (i == width) {
      if (++tried > TRIED) {
        throw new TooMany();
      }
      return passes.test(order);
    }
    boolean[] twins = new boolean[width];
    for (int j = 0; j < width; j++) {
      if (used[j] || !fits[i][j] || twins[twin[j]]) {
        continue;
      }
      twins[twin[j]] = true;
      used[j] = true;
      order[i] = j;
      if (place(i + 1, order, used, passes)) {
        return true;
      }
      used[j] = false;
    }
    return false;
  }
}
