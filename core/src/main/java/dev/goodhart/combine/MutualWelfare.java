package dev.goodhart.combine;

/**
 * GTAlign's two welfares of a response that reasons through a {@link PayoffTable} before it
 * answers, and their product. The terms measure words in one place and characters in another, as
 * published.
 *
 * <pre>{@code
 * U = e + 0.5 answer + 0.2 band(words of the answer; 20, 500) + 0.3 exp(-characters of reasoning / 500)
 * L = e + 0.2 format + 0.2 table + 0.4 answer + 0.2 band(words of the output; 500, 1000)
 * W = sqrt(U L),  e = 1e-4
 * band(n; a, b) = sigmoid(k (n - a)) sigmoid(k (b - n)),  k = 0.005 a word
 * }</pre>
 *
 * <p>With that k a band is soft to its middle: {@code band(260; 20, 500)} is 0.59, and 0.46 at
 * either end, so it hardly tells 20 words from 500. A response that does not parse earns 0, not W.
 *
 * @param user U, in (0, 1]
 * @param assistant L, in (0, 1]
 */
public record MutualWelfare(double user, double assistant) {
  private static final double LEAST = 1e-4;
  private static final double STEEPNESS = 0.005;

  /**
   * @param answer task success in [0, 1]; for harmful prompts 1 - harm, for the user
   * @param answerWords of the final block
   * @param reasoningCharacters of the blocks before it
   * @param format whether the four blocks stand in their order, in [0, 1]
   * @param table {@link PayoffTable#informative()}
   * @param outputWords of the whole output
   */
  public static MutualWelfare of(
      double answer,
      int answerWords,
      int reasoningCharacters,
      double format,
      double table,
      int outputWords) {
    return new MutualWelfare(
        LEAST
            + 0.5 * answer
            + 0.2 * band(answerWords, 20, 500)
            + 0.3 * Math.exp(-reasoningCharacters / 500.0),
        LEAST + 0.2 * format + 0.2 * table + 0.4 * answer + 0.2 * band(outputWords, 500, 1000));
  }

  /** W, in (0, 1]. */
  public double welfare() {
    return Math.sqrt(user * assistant);
  }

  static double band(int words, int from, int to) {
    return 1
        / (1 + Math.exp(STEEPNESS * (from - words)))
        / (1 + Math.exp(STEEPNESS * (words - to)));
  }
}
