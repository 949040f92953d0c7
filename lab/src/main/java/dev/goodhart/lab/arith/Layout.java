package dev.goodhart.lab.arith;

/** How a problem is solved on paper. */
public enum Layout {
  /**
   * Column by column from the units, with carries: {@code 47+85=} is {@code 12,13#132}, where 12 is
   * 7+5 and 13 is 4+8 and the carried 1.
   */
  COLUMNS,
  /**
   * From left to right, whatever the operators: {@code 7+5-3=} is {@code 12#9}. The last result is
   * the answer.
   */
  RUNNING
}
