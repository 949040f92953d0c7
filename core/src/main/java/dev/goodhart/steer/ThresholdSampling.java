package dev.goodhart.steer;

import dev.goodhart.Method;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Takes the first response that is good enough: draws from the base policy given that its reward
 * reaches the threshold. Cheaper than best-of-n, since drawing can stop there, and it does not
 * chase the reward's extremes, where a learned one is least to be trusted.
 *
 * <p>Where none reaches it the best one is taken; {@link #accepted} says so instead.
 *
 * @param threshold the least reward that is good enough
 */
@Method
public record ThresholdSampling(double threshold) implements Steer {
  public ThresholdSampling {
    if (!Double.isFinite(threshold)) {
      throw new IllegalArgumentException("threshold must be finite, not " + threshold);
    }
  }

  @Override
  public int choose(double[] rewards, RandomGenerator random) {
    return accepted(rewards).orElseGet(() -> new BestOfN().choose(rewards, random));
  }

  /** The first response that reaches the threshold; empty where none does. */
  public OptionalInt accepted(double[] rewards) {
    for (int i = 0; i < rewards.length; i++) {
      if (rewards[i] >= threshold) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
