package dev.goodhart.verify.sql;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A row of values: null, {@link Long}, {@link Double}, {@link String} or {@code byte[]}. A real
 * number without a fraction is the whole number that it equals, as in SQLite. Ordered, so that a
 * hash table of rows that were made to collide stays fast.
 */
final class Row implements Comparable<Row> {
  private static final double WHOLE = 1L << 53;
  private final @Nullable Object[] values;
  private final int hash;

  Row(@Nullable Object... values) {
    this.values = values;
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Double d && d == Math.rint(d) && Math.abs(d) <= WHOLE) {
        values[i] = d.longValue();
      }
    }
    this.hash = Arrays.deepHashCode(values);
  }

  int width() {
    return values.length;
  }

  @Nullable Object get(int column) {
    return values[column];
  }

  /** Its values in another order of columns. */
  Row permuted(int[] order) {
    @Nullable Object[] other = new @Nullable Object[order.length];
    for (int i = 0; i < order.length; i++) {
      other[i] = values[order[i]];
    }
    return new Row(other);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Row row && hash == row.hash && compareTo(row) == 0;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public int compareTo(Row other) {
    int width = Integer.compare(values.length, other.values.length);
    for (int i = 0; width == 0 && i < values.length; i++) {
      width = compare(values[i], other.values[i]);
    }
    return width;
  }

  /** NULL, then numbers, texts and blobs, as SQLite orders them. */
  static int compare(@Nullable Object a, @Nullable Object b) {
    int kind = Integer.compare(kind(a), kind(b));
    if (kind != 0) {
      return kind;
    }
    return switch (a) {
      case null -> 0;
      case Long x when b instanceof Long y -> Long.compare(x, y);
      case Number x when b instanceof Number y -> {
        int order = Double.compare(x.doubleValue(), y.doubleValue());
        yield order != 0 ? order : Boolean.compare(x instanceof Double, y instanceof Double);
      }
      case String x when b instanceof String y -> x.compareTo(y);
      case byte[] x when b instanceof byte[] y -> Arrays.compareUnsigned(x, y);
      default -> throw new IllegalArgumentException("no value of SQLite: " + a.getClass());
    };
  }

  private static int kind(@Nullable Object value) {
    return switch (value) {
      case null -> 0;
      case Number _ -> 1;
      case String _ -> 2;
      default -> 3;
    };
  }

  @Override
  public String toString() {
    return Arrays.deepToString(values);
  }
}
