package dev.goodhart.neural.align;

/**
 * A sampled response as the model learns from it.
 *
 * @param prompt token ids, at least one
 * @param tokens of the response, at least one, {@code [n]}
 * @param old log-probabilities when they were drawn, {@code [n]}
 * @param reference the same under the reference policy, {@code [n]}
 * @param values what the critic expected before each token, {@code [n]}; empty without one
 * @param advantages {@code [n]}
 * @param returns what the critic should have expected, {@code [n]}; empty without one
 * @param weight how much a token counts in its response's cost
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
    double weight) {
  /** What was drawn, before anything is known of its worth. */
  static Episode drawn(int[] prompt, int[] tokens, double[] old) {
    double[] none = new double[0];
    return new Episode(prompt, tokens, old, none, none, none, none, 1);
  }

  Episode withReference(double[] logProbs) {
    return new Episode(prompt, tokens, old, logProbs, values, advantages, returns, weight);
  }

  Episode withValues(double[] expected) {
    return new Episode(prompt, tokens, old, reference, expected, advantages, returns, weight);
  }

  Episode withCredit(double[] credit, double[] toGo) {
    return new Episode(prompt, tokens, old, reference, values, credit, toGo, weight);
  }

  Episode withWeight(double each) {
    return new Episode(prompt, tokens, old, reference, values, advantages, returns, each);
  }

  int size() {
    return tokens.length;
  }
}
