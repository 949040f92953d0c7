package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.mul;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.neural.engine.Ops;
import org.bytedeco.pytorch.Tensor;

/**
 * DPO for labels of which some are wrong: it ends at a finite margin instead of growing for ever.
 *
 * <pre>{@code cost = −(1 − s) · log σ(β · h) − s · log σ(−β · h)}</pre>
 *
 * <p>in nats; least at β · h = ln((1 − s)/s). See {@code rdpo} for the cost that is unbiased under
 * wrong labels instead.
 *
 * @param beta how dear a nat from the reference is, above 0
 * @param labelSmoothing s, the share of labels that is taken to be wrong, in [0, 0.5)
 */
@Method(name = "cdpo", source = "Mitchell 2023; arXiv 2305.18290")
public record ConservativeDpo(@Default("0.1") double beta, @Default("0.1") double labelSmoothing)
    implements PreferenceObjective {
  public ConservativeDpo {
    Expect.positive("beta", beta);
    Expect.flips("label-smoothing", labelSmoothing);
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    Tensor z = mul(beta, pairs.margin());
    return BradleyTerry.cost(Ops.scalarLike(z, 1 - labelSmoothing), z);
  }
}
