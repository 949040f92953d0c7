package dev.goodhart.lab.experiment;

/**
 * The optimum of KL-regularised policy optimisation, exactly: for utilities u and a weight g of the
 * divergence from the base policy, {@code max E[u] - g KL(pi || pi_0)} has the solution
 *
 * <pre>{@code pi(y) = pi_0(y) exp(u(y) / g) / Z}</pre>
 *
 * What a trainer would reach with all the time in the world, so that two utilities can be compared
 * at the same divergence without a trainer's accidents.
 */
final class ExactTilt {
  private ExactTilt() {}

  /**
   * The optimal policy.
   *
   * @param base probabilities of the base policy, {@code [responses]}
   * @param utilities of the same responses
   * @param strength 1/g, at least 0
   */
  static double[] of(double[] base, double[] utilities, double strength) {
    double most = Double.NEGATIVE_INFINITY;
    for (double utility : utilities) {
      most = Math.max(most, utility);
    }
    double[] policy = new double[base.length];
    double sum = 0;
    for (int y = 0; y < base.length; y++) {
      policy[y] = base[y] * Math.exp(strength * (utilities[y] - most));
      sum += policy[y];
    }
    for (int y = 0; y < base.length; y++) {
      policy[y] /= sum;
    }
    return policy;
  }

  /** {@code KL(policy || base)} in nats. */
  static double kl(double[] policy, double[] base) {
    double kl = 0;
    for (int y = 0; y < policy.length; y++) {
      kl += policy[y] > 0 ? policy[y] * Math.log(policy[y] / base[y]) : 0;
    }
    return kl;
  }

  /**
   * The optimal policies of several prompts under one g, chosen by bisection so that their mean
   * divergence is {@code kl}.
   *
   * @param bases the base policy of each prompt, {@code [prompts][responses]}
   * @throws IllegalArgumentException if no g moves the policies that far
   */
  static double[][] atKl(double[][] bases, double[][] utilities, double kl) {
    double low = 0;
    double high = 1;
    while (meanKl(bases, utilities, high) < kl) {
      low = high;
      high *= 2;
      if (high > 1e12) {
        throw new IllegalArgumentException("no tilt has a mean divergence of " + kl + " nats");
      }
    }
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      if (meanKl(bases, utilities, middle) < kl) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return all(bases, utilities, high);
  }

  /** What a policy earns on average. */
  static double mean(double[] policy, double[] rewards) {
    double mean = 0;
    for (int y = 0; y < policy.length; y++) {
      mean += policy[y] * rewards[y];
    }
    return mean;
  }

  private static double meanKl(double[][] bases, double[][] utilities, double strength) {
    double[][] policies = all(bases, utilities, strength);
    double sum = 0;
    for (int x = 0; x < policies.length; x++) {
      sum += kl(policies[x], bases[x]);
    }
    return sum / policies.length;
  }

  private static double[][] all(double[][] bases, double[][] utilities, double strength) {
    double[][] policies = new double[bases.length][];
    for (int x = 0; x < bases.length; x++) {
      policies[x] = of(bases[x], utilities[x], strength);
    }
    return policies;
  }
}
