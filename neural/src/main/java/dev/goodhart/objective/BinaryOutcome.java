package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.softplus;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Learns whether a response is right: an outcome reward model. For data with a label for each
 * response, from a verifier or from thumbs up and down; unlike comparisons it fixes the level of
 * the reward, whose σ is the probability of being right. With output z and label p
 *
 * <pre>{@code cost = −[c · p · log σ(z) + (1 − p) · log σ(−z)]}</pre>
 *
 * <p>in nats, averaged by weight. A label may be a share, such as 3 right of 8 samples: then the
 * least cost is at σ(z) = p (for c = 1).
 *
 * @param positiveWeight c, what a right response counts against a wrong one, above 0; wrong ones
 *     divided by right ones balances the classes, and σ(z) is then no longer the probability
 */
@Method(source = "arXiv 2110.14168")
public record BinaryOutcome(@Default("1") double positiveWeight) implements PointObjective {
  public BinaryOutcome {
    expectPositive(positiveWeight);
  }

  static void expectPositive(double positiveWeight) {
    if (!(positiveWeight > 0 && positiveWeight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "positive-weight must be finite and above 0, not " + positiveWeight);
    }
  }

  @Override
  public int width() {
    return 1;
  }

  /**
   * @param outputs logits, {@code [batch]}
   * @param labels the probability of being right, {@code [batch]}
   */
  @Override
  public Tensor loss(Tensor outputs, Tensor labels, Tensor weight) {
    return loss(positiveWeight, outputs, labels, weight);
  }

  static Tensor loss(double positiveWeight, Tensor outputs, Tensor labels, Tensor weight) {
    Expect.sameShape("labels", labels, "outputs", outputs);
    Expect.sameShape("weight", weight, "outputs", outputs);
    Tensor z = Weighted.only(outputs, weight);
    Tensor p = Weighted.only(labels, weight);
    Tensor right = mul(mul(positiveWeight, p), softplus(z.neg()));
    return Weighted.mean(add(right, mul(sub(1, p), softplus(z))), weight);
  }
}
