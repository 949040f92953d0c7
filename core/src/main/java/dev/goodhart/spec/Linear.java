package dev.goodhart.spec;

import dev.goodhart.Default;
import dev.goodhart.Method;

/**
 * From one number to another in a straight line.
 *
 * <pre>{@code
 * from + (to - from) min(1, max(0, (step - start) / steps))
 * }</pre>
 *
 * @param from until {@code start}
 * @param to from {@code start + steps} on
 * @param steps how long the way is, at least 1
 * @param start the step at which it sets out, at least 0
 */
@Method
public record Linear(double from, double to, long steps, @Default("0") long start)
    implements Schedule {
  public Linear {
    check(from, to, steps, start);
  }

  @Override
  public double at(long step) {
    double share = share(step, steps, start);
    return from * (1 - share) + to * share;
  }

  @Override
  public long[] turns() {
    return new long[] {start, start + steps};
  }

  /** How much of the way is behind, in [0, 1]. */
  static double share(long step, long steps, long start) {
    return Math.clamp((step - start) / (double) steps, 0, 1);
  }

  static void check(double from, double to, long steps, long start) {
    for (double end : new double[] {from, to}) {
      if (!Double.isFinite(end)) {
        throw new IllegalArgumentException("from and to must be finite, not " + end);
      }
    }
    if (steps < 1 || steps > Long.MAX_VALUE / 4) {
      throw new IllegalArgumentException("steps must be at least 1, not " + steps);
    }
    if (start < 0 || start > Long.MAX_VALUE / 4) {
      throw new IllegalArgumentException("start must be at least 0, not " + start);
    }
  }
}
