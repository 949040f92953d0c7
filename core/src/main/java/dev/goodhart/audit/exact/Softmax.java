package dev.goodhart.audit.exact;

/**
 * A policy that is a table of logits, and its exact derivatives.
 *
 * <pre>{@code
 * pi(y) = exp(z_y) / sum_k exp(z_k)
 * d E_pi[v] / d z_y = pi(y) (v(y) - E_pi[v])
 * d log pi(y) / d z_k = 1{k = y} - pi(k)
 * }</pre>
 */
public final class Softmax {
  /**
   * @param logits {@code [responses]}; minus infinity is probability 0
   * @return {@code [responses]}, summing to 1
   */
  public static double[] of(double[] logits) {
    double most = most(logits);
    double[] policy = new double[logits.length];
    double sum = 0;
    for (int y = 0; y < logits.length; y++) {
      policy[y] = Math.exp(logits[y] - most);
      sum += policy[y];
    }
    for (int y = 0; y < logits.length; y++) {
      policy[y] /= sum;
    }
    return policy;
  }

  /** Row by row, {@code [prompts][responses]}. */
  public static double[][] of(double[][] logits) {
    double[][] policies = new double[logits.length][];
    for (int x = 0; x < logits.length; x++) {
      policies[x] = of(logits[x]);
    }
    return policies;
  }

  /** {@code log pi}, finite where {@link #of} would round to 0. */
  public static double[] log(double[] logits) {
    double normaliser = logSumExp(logits);
    double[] logs = new double[logits.length];
    for (int y = 0; y < logits.length; y++) {
      logs[y] = logits[y] - normaliser;
    }
    return logs;
  }

  /** {@code log sum_y exp(z_y)}, without overflow; minus infinity if all are. */
  public static double logSumExp(double[] values) {
    double most = most(values);
    if (Double.isInfinite(most)) {
      return most;
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - most);
    }
    return most + Math.log(sum);
  }

  /**
   * The policy gradient, exactly: the derivative of {@code E_pi[v]} by the logits.
   *
   * @param policy {@code [responses]}
   * @param values of the responses, held fixed
   * @return {@code [responses]}, summing to 0
   */
  public static double[] gradient(double[] policy, double[] values) {
    Tables.match("policy", policy, "values", values);
    double mean = Tables.dot(policy, values);
    double[] gradient = new double[policy.length];
    for (int y = 0; y < policy.length; y++) {
      gradient[y] = policy[y] * (values[y] - mean);
    }
    return gradient;
  }

  /** The score: the derivative of {@code log pi(y)} by the logits. */
  public static double[] score(double[] policy, int y) {
    double[] score = new double[policy.length];
    for (int k = 0; k < policy.length; k++) {
      score[k] = (k == y ? 1 : 0) - policy[k];
    }
    return score;
  }

  private static double most(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("a softmax needs at least one logit");
    }
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (Double.isNaN(value) || value == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException("a logit must be below infinity, not " + value);
      }
      most = Math.max(most, value);
    }
    return most;
  }

  private Softmax() {}
}
