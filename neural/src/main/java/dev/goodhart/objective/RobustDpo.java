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
 * <p>in nats, for any policy. The slope in β · h is {@code −[(1 − e) · σ(−β · h) + e · σ(β · h)] /
 * (1 − 2e)}, at least e/(1 − 2e) however clear the pair, and the curvature is DPO's. So the cost of
 * a pair falls without bound; that of a data set does not as long as every direction that clears
 * some pairs puts a share of more than e of them, by the size of their margins, in the wrong order:
 * e must not be above the error that training can reach, or something else (few steps, a penalty on
 * the weights) must hold the policy. A share that is wrong by a little costs little.
 *
 * <p>The noise of the mean grows with 1/(1 − 2e)², 25 at e = 0.4, and with few pairs outweighs the
 * bias that it takes away. e is the share of labels that are turned round, not of people who choose
 * the worse response: where those follow Bradley–Terry, e is 0.
 *
 * @param beta how dear a nat from the reference is, above 0
 * @param flips e, the share of labels that is flipped, in [0, 0.5)
 */
@Method(id = 189, name = "rdpo", source = "arXiv 2403.00409")
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
