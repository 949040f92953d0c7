package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.square;
import static dev.goodhart.neural.engine.Ops.sub;

import org.bytedeco.pytorch.Tensor;

/**
 * What one drawn token says of the divergence KL(policy ‖ reference), in nats. With l = now −
 * reference
 *
 * <pre>{@code
 * k1 = l          k2 = l² / 2          k3 = exp(−l) − 1 + l
 * }</pre>
 *
 * <p>k1 and k3 have the divergence as their mean, k3 with less variance where the two are near and
 * never below 0; k2 is a little off. <b>Their gradients are another matter</b>, and which is right
 * depends on where the estimate goes. Tokens being drawn by the policy itself,
 *
 * <pre>{@code
 *                      in the loss (differentiated)          in the reward (held fixed)
 * k1                   0: it does nothing                    ∇KL(policy ‖ reference)
 * k2                   ∇KL(policy ‖ reference)               biased
 * k3                   ∇KL(reference ‖ policy)               ∇KL(policy ‖ reference)
 *                                                            − ∇KL(reference ‖ policy)
 * }</pre>
 *
 * <p>in the mean over tokens of one position: so k1 belongs in the reward and k2 in the loss. k3 in
 * the loss is common (GRPO); its gradient is the other divergence's, which has the same minimum but
 * pulls less at what the reference would hardly say, and harder at what the policy no longer says.
 * A loss sees each token's own position only; the reward's placement also counts what a token does
 * to later positions.
 */
public enum KlEstimator {
  K1,
  K2,
  K3;

  /** Beyond this |l| the exponential goes on as its tangent, so that 32 bits do not overflow. */
  private static final double LINEAR = 20;

  /**
   * The estimate at each token, with gradient.
   *
   * @param now log-probabilities under the policy, of any shape
   * @param reference the same under the reference
   */
  public Tensor of(Tensor now, Tensor reference) {
    Expect.sameShape("reference", reference, "now", now);
    Tensor l = sub(now, reference);
    return switch (this) {
      case K1 -> l;
      case K2 -> mul(0.5, square(l));
      case K3 -> add(ChiSquared.expm1Until(LINEAR, neg(l)), l);
    };
  }

  /** The same in plain numbers, to be taken off rewards. */
  public double of(double now, double reference) {
    double l = now - reference;
    return switch (this) {
      case K1 -> l;
      case K2 -> l * l / 2;
      case K3 -> (-l > LINEAR ? Math.exp(LINEAR) * (1 - l - LINEAR) - 1 : Math.expm1(-l)) + l;
    };
  }

  /** The same for each token of a response. */
  public double[] of(double[] now, double[] reference) {
    if (now.length != reference.length) {
      throw new IllegalArgumentException(
          now.length
              + " log-probabilities of the policy, "
              + reference.length
              + " of the reference");
    }
    double[] estimates = new double[now.length];
    for (int t = 0; t < now.length; t++) estimates[t] = of(now[t], reference[t]);
    return estimates;
  }
}
