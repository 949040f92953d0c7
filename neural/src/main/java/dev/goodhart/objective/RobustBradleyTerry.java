package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Trains a reward model on preferences of which a known share is turned round: over such labels the
 * cost has the mean of {@code bradley-terry}'s over the true ones. What {@code rdpo} is to DPO.
 *
 * <pre>{@code
 * q = (p − e) / (1 − 2e)                    below 0 or above 1 for clear labels
 * cost = −[q · log σ(Δ) + (1 − q) · log σ(−Δ)],   Δ = r(chosen) − r(rejected)
 * }</pre>
 *
 * <p>in nats. Label smoothing believes in the same flips and fits rewards to what the labels say,
 * flips and all; this takes the flips out, so that rewards keep their scale. Unbounded below where
 * the model can put all pairs in the order of their labels: few epochs, or e below the error of
 * training.
 *
 * @param flips e, in [0, 0.5); 0 is Bradley–Terry
 */
@Method(source = "arXiv 2403.00409")
public record RobustBradleyTerry(@Default("0.1") double flips) implements PairObjective {
  public RobustBradleyTerry {
    Expect.flips("flips", flips);
  }

  @Override
  public Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels) {
    labels.expect(chosen, rejected);
    Tensor q = div(sub(labels.probability(), flips), 1 - 2 * flips);
    return labels.mean(BradleyTerry.cost(q, sub(chosen, rejected)));
  }
}
