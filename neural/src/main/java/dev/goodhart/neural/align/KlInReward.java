package dev.goodhart.neural.align;

import dev.goodhart.Default;
import dev.goodhart.objective.KlEstimator;

/**
 * A charge on leaving the reference that is taken off the reward, token by token, before any
 * advantage is computed.
 *
 * @param weight reward a nat, at least 0
 * @param estimator k1 is the one whose gradient is right here
 */
public record KlInReward(double weight, @Default("k1") KlEstimator estimator) {
  public KlInReward {
    Check.that(weight >= 0 && weight < 1e6, "weight", "at least 0", weight);
  }
}
