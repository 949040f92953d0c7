package dev.goodhart.neural.align;

/**
 * A sampled response as the model learns from it.
 *
 * @param prompt token ids, at least one
 * @param tokens of the response, at least one, {@code [n]}
 * @param old log-probabilities when they were drawn, {@code [n]}
 * @param reference the same under the reference policy, {@code [n]}
 * @param values what the critic expected before each token, {@code [n]}; empty without one
 * @param advantages {@code [n]}; empty for a response without credit, which only a teacher looks at
 * @param returns what the critic should have expected, {@code [n]}; empty without one
 * @param weight how much a token counts in what the reward asks of its response
 * @param taught how much a token counts in what a teacher asks of it
 */
@SuppressWarnings("ArrayRecordComponent") // primitive arrays in hot paths
record Episode(
    int[] prompt,
    int[] tokens,
    double[] old,
    double[] reference,
    double[] values,
    double[] advantages,
    double[] returns,
    double weight,
    double taught) {
  /** What was drawn, before anything is known of its worth. */
  static Episode drawn(int[] prompt, int[] tokens, double[] old) {
    double[] none = new double[0];
    return new Episode(prompt, tokens, old, none, none, none, none, 1, 1);
  }

  Episode withReference(double[] logProbs) {
    return new Episode(prompt, tokens, old, logProbs, values, advantages, returns, weight, taught);
  }

  Episode withValues(double[] expected) {
    return new Episode(
        prompt, tokens, old, reference, expected, advantages, returns, weight, taught);
  }

  Episode withCredit(double[] credit, double[] toGo) {
    return new Episode(prompt, tokens, old, reference, values, credit, toGo, weight, taught);
  }

  Episode withWeights(double each, double eachTaught) {
    return new Episode(
        prompt, tokens, old, reference, values, advantages, returns, each, eachTaught);
  }

  /** Whether the reward has something to say of it. */
  boolean credited() {
    return advantages.length > 0;
  }

  int size() {
    return tokens.length;
  }
}
