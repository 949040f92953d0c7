package dev.goodhart.neural.align;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Task;
import java.util.List;

/**
 * What demonstrations cost a policy: the mean negative log-likelihood of their response tokens, in
 * nats.
 */
record ImitationTask(Decoder decoder) implements Task<Episode> {
  @Override
  public int tokens(Episode example) {
    return example.prompt().length + example.size();
  }

  @Override
  public double weight(Episode example) {
    return example.size();
  }

  @Override
  public Cost cost(List<Episode> episodes) {
    Responses responses = Responses.of(decoder, episodes);
    return Cost.of(Ops.neg(Ops.mean(responses.written(responses.distribution(decoder, 1)))));
  }
}
