package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.sub;

import org.bytedeco.pytorch.Tensor;

/**
 * A loss of pairs of responses to one prompt. What the model says of a response is its reward,
 * {@code [batch]}, or where {@link #width()} is above 1 a row of numbers, {@code [batch, width]}.
 */
public interface PairObjective extends Objective {
  /** How many numbers the model says of a response. */
  default int width() {
    return 1;
  }

  /**
   * The mean cost of a pair in nats, a scalar; pairs of weight 0 have no part in it.
   *
   * @param chosen what the model says of the chosen responses, {@code [batch]} or {@code [batch,
   *     width]}
   * @param rejected the same of the rejected ones
   */
  Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels);

  /** The same over plain preferences of one strength and weight. */
  default Tensor loss(Tensor chosen, Tensor rejected) {
    return loss(chosen, rejected, PairLabels.preferred(chosen));
  }

  /**
   * The numbers of its own that the objective learns beside the model, at the start of training and
   * without bounds; none if all are fixed.
   */
  default double[] parameters() {
    return new double[0];
  }

  /**
   * The loss at other values of its own parameters, to which gradients flow too.
   *
   * @param parameters as many as {@link #parameters()}, {@code [n]}
   */
  default Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels, Tensor parameters) {
    return loss(chosen, rejected, labels);
  }

  /** The same objective with what its parameters have become, fixed: what a spec would say. */
  default PairObjective fitted(double[] parameters) {
    return this;
  }

  /**
   * How far the model puts the chosen response ahead, {@code [batch]}: above 0 where it agrees with
   * the label, of opposite sign when the two change places.
   */
  default Tensor lead(Tensor chosen, Tensor rejected) {
    Expect.sameShape("rejected", rejected, "chosen", chosen);
    return sub(chosen, rejected);
  }
}
