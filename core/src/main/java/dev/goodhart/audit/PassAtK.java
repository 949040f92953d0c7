package dev.goodhart.audit;

/**
 * How likely it is that at least one of k responses is right: what a policy can do when it may try
 * k times.
 *
 * <pre>{@code
 * pass@k = 1 - (1 - p)^k                     p the probability of a right response
 *        ~ 1 - C(n - c, k) / C(n, k)         c right ones among n responses, k <= n: unbiased
 * }</pre>
 *
 * <p>Putting {@code c / n} into the first is biased: for {@code k > 1} it is too low on average.
 * Source of the estimate: arXiv 2107.03374.
 */
public final class PassAtK {
  private PassAtK() {}

  /**
   * From the probability of a right response.
   *
   * @param correct in [0, 1]
   * @param k at least 1
   */
  public static double of(double correct, long k) {
    probability(correct);
    if (k < 1) throw new IllegalArgumentException("k must be at least 1, not " + k);
    return -Math.expm1(k * Math.log1p(-correct)); // 1 - (1 - p)^k would lose p below 1e-16
  }

  /**
   * From responses, without bias.
   *
   * @param responses n, at least k
   * @param correct how many of them are right
   * @param k at least 1
   */
  public static double of(long responses, long correct, long k) {
    if (k < 1 || k > responses) {
      throw new IllegalArgumentException("k must lie in [1, " + responses + "], not " + k);
    }
    if (correct < 0 || correct > responses) {
      throw new IllegalArgumentException(
          "correct must lie in [0, " + responses + "], not " + correct);
    }
    return -Math.expm1(logMissed(responses, correct, k));
  }

  /** log C(n - c, k) / C(n, k): that k of n responses, drawn without replacement, miss all c. */
  static double logMissed(long n, long c, long k) {
    if (n - c < k) return Double.NEGATIVE_INFINITY;
    // The product over the c right ones or, the same number, over the k draws: the shorter one.
    double log = 0;
    for (long i = 0; i < Math.min(c, k); i++) {
      log += Math.log1p(-(double) Math.max(c, k) / (n - i));
    }
    return log;
  }

  static void probability(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("a probability must lie in [0, 1], not " + p);
    }
  }
}
