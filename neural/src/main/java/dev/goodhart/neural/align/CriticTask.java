package dev.goodhart.neural.align;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.max;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.square;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Task;
import java.util.List;
import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What wrong expectations cost a critic, as in PPO: with v the value now and v₀ the one when the
 * response was drawn,
 *
 * <pre>{@code
 * cost = ½ max((v − return)², (clip(v, v₀ − range, v₀ + range) − return)²)
 * }</pre>
 *
 * <p>a token, averaged over tokens.
 *
 * @param critic with one head, over what is trained
 * @param range how far a value may move for a batch, above 0
 */
record CriticTask(Decoder critic, double range) implements Task<Episode> {
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
    Tensor hidden = Responses.of(critic, episodes).hidden();
    Tensor value = Ops.to(critic.scores(hidden).select(1, 0), ScalarType.Float);
    Tensor before =
        Ops.like(
            value, episodes.stream().flatMapToDouble(e -> DoubleStream.of(e.values())).toArray());
    double[] toGo = episodes.stream().flatMapToDouble(e -> DoubleStream.of(e.returns())).toArray();
    Tensor target = Ops.like(value, toGo);
    Tensor held = add(before, clamp(sub(value, before), -range, range));
    Tensor error = max(square(sub(value, target)), square(sub(held, target)));
    return Cost.of(mul(0.5, Ops.mean(error)))
        .with("critic-error", Ops.mean(square(sub(value.detach(), target))));
  }
}
