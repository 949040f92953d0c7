package dev.goodhart.audit.exact;

/**
 * What a policy leaves on the table, exactly.
 *
 * <pre>{@code
 * simple       = max_y u(y) - E_pi[u]
 * regularised  = beta log Z - (E_pi[u] - beta KL(pi || base)) = beta KL(pi || tilt)
 * }</pre>
 *
 * <p>Both are at least 0. The second is what a trainer with a KL penalty is missing: 0 for the tilt
 * of strength 1/beta and for no other policy.
 */
public final class Regret {
  /** Against the best response. */
  public static double simple(double[] policy, double[] utilities) {
    double most = Double.NEGATIVE_INFINITY;
    for (double utility : utilities) {
      most = Math.max(most, utility);
    }
    return Math.max(0, most - Tilt.mean(policy, utilities));
  }

  /**
   * Against the optimum of the KL-regularised problem.
   *
   * @param beta above 0
   */
  public static double regularised(
      double[] policy, double[] base, double[] utilities, double beta) {
    if (!(beta > 0)) {
      throw new IllegalArgumentException("beta must be above 0, not " + beta);
    }
    return beta * Divergence.kl(policy, Tilt.of(base, utilities, 1 / beta));
  }

  private Regret() {}
}
