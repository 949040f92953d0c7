package dev.goodhart.verify.code;

/** How much white space matters when a program's output is compared with the expected one. */
public enum Comparison {
  /** Every character. */
  EXACT,
  /**
   * As most judges do: the same lines, each the same words; blank lines at the end do not count.
   */
  LINES,
  /** The same words in the same order, whatever the lines. */
  WORDS
}
