package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.max;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.scalarLike;
import static dev.goodhart.neural.engine.Ops.sum;
import static dev.goodhart.neural.engine.Ops.where;

import org.bytedeco.pytorch.Tensor;

/** Averages over what counts. */
final class Weighted {
  private static final double LEAST = 1e-30;

  private Weighted() {}

  /** Σ weight · cost / Σ weight; 0 when nothing counts, so that an empty batch moves nothing. */
  static Tensor mean(Tensor cost, Tensor weight) {
    return div(sum(mul(weight, cost)), max(sum(weight), scalarLike(weight, LEAST)));
  }

  /**
   * The values where they count, and 0 elsewhere. To be done before a formula, not after it: the
   * gradient of a formula at NaN is NaN, also when it is multiplied by 0.
   */
  static Tensor only(Tensor values, Tensor weight) {
    return where(weight.ne(scalarLike(weight, 0)), values, scalarLike(values, 0));
  }
}
