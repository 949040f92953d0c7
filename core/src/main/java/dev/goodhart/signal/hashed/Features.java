package dev.goodhart.signal.hashed;

/**
 * What the model sees of one response.
 *
 * @param ngrams the buckets of its n-grams, each once, ascending within a group
 * @param ends for each hashed group where its buckets end in {@code ngrams}
 * @param style the values of {@link Style}; empty where the model does not look at them
 * @param length of the response in characters, for the baseline that prefers the longer one
 */
record Features(int[] ngrams, int[] ends, float[] style, int length) {
  int start(int group) {
    return group == 0 ? 0 : ends[group - 1];
  }
}
