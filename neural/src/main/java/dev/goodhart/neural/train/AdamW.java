package dev.goodhart.neural.train;

import dev.goodhart.Default;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019). With gradient
 * g and learning rate η, step t (from 1) does
 *
 * <pre>{@code
 * w ← w · (1 − η · decay)                         matrices alone
 * m ← β₁ m + (1 − β₁) g,    v ← β₂ v + (1 − β₂) g²
 * w ← w − η · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)
 * }</pre>
 *
 * @param beta1 how much of the mean of gradients a step keeps, in [0, 1)
 * @param beta2 the same of the mean of their squares, in [0, 1)
 * @param epsilon above 0, in the unit of the gradient
 * @param decay the share of the learning rate by which matrices shrink in each step, at least 0
 */
public record AdamW(
    @Default("0.9") double beta1,
    @Default("0.95") double beta2,
    @Default("1e-8") double epsilon,
    @Default("0.01") double decay) {
  /** Elements that fit a processor's cache with their moments, so that each is fetched once. */
  private static final long PIECE = 1 << 15;

  public AdamW {
    if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException(
          "beta1 and beta2 must lie in [0, 1), not " + beta1 + " and " + beta2);
    }
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon must be above 0, not " + epsilon);
    }
    if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("decay must be finite and at least 0, not " + decay);
    }
  }

  /** What many trainings of language models take: 0.9, 0.95, 1e-8 and a decay of 0.01. */
  public static AdamW standard() {
    return new AdamW(0.9, 0.95, 1e-8, 0.01);
  }

  /**
   * Running means of the gradients and of their squares, in the row of the {@link Parameters}.
   *
   * @param mean {@code [parameters.size()]}
   * @param square {@code [parameters.size()]}
   */
  public record Moments(Tensor mean, Tensor square) implements AutoCloseable {
    /** All 0, as before the first step. */
    public static Moments of(Parameters parameters) {
      return new Moments(zeros(parameters), zeros(parameters));
    }

    private static Tensor zeros(Parameters parameters) {
      return Scope.outside(
          () -> parameters.device().zeros(ScalarType.Float, parameters.values().numel()));
    }

    @Override
    public void close() {
      mean.close();
      square.close();
    }
  }

  /**
   * Changes the parameters by their gradient.
   *
   * @param step from 1
   */
  public void step(Parameters parameters, Moments moments, long step, double rate) {
    if (step < 1) throw new IllegalArgumentException("step must be at least 1, not " + step);
    long size = parameters.values().numel();
    long piece = parameters.device().isGpu() ? size : PIECE;
    try (Scope all = Scope.inference()) {
      var numbers = new Numbers(this, step, rate);
      for (long from = 0; from < size; ) {
        boolean decayed = from < parameters.decayed();
        long to = Math.min(from + piece, decayed ? parameters.decayed() : size);
        piece(parameters, moments, from, to, decayed && decay > 0, numbers);
        from = to;
      }
    }
  }

  /** The numbers of a step that all elements share. */
  private record Numbers(
      Scalar keep,
      Scalar toMean,
      Scalar beta2,
      Scalar toSquare,
      Scalar root,
      Scalar epsilon,
      Scalar by) {
    Numbers(AdamW o, long step, double rate) {
      this(
          new Scalar(1 - rate * o.decay),
          new Scalar(1 - o.beta1),
          new Scalar(o.beta2),
          new Scalar(1 - o.beta2),
          new Scalar(1 / Math.sqrt(1 - StrictMath.pow(o.beta2, step))),
          new Scalar(o.epsilon),
          new Scalar(-rate / (1 - StrictMath.pow(o.beta1, step))));
    }
  }

  private static void piece(
      Parameters parameters, Moments moments, long from, long to, boolean shrink, Numbers n) {
    try (Scope ignored = Scope.inference()) {
      Tensor w = Ops.slice(parameters.values(), 0, from, to);
      Tensor g = Ops.slice(parameters.gradient(), 0, from, to);
      Tensor m = Ops.slice(moments.mean, 0, from, to);
      Tensor v = Ops.slice(moments.square, 0, from, to);
      if (shrink) w.mul_(n.keep);
      m.lerp_(g, n.toMean);
      v.mul_(n.beta2).addcmul_(g, g, n.toSquare);
      w.addcdiv_(m, torch.sqrt(v).mul_(n.root).add_(n.epsilon), n.by);
    }
  }
}
