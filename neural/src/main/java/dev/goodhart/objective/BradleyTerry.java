package dev.goodhart.objective;

import dev.goodhart.Default;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Trains a reward model on preferences: the chosen response should earn more than the rejected one.
 * With z = r(chosen) − r(rejected) − margin · strength and label smoothing s, a pair costs
 *
 * <pre>{@code −[(1 − s) · log σ(z) + s · log σ(−z)]}</pre>
 *
 * <p>in nats: the negative log-likelihood of the Bradley–Terry model when a share s of the labels
 * is flipped (Bradley and Terry 1952; the margin as in Llama 2, the smoothing as in conservative
 * DPO).
 *
 * @param margin how much more the chosen response should earn, for each unit of the pair's
 *     strength, in the unit of the reward; at least 0, and 0 for none
 * @param labelSmoothing the share of labels that is taken to be wrong, in [0, 0.5); 0 for none
 */
public record BradleyTerry(@Default("0") double margin, @Default("0") double labelSmoothing) {
  public BradleyTerry {
    if (!(margin >= 0 && margin < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("margin must be finite and at least 0, not " + margin);
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
      throw new IllegalArgumentException(
          "label-smoothing must lie in [0, 0.5), not " + labelSmoothing);
    }
  }

  /** The mean cost over pairs of strength 1. See {@link #loss(Tensor, Tensor, Tensor)}. */
  public Tensor loss(Tensor chosen, Tensor rejected) {
    return loss(chosen, rejected, torch.ones_like(chosen));
  }

  /**
   * The mean cost of a batch of pairs, a scalar that autograd can follow into the rewards.
   *
   * @param chosen rewards of the chosen responses, {@code [batch]}
   * @param rejected rewards of the rejected ones, {@code [batch]}
   * @param strength by how much the chosen response is better, in the data's unit, {@code [batch]}
   */
  public Tensor loss(Tensor chosen, Tensor rejected, Tensor strength) {
    sameShape("rejected", rejected, chosen);
    sameShape("strength", strength, chosen);
    Tensor z = chosen.sub(rejected).sub(strength.mul(new Scalar(margin)));
    // −log σ(z) = softplus(−z), which neither overflows nor loses the tail where σ(z) rounds to 0.
    Tensor right = torch.softplus(z.neg()).mul(new Scalar(1 - labelSmoothing));
    Tensor flipped = torch.softplus(z).mul(new Scalar(labelSmoothing));
    return right.add(flipped).mean();
  }

  private static void sameShape(String name, Tensor tensor, Tensor chosen) {
    long[] expected = chosen.shape();
    long[] given = tensor.shape();
    if (!Arrays.equals(expected, given)) {
      throw new IllegalArgumentException(
          name
              + " has shape "
              + Arrays.toString(given)
              + ", chosen has "
              + Arrays.toString(expected));
    }
  }
}
