package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.like;
import static dev.goodhart.neural.engine.Ops.logSoftmax;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.pick;
import static dev.goodhart.neural.engine.Ops.softmax;
import static dev.goodhart.neural.engine.Ops.sum;
import static dev.goodhart.neural.engine.Ops.to;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Learns which of several classes each step of a response is in: a process reward model of data
 * that knows more than right and wrong, such as wrong, neutral and right. Read at the last token of
 * every step t.
 *
 * <pre>{@code
 * cost    = −mean_t log softmax(outputs_t)[class_t]
 * score_t = Σ_c value_c · softmax(outputs_t)[c]
 * }</pre>
 *
 * <p>in nats, over all steps of the batch.
 *
 * @param values what a step of each class is worth, by class number, at least two; the defaults are
 *     wrong, neutral (which does no harm) and right
 */
@Method(source = "arXiv 2305.20050")
public record StepClasses(@Default("[0, 1, 1]") List<Double> values) implements PointObjective {
  public StepClasses {
    values = List.copyOf(values);
    if (values.size() < 2 || !values.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("values must be two or more numbers, not " + values);
    }
  }

  @Override
  public int width() {
    return values.size();
  }

  /**
   * @param outputs logits at every token, {@code [tokens, classes]} packed or {@code [batch, time,
   *     classes]}
   * @param labels the class number of the step which ends here, from 0, {@code [tokens]} or {@code
   *     [batch, time]}
   * @param stepEnd 1 at the last token of a labelled step, 0 elsewhere, of the labels' shape
   */
  @Override
  public Tensor loss(Tensor outputs, Tensor labels, Tensor stepEnd) {
    expectClasses(outputs);
    Expect.sameShape("labels", labels, "outputs without its last dimension", outputs.select(-1, 0));
    Expect.sameShape("stepEnd", stepEnd, "labels", labels);
    Tensor everyClass = stepEnd.unsqueeze(-1).expand_as(outputs);
    Tensor logits = Weighted.only(outputs, everyClass);
    Tensor classes = to(Weighted.only(labels, stepEnd), ScalarType.Long);
    return Weighted.mean(neg(pick(logSoftmax(logits, -1), classes)), stepEnd);
  }

  /** What each step is worth, of the outputs' shape without its last dimension. */
  public Tensor score(Tensor outputs) {
    expectClasses(outputs);
    double[] worth = values.stream().mapToDouble(v -> v).toArray();
    return sum(mul(softmax(outputs, -1), like(outputs, worth)), -1);
  }

  private void expectClasses(Tensor outputs) {
    if (outputs.dim() < 1 || outputs.size(-1) != width()) {
      Expect.shape("the last dimension of outputs", outputs, width());
    }
  }
}
