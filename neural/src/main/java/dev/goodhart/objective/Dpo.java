package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.softplus;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Direct preference optimisation: fits the reward β · log policy/reference, which every policy is
 * optimal for, to the preferences by Bradley–Terry. The one to begin with.
 *
 * <pre>{@code cost = −log σ(β · h)}</pre>
 *
 * <p>in nats. The gradient fades as a pair becomes clear, but never ends: with labels of one mind
 * the best h is infinite, whatever β, and both responses may become less likely as it grows.
 *
 * @param beta how dear a nat from the reference is, above 0; small lets the policy go far
 */
@Method(source = "arXiv 2305.18290")
public record Dpo(@Default("0.1") double beta) implements PreferenceObjective {
  public Dpo {
    Expect.positive("beta", beta);
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    return softplus(neg(mul(beta, pairs.margin())));
  }
}
