package dev.goodhart.verify.math;

/** Whether an answer is the reference. */
public sealed interface Verdict {
  /** The answer is the reference. */
  record Equal() implements Verdict {}

  /** The answer is not the reference. */
  record Different() implements Verdict {}

  /**
   * Nobody could say.
   *
   * @param reason the kind first, then a colon and the details
   */
  record Undecided(String reason) implements Verdict {}

  default boolean isEqual() {
    return this instanceof Equal;
  }
}
