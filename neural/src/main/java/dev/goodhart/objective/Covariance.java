package dev.goodhart.objective;

import dev.goodhart.neural.engine.Ops;

/**
 * How each token's log-probability and advantage lie to their means: the policy's entropy falls by
 * about the mean of these numbers in a step.
 *
 * @param values (now − mean now) · (A − mean A), by token; 0 where a token has no weight
 * @param weight by token; those of weight 0 have no part in the means
 */
@SuppressWarnings("ArrayRecordComponent") // primitive arrays in hot paths
record Covariance(double[] values, double[] weight) {
  static Covariance of(TokenBatch batch) {
    double[] weight = Ops.doubles(batch.weight());
    double[] now = centred(Ops.doubles(batch.now()), weight);
    double[] advantage = centred(Ops.doubles(batch.advantage()), weight);
    for (int t = 0; t < now.length; t++) now[t] = weight[t] == 0 ? 0 : now[t] * advantage[t];
    return new Covariance(now, weight);
  }

  private static double[] centred(double[] values, double[] weight) {
    double sum = 0;
    int counted = 0;
    for (int t = 0; t < values.length; t++) {
      if (weight[t] == 0) continue;
      sum += values[t];
      counted++;
    }
    for (int t = 0; t < values.length; t++) values[t] -= sum / Math.max(1, counted);
    return values;
  }

  boolean counts(int token) {
    return weight[token] != 0;
  }

  int counted() {
    int counted = 0;
    for (double w : weight) {
      if (w != 0) counted++;
    }
    return counted;
  }
}
