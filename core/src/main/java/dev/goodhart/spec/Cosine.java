package dev.goodhart.spec;

import dev.goodhart.Default;
import dev.goodhart.Method;

/**
 * From one number to another along half a cosine: slowly at both ends, fastest in the middle.
 *
 * <pre>{@code
 * from + (to - from) (1 - cos(pi s)) / 2,   s = min(1, max(0, (step - start) / steps))
 * }</pre>
 *
 * @param from until {@code start}
 * @param to from {@code start + steps} on
 * @param steps how long the way is, at least 1
 * @param start the step at which it sets out, at least 0
 */
@Method
public record Cosine(double from, double to, long steps, @Default("0") long start)
    implements Schedule {
  public Cosine {
    Linear.check(from, to, steps, start);
  }

  @Override
  public double at(long step) {
    double share = (1 - Math.cos(Math.PI * Linear.share(step, steps, start))) / 2;
    return from * (1 - share) + to * share;
  }

  @Override
  public long[] turns() {
    return new long[] {start, start + steps};
  }
}
