package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Sequence likelihood calibration: the chosen response shall be likelier by a margin, and a pair
 * that is teaches nothing more. Needs no reference; the likelihood of the chosen response holds the
 * policy.
 *
 * <pre>{@code cost = max(0, δ − log P(chosen) + log P(rejected)) − λ · log P(chosen)}</pre>
 *
 * <p>in nats, with log P summed over tokens. The paper takes the target of fine-tuning for the
 * second term where there is one.
 *
 * @param delta δ, the margin, in nats, at least 0
 * @param lambda λ, how much the likelihood counts, at least 0
 */
@Method(source = "arXiv 2305.10425")
public record Slic(@Default("1") double delta, @Default("0.1") double lambda)
    implements PreferenceObjective {
  public Slic {
    Expect.atLeastZero("delta", delta);
    Expect.atLeastZero("lambda", lambda);
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    Tensor missing = clamp(sub(delta, lead(pairs)), 0, Double.POSITIVE_INFINITY);
    return add(missing, neg(mul(lambda, pairs.chosen())));
  }

  @Override
  public boolean reference() {
    return false;
  }
}
