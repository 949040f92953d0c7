package dev.goodhart.neural.reward;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.slice;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Packing;
import dev.goodhart.neural.train.Task;
import dev.goodhart.objective.AttributeRegression;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What ratings by attribute cost a transformer whose members each have one output an attribute.
 *
 * @param decoder with the outputs of the members one after the other, over what is trained
 * @param draws by member and prompt, how often it was drawn; empty for once everywhere
 */
record RatingTask(Decoder decoder, AttributeRegression objective, int[][] draws)
    implements Task<RatingTask.Rated> {
  /**
   * A response with its ratings.
   *
   * @param ids behind its prompt
   * @param ratings by attribute; NaN where there is none
   */
  record Rated(int prompt, int[] ids, double[] ratings) {}

  @Override
  public int tokens(Rated example) {
    return example.ids.length;
  }

  @Override
  public Cost cost(List<Rated> examples) {
    Packing packing = Packing.of(examples.stream().map(Rated::ids).toList(), decoder);
    Tensor hidden = packing.atLast(decoder.hidden(packing.packed()));
    Tensor outputs = Ops.to(decoder.scores(hidden), ScalarType.Float);
    int width = objective.width();
    int members = decoder.config().labels() / width;
    double[] ratings = new double[examples.size() * width];
    for (int i = 0; i < ratings.length; i++) {
      ratings[i] = examples.get(i / width).ratings[i % width];
    }
    Tensor labels = Ops.like(outputs, ratings).view(examples.size(), width);
    Tensor cost = mul(outputs.sum(), 0);
    for (int m = 0; m < members; m++) {
      double[] rated = new double[ratings.length];
      for (int i = 0; i < rated.length; i++) {
        int drawn = draws.length == 0 ? 1 : draws[m][examples.get(i / width).prompt];
        rated[i] = Double.isNaN(ratings[i]) ? 0 : drawn;
      }
      Tensor own = slice(outputs, 1, (long) m * width, (long) (m + 1) * width);
      Tensor weight = Ops.like(outputs, rated).view(examples.size(), width);
      cost = add(cost, objective.loss(own, labels, weight));
    }
    return Cost.of(div(cost, members));
  }
}
