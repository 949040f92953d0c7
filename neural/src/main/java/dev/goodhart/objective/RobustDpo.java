package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.softplus;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * DPO whose cost, over labels that are flipped with a known probability, has the mean of DPO's over
 * the true ones.
 *
 * <pre>{@code cost = [−(1 − e) · log σ(β · h) + e · log σ(−β · h)] / (1 − 2e)}</pre>
 *
 * <p>in nats; it may fall below 0, and as DPO's it has no least value at a finite margin. The
 * larger e, the noisier.
 *
 * @param beta how dear a nat from the reference is, above 0
 * @param flips e, the share of labels that is flipped, in [0, 0.5)
 */
@Method(name = "rdpo", source = "arXiv 2403.00409")
public record RobustDpo(@Default("0.1") double beta, @Default("0.1") double flips)
    implements PreferenceObjective {
  public RobustDpo {
    Expect.positive("beta", beta);
    Expect.flips("flips", flips);
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    Tensor z = mul(beta, pairs.margin());
    Tensor right = mul(1 - flips, softplus(neg(z)));
    return div(sub(right, mul(flips, softplus(z))), 1 - 2 * flips);
  }
}
