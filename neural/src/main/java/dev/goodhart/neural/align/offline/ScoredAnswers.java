package dev.goodhart.neural.align.offline;

import dev.goodhart.neural.model.Decoder;
import dev.goodhart.run.Progress;
import java.util.List;

/**
 * Responses to one prompt with what they earned, as they were drawn: one group of a file of
 * roll-outs. A response that was drawn twice stands twice.
 *
 * @param rewards of the answers, {@code [answers]}, finite
 * @param prior log-probabilities of the whole answers under the fine-tuned model, in nats
 * @param proposal the same under the model that drew them
 */
@SuppressWarnings("ArrayRecordComponent") // primitive arrays in hot paths
public record ScoredAnswers(
    List<Answer> answers, double[] rewards, double[] prior, double[] proposal) {
  public ScoredAnswers {
    answers = List.copyOf(answers);
    int n = answers.size();
    if (n < 2) {
      throw new IllegalArgumentException("a prompt needs two answers to compare, not " + n);
    }
    if (rewards.length != n || prior.length != n || proposal.length != n) {
      throw new IllegalArgumentException(
          "%d answers have %d rewards, %d and %d log-probabilities"
              .formatted(n, rewards.length, prior.length, proposal.length));
    }
    for (double reward : rewards) {
      if (!Double.isFinite(reward)) {
        throw new IllegalArgumentException("a reward must be finite, not " + reward);
      }
    }
  }

  /** Answers that the fine-tuned model itself drew. */
  public static ScoredAnswers drawnBy(
      Decoder model, List<Answer> answers, double[] rewards, int tokensPerPass) {
    double[] logs = Answers.logProbs(model, answers, tokensPerPass, Progress.NONE);
    return new ScoredAnswers(answers, rewards, logs, logs);
  }
}
