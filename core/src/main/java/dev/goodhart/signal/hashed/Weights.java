package dev.goodhart.signal.hashed;

/**
 * A trained linear model.
 *
 * @param hashed one weight a bucket
 * @param style one weight a value of {@link Style}
 * @param intercept added for the probability that a single response is good; no part of the reward
 */
record Weights(float[] hashed, float[] style, float intercept) {
  /** The reward before calibration. */
  double reward(Features features) {
    double sum = 0;
    for (int bucket : features.ngrams()) {
      sum += hashed[bucket];
    }
    for (int i = 0; i < features.style().length; i++) {
      sum += style[i] * features.style()[i];
    }
    return sum;
  }
}
