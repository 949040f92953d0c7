package dev.goodhart.verify.math;

import java.util.function.IntToDoubleFunction;

/**
 * Infinite sums by Richardson's extrapolation of the partial sums with 8, 16, … 4,096 terms, whose
 * errors go with powers of 1/N when the terms do. The error is judged from the last column.
 */
final class InfiniteSum {
  private static final int ROWS = 10;
  private static final int FIRST = 8;

  /**
   * The sum of {@code term(from), term(from + 1), …}, with an error bound; {@link Complex#NONE}
   * when it does not settle.
   */
  static Complex of(IntToDoubleFunction term, int from) {
    double[] row = new double[ROWS];
    double sum = 0;
    int k = 0;
    double best = 0;
    double change = Double.POSITIVE_INFINITY;
    for (int r = 0; r < ROWS; r++) {
      for (; k < FIRST << r; k++) {
        sum += term.applyAsDouble(from + k);
      }
      double previous = sum;
      for (int c = 0; c <= r; c++) {
        double old = c < r ? row[c] : 0;
        row[c] = previous;
        previous += c < r ? (previous - old) / ((1 << (c + 1)) - 1) : 0;
        if (c > 0 && r > 3) {
          double d = Math.abs(row[c] - row[c - 1]);
          if (d < change) {
            change = d;
            best = row[c];
          }
        }
      }
    }
    double size = Math.max(Math.abs(best), 1e-3);
    return change <= 1e-9 * size && Double.isFinite(best)
        ? new Complex(best, 0, 10 * change + 1e-10 * size, false)
        : Complex.NONE;
  }

  private InfiniteSum() {}
}
