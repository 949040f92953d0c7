package dev.goodhart.audit;

import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Intervals by the bias-corrected percentile bootstrap over clusters. Pairs that share a prompt
 * stand and fall together, so whole prompts are drawn, with replacement, as many as there are; the
 * statistic is computed on the items of the drawn prompts. With p the share of its values below the
 * estimate (a tie is half below) and {@code z = Phi^-1(p)}, the interval goes from the value at
 * {@code Phi(2 z + Phi^-1(tail))} to that at {@code Phi(2 z - Phi^-1(tail))}: the middle of the
 * values for a mean, whose p is one half, and lower ones for a calibration error, which grows when
 * items are drawn twice.
 *
 * <p>The r-th replicate draws the same prompts whatever is computed from them, in whatever order
 * the threads run: the same seed gives the same interval, and a difference of two statistics must
 * be computed inside one call to be paired.
 *
 * @param replicates how often the data is redrawn
 * @param level the interval's coverage, 0.95 say
 */
public record Bootstrap(int replicates, double level, long seed) {
  private static final NormalDistribution NORMAL = new NormalDistribution();

  /** A figure computed from some of the items. */
  @FunctionalInterface
  public interface Statistic {
    /**
     * @param items indices, with repetitions, in no particular order; at least one
     * @return NaN where the statistic is not defined on these items
     */
    double of(int[] items);
  }

  /** Several figures computed at once from the same items. */
  @FunctionalInterface
  public interface Curve {
    double[] of(int[] items);
  }

  /** Enough for two digits of a 95 % interval. */
  public static Bootstrap of(long seed) {
    return new Bootstrap(2000, 0.95, seed);
  }

  public Bootstrap {
    if (replicates < 1) {
      throw new IllegalArgumentException("replicates must be at least 1, not " + replicates);
    }
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level must lie between 0 and 1, not " + level);
    }
  }

  /**
   * @param cluster of each item, any numbers; items are 0 to {@code cluster.length - 1}
   */
  public Interval of(int[] cluster, Statistic statistic) {
    return curve(cluster, items -> new double[] {statistic.of(items)}).getFirst();
  }

  /** The mean of a value over the items; those that are NaN are left out. */
  public Interval mean(int[] cluster, double[] values) {
    return of(cluster, items -> mean(values, items));
  }

  /** The same of some of the items only: the statistic still gets their own indices. */
  public Interval of(int[] some, int[] cluster, Statistic statistic) {
    return of(
        Arrays.stream(some).map(i -> cluster[i]).toArray(),
        items -> statistic.of(Arrays.stream(items).map(i -> some[i]).toArray()));
  }

  /**
   * The share of hits: the mean of values in [0, 1], those that are NaN left out. Where every one
   * of them is 0, or every one 1, redrawing shows no uncertainty at all; the exact binomial bound
   * for as many prompts stands in: with n of them, all hits, the low end is {@code tail^(1/n)}.
   */
  public Interval share(int[] cluster, double[] values) {
    return share(IntStream.range(0, values.length).toArray(), cluster, values);
  }

  /** The share of hits among some of the items. */
  public Interval share(int[] some, int[] cluster, double[] values) {
    int[] known = Arrays.stream(some).filter(i -> !Double.isNaN(values[i])).toArray();
    Interval interval = of(known, cluster, items -> mean(values, items));
    if (!interval.isBounded() || (interval.estimate() != 0 && interval.estimate() != 1)) {
      return interval;
    }
    long clusters = Arrays.stream(known).map(i -> cluster[i]).distinct().count();
    double bound = Math.pow((1 - level) / 2, 1.0 / clusters);
    return interval.estimate() == 1 ? new Interval(1, bound, 1) : new Interval(0, 0, 1 - bound);
  }

  /**
   * One interval a point of a curve. Replicates in which a point is not defined are left out for
   * that point; with fewer than two clusters, or when most replicates are undefined, there is an
   * estimate but no interval.
   */
  public List<Interval> curve(int[] cluster, Curve curve) {
    if (cluster.length == 0) {
      return List.of(Interval.NONE);
    }
    int[][] members = members(cluster);
    double[] estimates = curve.of(IntStream.range(0, cluster.length).toArray());
    double[][] drawn = new double[members.length < 2 ? 0 : replicates][];
    Seeds seeds = new Seeds(seed);
    IntStream.range(0, drawn.length)
        .parallel()
        .forEach(r -> drawn[r] = curve.of(draw(members, seeds.of("bootstrap", r))));
    List<Interval> intervals = new ArrayList<>();
    for (int k = 0; k < estimates.length; k++) {
      int point = k;
      double[] values =
          Arrays.stream(drawn)
              .mapToDouble(d -> d[point])
              .filter(Double::isFinite)
              .sorted()
              .toArray();
      if (!Double.isFinite(estimates[k]) || values.length * 2 < replicates) {
        intervals.add(Interval.exactly(estimates[k]));
      } else {
        intervals.add(interval(estimates[k], values));
      }
    }
    return intervals;
  }

  private Interval interval(double estimate, double[] sorted) {
    double below = 0;
    for (double value : sorted) {
      below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
    }
    double edge = 0.5 / sorted.length;
    double shift =
        2 * NORMAL.inverseCumulativeProbability(Math.clamp(below / sorted.length, edge, 1 - edge));
    double tail = NORMAL.inverseCumulativeProbability((1 - level) / 2);
    return new Interval(
        estimate,
        quantile(sorted, NORMAL.cumulativeProbability(shift + tail)),
        quantile(sorted, NORMAL.cumulativeProbability(shift - tail)));
  }

  /** The mean over some items; NaN values are left out, and NaN is the mean of none. */
  static double mean(double[] values, int[] items) {
    double sum = 0;
    int count = 0;
    for (int item : items) {
      if (!Double.isNaN(values[item])) {
        sum += values[item];
        count++;
      }
    }
    return sum / count;
  }

  /** The items of each cluster, clusters in the order of their first item. */
  private static int[][] members(int[] cluster) {
    var byCluster = new java.util.LinkedHashMap<Integer, IntStream.Builder>();
    for (int i = 0; i < cluster.length; i++) {
      byCluster.computeIfAbsent(cluster[i], c -> IntStream.builder()).add(i);
    }
    return byCluster.values().stream().map(b -> b.build().toArray()).toArray(int[][]::new);
  }

  private static int[] draw(int[][] members, SplittableRandom random) {
    int[] counts = new int[members.length];
    int size = 0;
    for (int i = 0; i < members.length; i++) {
      int chosen = random.nextInt(members.length);
      counts[chosen]++;
      size += members[chosen].length;
    }
    int[] items = new int[size];
    int at = 0;
    for (int c = 0; c < counts.length; c++) {
      for (int k = 0; k < counts[c]; k++) {
        System.arraycopy(members[c], 0, items, at, members[c].length);
        at += members[c].length;
      }
    }
    return items;
  }

  /** With linear interpolation between the two nearest of n sorted values. */
  static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
