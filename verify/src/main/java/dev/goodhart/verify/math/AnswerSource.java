package dev.goodhart.verify.math;

/** Where in a response an answer is looked for. */
public enum AnswerSource {
  /** The last {@code \boxed{}}; several that are joined by commas, "and" or "or" are a list. */
  BOXED,
  /** What follows the last {@code ####} on its line. */
  HASHES,
  /** The last {@code <answer>…</answer>}. */
  TAG,
  /** The whole response, when it is nothing but an answer. */
  WHOLE,
  /**
   * What follows "the answer is", "final answer:" and the like, and a last line that starts with
   * "A:".
   */
  PHRASE,
  /** The last formula or number. */
  EXPRESSION
}
