package dev.goodhart.serve.live;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values as they come, in constant memory: mean and deviation of all of them, quantiles of a random
 * 256 (a reservoir: every value is as likely to be among them).
 */
final class Tally {
  private static final int KEPT = 256;

  private long count;
  private double mean;
  private double squares; // sum of squared deviations from the mean, by Welford's recursion
  private double[] kept = new double[16];
  private long random = 0x9E3779B97F4A7C15L; // quantiles for the eye: any stream will do

  void add(double value) {
    if (count < KEPT) {
      if (count == kept.length) kept = Arrays.copyOf(kept, 2 * kept.length);
      kept[(int) count] = value;
    } else {
      random ^= random << 13;
      random ^= random >>> 7;
      random ^= random << 17;
      long at = Long.remainderUnsigned(random, count + 1);
      if (at < KEPT) kept[(int) at] = value;
    }
    count++;
    double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }

  /** Null when there was none. */
  @Nullable Summary summary() {
    if (count == 0) return null;
    double[] sorted = Arrays.copyOf(kept, (int) Math.min(count, KEPT));
    Arrays.sort(sorted);
    double deviation = count < 2 ? 0 : Math.sqrt(squares / (count - 1));
    return new Summary(
        count,
        mean,
        deviation,
        quantile(sorted, 0.1),
        quantile(sorted, 0.5),
        quantile(sorted, 0.9));
  }

  /** Between the two values nearest to it; NaN where there are none. */
  static double quantile(double[] sorted, double q) {
    if (sorted.length == 0) return Double.NaN;
    double at = q * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
