package dev.goodhart.neural.reward;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.mul;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Task;
import dev.goodhart.objective.StepOutcome;
import java.util.List;
import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What verdicts on the steps of responses cost a transformer whose members each have one output,
 * read at the last token of every step: a process reward model.
 *
 * @param decoder with the outputs of the members side by side, over what is trained
 * @param draws by member and prompt, how often it was drawn; empty for once everywhere
 */
record StepTask(Decoder decoder, StepOutcome objective, int[][] draws)
    implements Task<StepTask.Judged> {
  /**
   * A response with its verdicts.
   *
   * @param encoded marked at the end of each step
   * @param labels the probability that each step is right, one a mark
   */
  record Judged(int prompt, Encoded encoded, double[] labels) {
    Judged {
      if (labels.length != encoded.marks().length) {
        throw new IllegalArgumentException(
            labels.length + " labels for " + encoded.marks().length + " steps");
      }
    }
  }

  @Override
  public int tokens(Judged example) {
    return example.encoded.ids().length;
  }

  /** Steps weigh the same, so that a pass counts by its steps. */
  @Override
  public double weight(Judged example) {
    return example.labels.length;
  }

  @Override
  public Cost cost(List<Judged> examples) {
    List<Encoded> encoded = examples.stream().map(Judged::encoded).toList();
    Tensor outputs = Ops.to(RewardNet.outputs(decoder, encoded), ScalarType.Float);
    Tensor labels =
        Ops.like(outputs, examples.stream().flatMapToDouble(StepTask::labels).toArray());
    int members = decoder.config().labels();
    Tensor cost = mul(outputs.sum(), 0);
    for (int m = 0; m < members; m++) {
      int member = m;
      double[] drawn =
          examples.stream()
              .flatMapToDouble(
                  e -> DoubleStream.generate(() -> drawn(member, e)).limit(e.labels.length))
              .toArray();
      Tensor own = outputs.select(1, m);
      cost = add(cost, objective.loss(own, labels, Ops.like(outputs, drawn)));
    }
    return Cost.of(div(cost, members));
  }

  private static DoubleStream labels(Judged example) {
    return DoubleStream.of(example.labels);
  }

  private double drawn(int member, Judged example) {
    return draws.length == 0 ? 1 : draws[member][example.prompt];
  }
}
