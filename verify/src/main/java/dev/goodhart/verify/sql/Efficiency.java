package dev.goodhart.verify.sql;

import java.util.Arrays;

/**
 * BIRD's efficiency score of one right query: the root of the mean ratio of the reference's time to
 * the query's, over repeated runs of both in turn, without the ratios that lie three standard
 * deviations or more from their mean.
 *
 * <p>{@code sqrt(mean over i of t_reference,i / t_query,i)}
 *
 * <p>It is a measured time: noisy for queries of less than a millisecond, and another one on
 * another machine or day.
 */
final class Efficiency {
  private Efficiency() {}

  /**
   * @param ratios of the reference's time to the query's; at least one
   */
  static double of(double[] ratios) {
    double mean = Arrays.stream(ratios).average().orElseThrow();
    double deviation =
        Math.sqrt(Arrays.stream(ratios).map(r -> (r - mean) * (r - mean)).average().orElseThrow());
    // All the same: nothing lies strictly within zero of the mean.
    double kept =
        Arrays.stream(ratios)
            .filter(r -> Math.abs(r - mean) < 3 * deviation)
            .average()
            .orElse(mean);
    return Math.sqrt(kept);
  }
}
