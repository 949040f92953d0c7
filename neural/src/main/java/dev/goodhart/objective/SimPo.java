package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.softplus;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Simple preference optimisation: the mean log-probability of a token is the reward, as it is when
 * responses are decoded. Needs no reference, and pays nothing for length.
 *
 * <pre>{@code cost = −log σ(β · (mean log chosen − mean log rejected) − γ)}</pre>
 *
 * <p>in nats. Nothing holds the policy near where it began but few steps at a low rate.
 *
 * @param beta of the reward, above 0
 * @param gamma γ, the margin that is asked for, at least 0; β/2 is common
 */
@Method(name = "simpo", source = "arXiv 2405.14734")
public record SimPo(@Default("2") double beta, @Default("1") double gamma)
    implements PreferenceObjective {
  public SimPo {
    Expect.positive("beta", beta);
    Expect.atLeastZero("gamma", gamma);
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    return softplus(sub(gamma, mul(beta, lead(pairs))));
  }

  @Override
  public Tensor lead(PreferenceBatch pairs) {
    return sub(pairs.chosenMean(), pairs.rejectedMean());
  }

  @Override
  public boolean reference() {
    return false;
  }
}
