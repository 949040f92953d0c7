package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * A preference objective with fine-tuning on the chosen responses beside it, so that they do not
 * become less likely while they move ahead. For reasoning, where the chosen response must also be
 * said; the paper's has DPO inside.
 *
 * <pre>{@code cost = objective − α · mean log-probability of the chosen response's tokens}</pre>
 *
 * @param objective that the term is added to
 * @param alpha α, at least 0
 */
@Method(source = "arXiv 2404.19733")
public record Rpo(PreferenceObjective objective, @Default("1") double alpha)
    implements PreferenceObjective {
  public Rpo {
    Expect.atLeastZero("alpha", alpha);
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    return sub(objective.of(pairs), mul(alpha, pairs.chosenMean()));
  }

  @Override
  public boolean reference() {
    return objective.reference();
  }

  @Override
  public Tensor lead(PreferenceBatch pairs) {
    return objective.lead(pairs);
  }
}
