package dev.goodhart.neural.align;

/** How the costs of tokens become the cost of a batch. */
public enum Aggregation {
  /** The mean over all tokens: long responses count more. */
  TOKEN,
  /** The mean over responses of the mean over their tokens: tokens of long responses count less. */
  SEQUENCE,
  /** The mean over responses of the sum over tokens, divided by the longest response allowed. */
  CONSTANT;

  /**
   * What each token of a response counts, so that the mean over responses of {@code Σ_t weight ·
   * cost} is this aggregation.
   *
   * @param length of the response
   * @param meanLength of the responses of the batch
   * @param longest allowed
   */
  double weight(int length, double meanLength, int longest) {
    return switch (this) {
      case TOKEN -> 1 / meanLength;
      case SEQUENCE -> 1.0 / length;
      case CONSTANT -> 1.0 / longest;
    };
  }
}
