package dev.goodhart.data.inspect;

import dev.goodhart.report.Figure;

/**
 * How many of how many, with Wilson's 95 % interval for the share behind it:
 *
 * <pre>{@code (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n),  z = 1.96}</pre>
 *
 * It is sound for few cases and for shares near 0 and 1.
 *
 * @param count how many; a half stands for a tie
 * @param of how many there were
 * @param n how many independent ones they are worth
 */
record Share(double count, long of, double n) {
  private static final double Z = 1.959963984540054;

  /** All independent. */
  Share(double count, long of) {
    this(count, of, (double) of);
  }

  double value() {
    return count / of;
  }

  double low() {
    return Math.max(0, (middle() - half()) / (1 + Z * Z / n));
  }

  double high() {
    return Math.min(1, (middle() + half()) / (1 + Z * Z / n));
  }

  private double middle() {
    return value() + Z * Z / (2 * n);
  }

  private double half() {
    double p = value();
    return Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
  }

  /** {@code 83.1 % [82.0, 84.1] of 4,321}. */
  String text() {
    return of == 0
        ? Figure.NONE
        : Figure.percent(value())
            + " ["
            + Figure.fixed(100 * low(), 1)
            + ", "
            + Figure.fixed(100 * high(), 1)
            + "] of "
            + Figure.count(of);
  }
}
