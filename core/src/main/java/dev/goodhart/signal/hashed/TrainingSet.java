package dev.goodhart.signal.hashed;

import java.util.List;

/**
 * Preference data as a learner takes it: the features of each response once, comparisons by index.
 *
 * @param responses distinct pairs of prompt and response
 * @param prompts the key of each distinct prompt, see {@link PromptKey}
 * @param family for each prompt the first one that is nearly the same text, often itself
 * @param fixed which prompts the user holds out
 * @param items what is learnt from
 * @param unused how many examples compare and judge nothing
 * @param skipped how many rows were bad
 */
record TrainingSet(
    Features[] responses,
    long[] prompts,
    int[] family,
    boolean[] fixed,
    List<Item> items,
    long unused,
    long skipped) {
  /**
   * A comparison, or a response judged on its own.
   *
   * @param prompt an index into {@link TrainingSet#prompts}
   * @param first the response that is the better one with {@code probability}
   * @param second the response that it is compared with; {@link #NONE} where it was judged alone
   * @param margin by which the first should win, in log-odds
   */
  record Item(int prompt, int first, int second, double probability, double margin, double weight) {
    static final int NONE = -1;

    boolean isLabel() {
      return second == NONE;
    }
  }
}
