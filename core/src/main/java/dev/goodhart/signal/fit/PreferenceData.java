package dev.goodhart.signal.fit;

import dev.goodhart.signal.PromptKey;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Preference data as a learner takes it: prompts and responses by number, from 0. What they say is
 * with whoever took them from the {@link PreferenceReader}: features, or the texts.
 *
 * @param lengths of each distinct response in characters, for the rule that the longer one wins
 * @param prompts the key of each distinct prompt, see {@link PromptKey}
 * @param family for each prompt the first one that is nearly the same text, often itself
 * @param fixed which prompts the user holds out
 * @param judgements what is learnt from
 * @param ratings those that the judgements were made of
 * @param stepwise responses whose steps were judged one by one
 * @param unused how many examples compare and judge nothing
 * @param skipped how many rows were bad
 */
public record PreferenceData(
    int[] lengths,
    long[] prompts,
    int[] family,
    boolean[] fixed,
    List<Judgement> judgements,
    List<Rating> ratings,
    List<Stepwise> stepwise,
    long unused,
    long skipped) {
  /**
   * The rewards of the responses that some judgements speak of, by the response's number; NaN for
   * all others, which are not asked for.
   */
  public double[] rewards(List<Judgement> some, IntToDoubleFunction reward) {
    double[] rewards = new double[lengths.length];
    Arrays.fill(rewards, Double.NaN);
    for (Judgement judgement : some) {
      fill(rewards, judgement.first(), reward);
      if (!judgement.isLabel()) {
        fill(rewards, judgement.second(), reward);
      }
    }
    return rewards;
  }

  private static void fill(double[] rewards, int response, IntToDoubleFunction reward) {
    if (Double.isNaN(rewards[response])) {
      rewards[response] = reward.applyAsDouble(response);
    }
  }
}
