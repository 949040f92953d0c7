package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.logSigmoid;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.sigmoid;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Efficient exact optimisation: the divergence the other way round. DPO covers what the labels say,
 * EXO settles on their mode, as optimising a reward under a KL penalty does.
 *
 * <pre>{@code
 * q    = (σ(β · h), σ(−β · h))            what the policy says of the pair
 * p    = (1 − s, s)                       what the label says
 * cost = KL(q ‖ p)
 * }</pre>
 *
 * <p>in nats; least, 0, at β · h = ln((1 − s)/s). Far on the wrong side, where q is near (0, 1), it
 * is flat, unlike DPO: such pairs teach little.
 *
 * @param beta how dear a nat from the reference is, above 0
 * @param labelSmoothing s, above 0, as the divergence is infinite at 0, and below 0.5
 */
@Method(source = "arXiv 2402.00856")
public record Exo(@Default("0.1") double beta, @Default("1e-3") double labelSmoothing)
    implements PreferenceObjective {
  public Exo {
    Expect.positive("beta", beta);
    Expect.flips("label-smoothing", labelSmoothing);
    Expect.positive("label-smoothing", labelSmoothing);
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    Tensor z = mul(beta, pairs.margin());
    return add(
        mul(sigmoid(z), sub(logSigmoid(z), Math.log1p(-labelSmoothing))),
        mul(sigmoid(neg(z)), sub(logSigmoid(neg(z)), Math.log(labelSmoothing))));
  }
}
