package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.sub;

import org.bytedeco.pytorch.Tensor;

/**
 * How a policy learns from preferences directly, without a reward model or drawing responses. In
 * all of them, h is {@link PreferenceBatch#margin()}: log policy/reference of the chosen response
 * minus that of the rejected one.
 */
public interface PreferenceObjective extends Objective {
  /** What each pair costs if its label is right, {@code [batch]}. */
  Tensor of(PreferenceBatch pairs);

  /** Whether log-probabilities under the reference are needed. */
  default boolean reference() {
    return true;
  }

  /**
   * How far the policy puts the chosen response ahead, by the objective's own measure, {@code
   * [batch]}: above 0 where it agrees with the label.
   */
  default Tensor lead(PreferenceBatch pairs) {
    return reference() ? pairs.margin() : sub(pairs.chosen(), pairs.rejected());
  }

  /**
   * Whether labels follow the policy as it learns. The caller then keeps one number for each pair
   * from step to step and from epoch to epoch, the data's probability at first, computes the loss
   * with it and asks {@link #follow} for the next.
   */
  default boolean labelsFollow() {
    return false;
  }

  /** What becomes of such labels after a look at their pairs, {@code [batch]}, no gradient. */
  default Tensor follow(PreferenceBatch pairs, Tensor dynamic) {
    return dynamic;
  }

  /**
   * The mean cost with such labels, a scalar.
   *
   * @param labels the data's, which go on saying what a pair weighs
   * @param dynamic what they have become, {@code [batch]}, in [0, 1]; no gradient flows into them
   */
  default Tensor loss(PreferenceBatch pairs, PairLabels labels, Tensor dynamic) {
    return loss(pairs, labels.withProbability(dynamic.detach()));
  }

  /**
   * The mean cost of labelled pairs, a scalar: p · cost + (1 − p) · cost of the pair turned round,
   * where p is the probability that the chosen response is the better one; a tie counts half each
   * way.
   */
  default Tensor loss(PreferenceBatch pairs, PairLabels labels) {
    labels.expect(pairs.chosen(), pairs.rejected());
    Tensor p = labels.probability();
    return labels.mean(add(mul(p, of(pairs)), mul(sub(1, p), of(pairs.turned()))));
  }
}
