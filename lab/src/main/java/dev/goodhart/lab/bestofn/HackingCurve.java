package dev.goodhart.lab.bestofn;

import dev.goodhart.steer.BestOfN;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How much gold best-of-n earns by one way of scoring, for growing n, on several prompts; and where
 * it stops to grow.
 *
 * @param name of the way of scoring
 * @param ns the n of each column, ascending
 * @param gold expected gold of the chosen response, {@code [prompt][n]}
 * @param words its expected length
 * @param proxy its expected score by what it was chosen by
 */
@SuppressWarnings("ArrayRecordComponent") // a table in a hot path, of the lab alone
public record HackingCurve(
    String name, int[] ns, double[][] gold, double[][] words, double[][] proxy) {
  private static final int RESAMPLES = 2000;

  /**
   * A mean over prompts with its standard error.
   *
   * @param standardError NaN for fewer than two prompts
   */
  public record Mean(double value, double standardError) {
    static Mean of(double[] values) {
      double mean = Arrays.stream(values).sum() / values.length;
      double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      return new Mean(mean, Math.sqrt(squares / (values.length - 1) / values.length));
    }

    /** Whether it is more than two standard errors above 0. */
    public boolean above() {
      return value > 2 * standardError;
    }

    public boolean below() {
      return value < -2 * standardError;
    }
  }

  /**
   * Where gold peaks.
   *
   * @param n of the highest mean over prompts
   * @param low the 5 % quantile of that n when prompts are resampled
   * @param high its 95 % quantile
   * @param gold the mean there
   */
  public record Peak(int n, int low, int high, double gold) {
    public double kl() {
      return BestOfN.kl(n);
    }
  }

  /** Mean gold at each n. */
  public Mean[] means() {
    return means(gold);
  }

  /** Mean words at each n. */
  public Mean[] meanWords() {
    return means(words);
  }

  /** Mean score at each n. */
  public Mean[] meanProxies() {
    return means(proxy);
  }

  private Mean[] means(double[][] values) {
    Mean[] means = new Mean[ns.length];
    Arrays.setAll(means, i -> Mean.of(column(values, i)));
    return means;
  }

  public Peak peak(SplittableRandom random) {
    int[] peaks = new int[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      double[] sums = new double[ns.length];
      for (int p = 0; p < gold.length; p++) {
        add(sums, gold[random.nextInt(gold.length)], 1);
      }
      peaks[r] = ns[argmax(sums)];
    }
    Arrays.sort(peaks);
    double[] sums = sums();
    int best = argmax(sums);
    return new Peak(
        ns[best],
        peaks[RESAMPLES / 20],
        peaks[RESAMPLES - 1 - RESAMPLES / 20],
        sums[best] / gold.length);
  }

  /**
   * How far gold falls from its peak to the largest n. The highest of several noisy means lies too
   * high, so each prompt is judged at the n at which the others peak: without a true fall the mean
   * is not above 0.
   */
  public Mean fall() {
    double[] falls = new double[gold.length];
    double[] sums = sums();
    for (int p = 0; p < gold.length; p++) {
      double[] others = sums.clone();
      add(others, gold[p], -1);
      falls[p] = gold[p][argmax(others)] - gold[p][ns.length - 1];
    }
    return Mean.of(falls);
  }

  /** The last of the n. */
  public int most() {
    return ns[ns.length - 1];
  }

  /** How much more gold this earns than another at the largest n, paired by prompt. */
  public Mean over(HackingCurve other) {
    double[] differences = new double[gold.length];
    Arrays.setAll(differences, p -> gold[p][ns.length - 1] - other.gold[p][ns.length - 1]);
    return Mean.of(differences);
  }

  private double[] sums() {
    double[] sums = new double[ns.length];
    for (double[] prompt : gold) {
      add(sums, prompt, 1);
    }
    return sums;
  }

  private static double[] column(double[][] values, int i) {
    return Arrays.stream(values).mapToDouble(row -> row[i]).toArray();
  }

  private static void add(double[] sums, double[] values, double sign) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += sign * values[i];
    }
  }

  private static int argmax(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
