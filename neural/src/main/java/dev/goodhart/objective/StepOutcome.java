package dev.goodhart.objective;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Learns whether each step of a response is right: a process reward model, read at the last token
 * of every step. For reasoning, where a label for each step (from people, or the share of
 * completions from there that end well) says where it went wrong. With output z_t and label p_t at
 * the step ends t
 *
 * <pre>{@code cost = −mean_t [c · p_t · log σ(z_t) + (1 − p_t) · log σ(−z_t)]}</pre>
 *
 * <p>in nats, over all steps of the batch, so that a long response counts more. {@link StepScores}
 * makes one reward of the steps'.
 *
 * @param positiveWeight c, what a right step counts against a wrong one, above 0
 */
@Method(source = "arXiv 2312.08935")
public record StepOutcome(@Default("1") double positiveWeight) implements PointObjective {
  public StepOutcome {
    BinaryOutcome.expectPositive(positiveWeight);
  }

  @Override
  public int width() {
    return 1;
  }

  /**
   * @param outputs a logit at every token, {@code [tokens]} packed or {@code [batch, time]}
   * @param labels the probability that the step which ends here is right, of the outputs' shape
   * @param stepEnd 1 at the last token of a labelled step, 0 elsewhere, of the outputs' shape
   */
  @Override
  public Tensor loss(Tensor outputs, Tensor labels, Tensor stepEnd) {
    return BinaryOutcome.loss(positiveWeight, outputs, labels, stepEnd);
  }
}
