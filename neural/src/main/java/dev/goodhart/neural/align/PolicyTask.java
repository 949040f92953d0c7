package dev.goodhart.neural.align;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.exp;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.sum;

import dev.goodhart.neural.engine.Device;
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
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What sampled responses cost the policy: the mean over responses of
 *
 * <pre>{@code
 * Σ_t (1 − share) · weight · (objective + regularisers) + share · taught · distillation
 * }</pre>
 *
 * <p>where a response without credit has the second part alone.
 *
 * @param decoder over what is trained
 * @param temperature of the draws
 * @param share of the teacher, 0 where there is none; see {@link Teacher}
 */
record PolicyTask(
    Decoder decoder,
    PolicyObjective objective,
    List<Regulariser> regularisers,
    double temperature,
    @Nullable Teaching teaching,
    double share)
    implements Task<Episode> {
  @Override
  public int tokens(Episode example) {
    return example.prompt().length + example.size();
  }

  @Override
  public Cost cost(List<Episode> episodes) {
    Responses responses = Responses.of(decoder, episodes);
    Tensor logits = responses.logits(decoder);
    if (teaching == null) return rewarded(logits, responses.ids(), episodes, episodes.size());
    Cost taught = taught(teaching, logits, episodes);
    Cost cost = new Cost(mul(share, taught.loss()), taught.also());
    List<Episode> credited = episodes.stream().filter(Episode::credited).toList();
    if (share == 1 || credited.isEmpty()) return cost;
    Tensor rows = credited(responses.ids(), episodes);
    Cost rewarded =
        rewarded(
            Ops.rows(logits, rows), Ops.rows(responses.ids(), rows), credited, episodes.size());
    cost = new Cost(add(mul(1 - share, rewarded.loss()), cost.loss()), cost.also());
    for (var more : rewarded.also().entrySet()) cost = cost.with(more.getKey(), more.getValue());
    return cost;
  }

  private static Cost taught(Teaching teaching, Tensor logits, List<Episode> episodes) {
    Tensor byToken =
        teaching.of(
            logits,
            episodes.stream().map(Episode::prompt).toList(),
            episodes.stream().map(Episode::tokens).toList());
    Tensor weight = weights(byToken, episodes, Episode::taught);
    return Cost.of(mean(weight, byToken, episodes.size()))
        .with("distillation", Ops.mean(byToken.detach()));
  }

  /** The places of tokens whose response has credit. */
  private static Tensor credited(Tensor ids, List<Episode> episodes) {
    LongStream.Builder rows = LongStream.builder();
    long at = 0;
    for (Episode episode : episodes) {
      for (int t = 0; t < episode.size(); t++, at++) {
        if (episode.credited()) rows.add(at);
      }
    }
    return Device.of(ids).longs(rows.build().toArray());
  }

  /**
   * What the reward asks.
   *
   * @param episodes with credit
   * @param responses over how many the mean is
   */
  private Cost rewarded(Tensor logits, Tensor ids, List<Episode> episodes, int responses) {
    Tensor all = Responses.distribution(logits, temperature);
    Tensor now = Ops.pick(all, ids);
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
    Cost cost = Cost.of(mean(batch.weight(), loss.cost(), responses));
    cost = report(cost, loss);
    for (Regulariser regulariser : regularisers) {
      TokenLoss more = regulariser.of(batch);
      cost =
          report(
              new Cost(add(cost.loss(), mean(batch.weight(), more.cost(), responses)), cost.also()),
              more);
    }
    return cost;
  }

  private static Tensor mean(Tensor weight, Tensor byToken, int responses) {
    return div(sum(mul(weight, byToken)), responses);
  }

  private static Cost report(Cost cost, TokenLoss loss) {
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
