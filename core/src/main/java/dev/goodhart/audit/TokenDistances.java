package dev.goodhart.audit;

import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the tokens of a step are from those of the run's first steps, with the measure of what
 * chance makes of it: each of the first steps against the others of them.
 *
 * <p>The distance is the divergence of Jensen and Shannon in bits, 0 for the same frequencies and 1
 * for texts that share no token:
 *
 * <pre>{@code
 * JS(p, q) = H((p + q)/2) - H(p)/2 - H(q)/2
 * }</pre>
 */
final class TokenDistances {
  private static final int TABLE = 1 << 12;

  private final int baseline;
  private final int run;
  private final List<int[]> first = new ArrayList<>();
  private final long[] pooled = new long[TABLE];

  /**
   * @param run how many tokens are taken as one: 1 for words, 2 for pairs of them
   */
  TokenDistances(int baseline, int run) {
    this.baseline = baseline;
    this.run = run;
  }

  /**
   * Adds a step.
   *
   * @return nothing for the first steps until they are complete, then the distance of each of them
   *     to the others, and from then on each step's distance to them all. NaN stands for a step
   *     without tokens
   */
  double[] add(List<Sample> samples) {
    int[] step = TokenCounts.of(samples, run, TABLE);
    if (first.size() >= baseline) {
      return new double[] {distance(step, pooled)};
    }
    if (TokenCounts.sum(step) == 0) return new double[0];
    first.add(step);
    for (int i = 0; i < TABLE; i++) pooled[i] += step[i];
    if (first.size() < baseline) return new double[0];
    double[] among = new double[baseline];
    for (int s = 0; s < baseline; s++) {
      long[] others = pooled.clone();
      for (int i = 0; i < TABLE; i++) others[i] -= first.get(s)[i];
      among[s] = distance(first.get(s), others);
    }
    first.replaceAll(counts -> new int[0]); // only how many there were is needed from now on
    return among;
  }

  static double distance(int[] some, long[] others) {
    double n = TokenCounts.sum(some);
    double m = 0;
    for (long count : others) m += count;
    if (n == 0 || m == 0) return Double.NaN;
    double distance = 0;
    for (int i = 0; i < some.length; i++) {
      double p = some[i] / n;
      double q = others[i] / m;
      double mean = (p + q) / 2;
      if (p > 0) distance += p / 2 * Math.log(p / mean);
      if (q > 0) distance += q / 2 * Math.log(q / mean);
    }
    return Math.max(0, distance / Math.log(2));
  }
}
