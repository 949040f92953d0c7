package dev.goodhart.signal.fit;

/**
 * Two responses to a prompt compared, or one that was judged on its own. Prompts and responses are
 * meant by their numbers in {@link PreferenceData}.
 *
 * @param first the response that is the better one, or good, with {@code probability}
 * @param second the response that it is compared with; {@link #NONE} where it was judged alone
 * @param probability in [0, 1]; 0.5 for a tie
 * @param strength by how much the first is better, in the data's own unit; 0 where nobody said
 * @param weight how much it counts, at least 0
 */
public record Judgement(
    int prompt, int first, int second, double probability, double strength, double weight) {
  public static final int NONE = -1;

  /** Whether the response was judged on its own. */
  public boolean isLabel() {
    return second == NONE;
  }
}
