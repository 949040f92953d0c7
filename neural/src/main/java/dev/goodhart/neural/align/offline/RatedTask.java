package dev.goodhart.neural.align.offline;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.sub;
import static dev.goodhart.neural.engine.Ops.sum;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Task;
import dev.goodhart.objective.Kto;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * What rated responses cost a policy. The point that gains and losses are counted from is that of
 * each pass. Reports {@code accuracy} (gains are good and losses bad) and {@code zero}.
 *
 * @param decoder over what is trained
 */
public record RatedTask(Decoder decoder, Kto objective) implements Task<Rated> {
  @Override
  public int tokens(Rated example) {
    return example.answer().length() + example.other().length();
  }

  @Override
  public double weight(Rated example) {
    return example.weight();
  }

  @Override
  public Cost cost(List<Rated> rated) {
    Tensor zero;
    try (Scope scope = Scope.inference()) {
      Tensor others = Answers.logProbs(decoder, rated.stream().map(Rated::other).toList());
      zero = scope.keep(Kto.zero(sub(others, row(others, rated, Rated::otherReference))));
    }
    Tensor now = Answers.logProbs(decoder, rated.stream().map(Rated::answer).toList());
    Tensor ratios = sub(now, row(now, rated, Rated::reference));
    Tensor labels = row(now, rated, Rated::good);
    Tensor weight = row(now, rated, Rated::weight);
    Tensor agrees = mul(sub(ratios.detach(), zero).sign(), sub(labels, 0.5).sign());
    Tensor accuracy = div(sum(mul(div(add(agrees, 1), 2), weight)), sum(weight));
    return Cost.of(objective.loss(ratios, labels, weight, zero))
        .with("accuracy", accuracy)
        .with("zero", zero);
  }

  private static Tensor row(Tensor like, List<Rated> rated, ToDoubleFunction<Rated> part) {
    return Ops.like(like, rated.stream().mapToDouble(part).toArray());
  }
}
