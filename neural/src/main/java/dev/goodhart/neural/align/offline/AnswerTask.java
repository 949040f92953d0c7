package dev.goodhart.neural.align.offline;

import dev.goodhart.neural.align.Responses;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Task;
import dev.goodhart.objective.Sft;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Fine-tuning: what it costs a policy to say given responses, in nats a token.
 *
 * @param decoder over what is trained
 */
public record AnswerTask(Decoder decoder, Sft objective) implements Task<Answer> {
  @Override
  public int tokens(Answer example) {
    return example.length();
  }

  @Override
  public double weight(Answer example) {
    return example.tokens().length;
  }

  @Override
  public Cost cost(List<Answer> answers) {
    Responses responses = Answers.of(decoder, answers);
    Tensor logProbs = responses.written(responses.distribution(decoder, 1));
    return Cost.of(objective.loss(logProbs, Ops.like(logProbs, ones(logProbs.size(0)))));
  }

  static double[] ones(long n) {
    double[] ones = new double[Math.toIntExact(n)];
    Arrays.fill(ones, 1);
    return ones;
  }
}
