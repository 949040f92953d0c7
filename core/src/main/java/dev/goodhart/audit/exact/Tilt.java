package dev.goodhart.audit.exact;

/**
 * The optimum of KL-regularised policy optimisation, exactly. For utilities u and a weight beta of
 * the divergence from the base policy, {@code max E_pi[u] - beta KL(pi || pi_0)} has the solution
 *
 * <pre>{@code
 * pi(y)   = pi_0(y) exp(lambda u(y)) / Z(lambda),     lambda = 1/beta
 * value   = beta log Z
 * E_pi[u] = d log Z / d lambda                        never falls in lambda
 * KL      = lambda E_pi[u] - log Z                    never falls in lambda
 * }</pre>
 *
 * <p>What a trainer would reach with all the time in the world, so that two rewards can be compared
 * at the same divergence without a trainer's accidents. Of all policies at most that far from the
 * base, none earns more.
 */
public final class Tilt {
  private static final double STRONGEST = 1e12;

  /**
   * The optimal policy.
   *
   * @param base probabilities of the base policy, {@code [responses]}
   * @param utilities of the same responses
   * @param strength lambda = 1/beta, at least 0
   */
  public static double[] of(double[] base, double[] utilities, double strength) {
    return Softmax.of(logits(base, utilities, strength));
  }

  /** The optimal policies of several prompts, {@code [prompts][responses]}. */
  public static double[][] of(double[][] bases, double[][] utilities, double strength) {
    double[][] policies = new double[bases.length][];
    for (int x = 0; x < bases.length; x++) {
      policies[x] = of(bases[x], utilities[x], strength);
    }
    return policies;
  }

  /** {@code log Z(strength) = log E_base exp(strength u)}, the cumulant function of u. */
  public static double logPartition(double[] base, double[] utilities, double strength) {
    return Softmax.logSumExp(logits(base, utilities, strength));
  }

  /**
   * The optimal policy at a divergence.
   *
   * @param kl nats, at least 0
   * @throws IllegalArgumentException if no tilt is that far: the limit is minus the log of the
   *     base's probability of the best responses
   */
  public static double[] atKl(double[] base, double[] utilities, double kl) {
    return of(base, utilities, strengthAt(base, utilities, kl));
  }

  /**
   * The optimal policies of several prompts under one strength, chosen so that their mean
   * divergence is {@code kl}.
   *
   * @param bases the base policy of each prompt, {@code [prompts][responses]}
   * @throws IllegalArgumentException if no strength moves the policies that far
   */
  public static double[][] atKl(double[][] bases, double[][] utilities, double kl) {
    return of(bases, utilities, strengthAt(bases, utilities, kl));
  }

  /** The strength 1/beta at which the optimum has that divergence. */
  public static double strengthAt(double[] base, double[] utilities, double kl) {
    return strengthAt(new double[][] {base}, new double[][] {utilities}, kl);
  }

  /** The strength 1/beta at which the optima have that mean divergence. */
  public static double strengthAt(double[][] bases, double[][] utilities, double kl) {
    if (!(kl >= 0)) {
      throw new IllegalArgumentException("a divergence must be at least 0 nats, not " + kl);
    }
    if (kl == 0) {
      return 0;
    }
    double low = 0;
    double high = 1;
    while (Divergence.kl(of(bases, utilities, high), bases) < kl) {
      low = high;
      high *= 2;
      if (high > STRONGEST) {
        throw new IllegalArgumentException("no tilt has a mean divergence of " + kl + " nats");
      }
    }
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      if (Divergence.kl(of(bases, utilities, middle), bases) < kl) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** What a policy earns on average, {@code E_pi[u]}. */
  public static double mean(double[] policy, double[] utilities) {
    Tables.match("policy", policy, "utilities", utilities);
    return Tables.dot(policy, utilities);
  }

  /** The KL-regularised value of any policy, {@code E_pi[u] - beta KL(pi || base)}. */
  public static double value(double[] policy, double[] base, double[] utilities, double beta) {
    double mean = mean(policy, utilities);
    return beta == 0 ? mean : mean - beta * Divergence.kl(policy, base);
  }

  /**
   * The derivative of {@link #value} by the policy's logits, exactly:
   *
   * <pre>{@code pi(y) (a(y) - E_pi[a]),   a = u - beta log(pi / base)}</pre>
   *
   * 0 at the tilt of strength 1/beta, and nowhere else inside the simplex for beta above 0.
   *
   * @param policy {@code [responses]}, with mass only where the base has some
   * @param beta at least 0
   */
  public static double[] gradient(double[] policy, double[] base, double[] utilities, double beta) {
    Tables.match("policy", policy, "base", base);
    Tables.match("policy", policy, "utilities", utilities);
    double[] advantages = utilities.clone();
    for (int y = 0; y < policy.length; y++) {
      advantages[y] -= policy[y] > 0 && beta != 0 ? beta * Math.log(policy[y] / base[y]) : 0;
    }
    return Softmax.gradient(policy, advantages);
  }

  private static double[] logits(double[] base, double[] utilities, double strength) {
    Tables.match("base", base, "utilities", utilities);
    Tables.finite("utilities", utilities);
    if (!(strength >= 0 && Double.isFinite(strength))) {
      throw new IllegalArgumentException(
          "a tilt's strength must be finite and at least 0, not " + strength);
    }
    double[] logits = new double[base.length];
    for (int y = 0; y < base.length; y++) {
      logits[y] = Math.log(base[y]) + strength * utilities[y];
    }
    return logits;
  }

  private Tilt() {}
}
