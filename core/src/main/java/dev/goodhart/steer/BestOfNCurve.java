package dev.goodhart.steer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What best-of-n would earn on average, for every n up to N, from one set of N scored responses:
 * the unbiased estimator over all subsets of size n. With the items sorted ascending by proxy
 * (1-based rank i),
 *
 * <pre>{@code E[gold of best-of-n] = sum_{i=n}^{N} C(i-1, n-1) / C(N, n) gold_(i)}</pre>
 *
 * Items that tie in the proxy share the weight of their ranks evenly. The weights come from a
 * recursion on ratios, because C(N, n) overflows long before N is interesting: with {@code w_N =
 * n/N}, {@code w_{i-1} = w_i (i-n)/(i-1)}.
 */
public final class BestOfNCurve {
  /** The weight of each 1-based rank i at index i-1; they sum to 1. */
  static double[] weights(int size, int n) {
    if (n < 1 || n > size) {
      throw new IllegalArgumentException("n must lie in [1, " + size + "], not " + n);
    }
    double[] weights = new double[size];
    double weight = (double) n / size;
    for (int i = size; i >= n; i--) {
      weights[i - 1] = weight;
      weight *= i == n ? 0 : (double) (i - n) / (i - 1);
    }
    return weights;
  }

  /**
   * @param proxy what the choice goes by, {@code [N]}
   * @param gold what the chosen one is worth, {@code [N]}; the proxy again for the proxy's own
   *     curve
   * @param ns each in [1, N]
   * @return the expected gold of best-of-n for each n of {@code ns}
   */
  public static double[] of(double[] proxy, double[] gold, int... ns) {
    if (proxy.length != gold.length) {
      throw new IllegalArgumentException(
          "proxy [" + proxy.length + "] and gold [" + gold.length + "] must match");
    }
    for (double value : proxy) {
      if (Double.isNaN(value)) {
        throw new IllegalArgumentException("a proxy that is NaN has no rank");
      }
    }
    int[] order =
        IntStream.range(0, proxy.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> proxy[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] sorted = new double[gold.length];
    for (int from = 0; from < order.length; ) {
      int to = from;
      double sum = 0;
      while (to < order.length && proxy[order[to]] == proxy[order[from]]) {
        sum += gold[order[to++]];
      }
      Arrays.fill(sorted, from, to, sum / (to - from));
      from = to;
    }
    double[] curve = new double[ns.length];
    for (int k = 0; k < ns.length; k++) {
      double[] weights = weights(gold.length, ns[k]);
      for (int i = 0; i < weights.length; i++) {
        curve[k] += weights[i] * sorted[i];
      }
    }
    return curve;
  }

  private BestOfNCurve() {}
}
