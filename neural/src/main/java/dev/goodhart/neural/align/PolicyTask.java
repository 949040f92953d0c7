package dev.goodhart.neural.align;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.exp;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.sum;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Task;
import dev.goodhart.objective.PolicyObjective;
import dev.goodhart.objective.Regulariser;
import dev.goodhart.objective.TokenBatch;
import dev.goodhart.objective.TokenLoss;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Tensor;

/**
 * What sampled responses cost the policy: the mean over responses of {@code Σ_t weight · (objective
 * + regularisers)}.
 *
 * @param decoder over what is trained
 * @param temperature of the draws
 */
record PolicyTask(
    Decoder decoder, PolicyObjective objective, List<Regulariser> regularisers, double temperature)
    implements Task<Episode> {
  @Override
  public int tokens(Episode example) {
    return example.prompt().length + example.size();
  }

  @Override
  public Cost cost(List<Episode> episodes) {
    Responses responses = Responses.of(decoder, episodes);
    Tensor all = responses.distribution(decoder, temperature);
    Tensor now = responses.written(all);
    boolean entropy = regularisers.stream().anyMatch(Regulariser::entropy);
    boolean reference = regularisers.stream().anyMatch(Regulariser::reference);
    TokenBatch batch =
        new TokenBatch(
            now,
            row(now, episodes, Episode::old),
            reference ? row(now, episodes, Episode::reference) : null,
            entropy ? entropy(all) : null,
            row(now, episodes, Episode::advantages),
            weights(now, episodes, Episode::weight),
            episodes.stream().mapToInt(Episode::size).toArray());
    TokenLoss loss = objective.of(batch);
    Cost cost = Cost.of(mean(batch, loss.cost(), episodes.size()));
    cost = report(cost, loss, now);
    for (Regulariser regulariser : regularisers) {
      TokenLoss more = regulariser.of(batch);
      cost =
          report(
              new Cost(add(cost.loss(), mean(batch, more.cost(), episodes.size())), cost.also()),
              more,
              now);
    }
    return cost;
  }

  private static Tensor mean(TokenBatch batch, Tensor byToken, int responses) {
    return div(sum(mul(batch.weight(), byToken)), responses);
  }

  private static Cost report(Cost cost, TokenLoss loss, Tensor now) {
    Cost all = cost;
    for (var diagnostic : loss.also().entrySet()) {
      all = all.with(diagnostic.getKey(), Ops.mean(diagnostic.getValue()));
    }
    return all;
  }

  /** Of whole distributions, in nats, {@code [tokens]}. */
  private static Tensor entropy(Tensor logProbs) {
    return neg(Ops.sum(mul(exp(logProbs), logProbs), 1));
  }

  private static Tensor row(Tensor like, List<Episode> episodes, Function<Episode, double[]> part) {
    return Ops.like(
        like, episodes.stream().flatMapToDouble(e -> DoubleStream.of(part.apply(e))).toArray());
  }

  private static Tensor weights(
      Tensor like, List<Episode> episodes, ToDoubleFunction<Episode> weight) {
    return Ops.like(
        like,
        episodes.stream()
            .flatMapToDouble(
                e -> DoubleStream.generate(() -> weight.applyAsDouble(e)).limit(e.size()))
            .toArray());
  }
}
