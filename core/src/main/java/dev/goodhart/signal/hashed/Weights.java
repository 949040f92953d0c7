package dev.goodhart.signal.hashed;

/**
 * A trained linear model.
 *
 * @param hashed one weight a bucket
 * @param look one weight a value of {@link Features#look}
 * @param intercept added for the probability that a single response is good; no part of the reward
 */
record Weights(float[] hashed, float[] look, float intercept) {
  /** The reward before calibration. */
  double reward(Features features) {
    double sum = 0;
    for (int bucket : features.ngrams()) {
      sum += hashed[bucket];
    }
    for (int i = 0; i < features.look().length; i++) {
      sum += look[i] * features.look()[i];
    }
    return sum;
  }
}
