package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.mean;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.sigmoid;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Kahneman–Tversky optimisation: learns from single responses that are good or bad, without pairs.
 * For thumbs up and down, and where one kind is far commoner than the other.
 *
 * <pre>{@code
 * r    = log policy/reference of the response
 * z0   = max(0, mean of the same over responses to other prompts)      held fixed: ~ KL
 * cost = desirable · σ(β · (z0 − r))        of a good response
 * cost = undesirable · σ(β · (r − z0))      of a bad one
 * }</pre>
 *
 * <p>between 0 and the weight of its kind. It is flat far to both sides, so that hopeless and wrong
 * labels teach little.
 *
 * @param beta how dear a nat from the reference is, above 0
 * @param desirable what a good response counts, above 0; with unlike numbers of both kinds,
 *     desirable · good : undesirable · bad between 1 and 4/3 is advised
 * @param undesirable what a bad one counts, above 0
 */
@Method(source = "arXiv 2402.01306")
public record Kto(
    @Default("0.1") double beta, @Default("1") double desirable, @Default("1") double undesirable)
    implements Objective {
  public Kto {
    Expect.positive("beta", beta);
    Expect.positive("desirable", desirable);
    Expect.positive("undesirable", undesirable);
  }

  /**
   * The point that gains and losses are counted from, a scalar without gradient.
   *
   * @param ratios log policy/reference of responses under prompts that they do not belong to,
   *     {@code [any]}
   */
  public static Tensor zero(Tensor ratios) {
    return clamp(mean(ratios.detach()), 0, Double.POSITIVE_INFINITY);
  }

  /**
   * The mean cost, a scalar.
   *
   * @param ratios log policy/reference of responses, {@code [batch]}, with gradient
   * @param labels the probability that a response is good, {@code [batch]}
   * @param weight how much each counts, {@code [batch]}
   * @param zero from {@link #zero}, a scalar
   */
  public Tensor loss(Tensor ratios, Tensor labels, Tensor weight, Tensor zero) {
    Expect.sameShape("labels", labels, "ratios", ratios);
    Expect.sameShape("weight", weight, "ratios", ratios);
    Tensor z = mul(beta, sub(ratios, zero));
    Tensor good = mul(mul(desirable, labels), sigmoid(neg(z)));
    Tensor bad = mul(mul(undesirable, sub(1, labels)), sigmoid(z));
    return Weighted.mean(add(good, bad), weight);
  }
}
