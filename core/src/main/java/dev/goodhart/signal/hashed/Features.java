package dev.goodhart.signal.hashed;

/**
 * What the model sees of one response.
 *
 * @param ngrams the buckets of its n-grams, each once, ascending within a group
 * @param ends for each hashed group where its buckets end in {@code ngrams}
 * @param look the values of {@link Style}, then those of {@link Overlap}; zeros where the model
 *     does not look at them
 */
record Features(int[] ngrams, int[] ends, float[] look) {
  /** How many groups of n-grams there are. */
  static final int GROUPS = FeatureGroup.HASHED.size();

  /** How many values {@code look} has. */
  static final int LOOK = Style.SIZE + Overlap.SIZE;

  int start(int group) {
    return group == 0 ? 0 : ends[group - 1];
  }
}
