package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.softplus;
import static dev.goodhart.neural.engine.Ops.square;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Trains a reward model on preferences: the chosen response should earn more than the rejected one.
 * The loss to begin with. A pair whose label says p costs
 *
 * <pre>{@code
 * z = r(chosen) − r(rejected) − margin · strength · sign(p − ½)
 * q = (1 − s) · p + s · (1 − p)                        s the label smoothing
 * cost = −[q · log σ(z) + (1 − q) · log σ(−z)] + centring · (r(chosen) + r(rejected))²
 * }</pre>
 *
 * <p>in nats: the negative log-likelihood of the Bradley–Terry model when a share s of the labels
 * is flipped. With p = ½ a tie trains a tie: it costs least at equal rewards. Only differences of
 * rewards matter to the likelihood; the centring holds their level near 0, so that rewards of
 * several models, or of several prompts, can be compared.
 *
 * <p>Bradley and Terry 1952; the margin as in Llama 2, the smoothing as in conservative DPO, the
 * centring as in system 3.
 *
 * @param margin how much more the better response should earn, for each unit of the pair's
 *     strength, in the unit of the reward; at least 0, and 0 for none
 * @param labelSmoothing the share of labels that is taken to be wrong, in [0, 0.5); 0 for none
 * @param centring what a squared unit of reward away from 0 costs, at least 0; 0.01 is common
 */
@Method(source = "Bradley and Terry 1952; arXiv 2307.09288; arXiv 2312.09244")
public record BradleyTerry(
    @Default("0") double margin, @Default("0") double labelSmoothing, @Default("0") double centring)
    implements PairObjective {
  public BradleyTerry {
    if (!(margin >= 0 && margin < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("margin must be finite and at least 0, not " + margin);
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
      throw new IllegalArgumentException(
          "label-smoothing must lie in [0, 0.5), not " + labelSmoothing);
    }
    if (!(centring >= 0 && centring < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("centring must be finite and at least 0, not " + centring);
    }
  }

  @Override
  public Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels) {
    labels.expect(chosen, rejected);
    Tensor p = labels.probability();
    Tensor asked = mul(mul(margin, labels.strength()), labels.direction());
    Tensor z = sub(sub(chosen, rejected), asked);
    Tensor q = add(mul(1 - 2 * labelSmoothing, p), labelSmoothing);
    return labels.mean(add(cost(q, z), mul(centring, square(add(chosen, rejected)))));
  }

  /** −[q · log σ(z) + (1 − q) · log σ(−z)]: the cost of log-odds z when the label says q. */
  static Tensor cost(Tensor q, Tensor z) {
    // −log σ(z) = softplus(−z), which neither overflows nor loses the tail where σ(z) rounds to 0.
    return add(mul(q, softplus(z.neg())), mul(sub(1, q), softplus(z)));
  }
}
