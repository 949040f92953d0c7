package dev.goodhart.audit.exact;

/**
 * How far one distribution is from another, for distributions that are written out.
 *
 * <pre>{@code
 * KL(p || q)      = sum p log(p / q)
 * D_a(p || q)     = 1/(a - 1) log sum p^a q^(1-a)        Renyi, order a; KL at 1, log max p/q at infinity
 * chi²(p || q)    = sum (p - q)² / q                     = exp(D_2) - 1
 * TV(p, q)        = 1/2 sum |p - q|
 * }</pre>
 *
 * <p>All are at least 0, are 0 for equal distributions alone, and never grow when both sides are
 * pushed through the same channel (data processing). {@code D_a} never falls in a. Where p has mass
 * and q has none, KL, chi² and the orders from 1 on are infinite.
 */
public final class Divergence {
  /** {@code KL(p || q)} in nats, of distributions {@code [responses]}. */
  public static double kl(double[] p, double[] q) {
    Tables.match("p", p, "q", q);
    double kl = 0;
    for (int y = 0; y < p.length; y++) {
      kl += p[y] > 0 ? p[y] * Math.log(p[y] / q[y]) : 0;
    }
    return Math.max(0, kl); // rounding leaves -1e-17 where they are equal
  }

  /** The mean of {@code KL(p_x || q_x)} over prompts, {@code [prompts][responses]}. */
  public static double kl(double[][] p, double[][] q) {
    double sum = 0;
    for (int x = 0; x < p.length; x++) {
      sum += kl(p[x], q[x]);
    }
    return sum / p.length;
  }

  /**
   * The Rényi divergence {@code D_a(p || q)} in nats.
   *
   * @param order a, at least 0, possibly infinite; at 0 it is minus the log of q's mass where p has
   *     some
   */
  public static double renyi(double[] p, double[] q, double order) {
    Tables.match("p", p, "q", q);
    if (!(order >= 0)) {
      throw new IllegalArgumentException("a Rényi order must be at least 0, not " + order);
    }
    if (order == 1) {
      return kl(p, q);
    }
    double[] terms = new double[p.length];
    double most = Double.NEGATIVE_INFINITY;
    for (int y = 0; y < p.length; y++) {
      if (p[y] == 0) {
        terms[y] = Double.NEGATIVE_INFINITY;
        continue;
      }
      if (q[y] == 0) {
        if (order > 1) {
          return Double.POSITIVE_INFINITY;
        }
        terms[y] = Double.NEGATIVE_INFINITY;
        continue;
      }
      double ratio = Math.log(p[y] / q[y]);
      most = Math.max(most, ratio);
      terms[y] = order == 0 ? Math.log(q[y]) : Math.log(p[y]) + (order - 1) * ratio;
    }
    if (Double.isInfinite(order)) {
      return Math.max(0, most);
    }
    return Math.max(0, Softmax.logSumExp(terms) / (order - 1));
  }

  /** {@code chi²(p || q)}, the variance of p/q under q. */
  public static double chiSquared(double[] p, double[] q) {
    Tables.match("p", p, "q", q);
    double sum = 0;
    for (int y = 0; y < p.length; y++) {
      sum += p[y] == q[y] ? 0 : (p[y] - q[y]) * (p[y] - q[y]) / q[y];
    }
    return sum;
  }

  /** Total variation, in [0, 1]: the largest difference in the probability of any event. */
  public static double totalVariation(double[] p, double[] q) {
    Tables.match("p", p, "q", q);
    double sum = 0;
    for (int y = 0; y < p.length; y++) {
      sum += Math.abs(p[y] - q[y]);
    }
    return sum / 2;
  }

  /** Shannon entropy in nats, in [0, log responses]. */
  public static double entropy(double[] p) {
    double entropy = 0;
    for (double value : p) {
      entropy -= value > 0 ? value * Math.log(value) : 0;
    }
    return Math.max(0, entropy);
  }

  /**
   * The Rényi cross entropy {@code H_a(p, q) = 1/(1-a) log sum p q^(a-1)} in nats; {@code -sum p
   * log q} at order 1. The cumulants of a log-likelihood: {@code log E_p exp(s log q) = -s
   * H_{1+s}}.
   *
   * @param order a, at least 0
   */
  public static double renyiCrossEntropy(double[] p, double[] q, double order) {
    Tables.match("p", p, "q", q);
    if (!(order >= 0)) {
      throw new IllegalArgumentException("a Rényi order must be at least 0, not " + order);
    }
    double[] terms = new double[p.length];
    double sum = 0;
    for (int y = 0; y < p.length; y++) {
      double log = Math.log(q[y]);
      sum -= p[y] > 0 ? p[y] * log : 0;
      terms[y] = p[y] > 0 ? Math.log(p[y]) + (order - 1) * log : Double.NEGATIVE_INFINITY;
    }
    return order == 1 ? sum : Softmax.logSumExp(terms) / (1 - order);
  }

  private Divergence() {}
}
