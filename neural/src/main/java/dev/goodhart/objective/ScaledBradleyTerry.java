package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Bradley–Terry where a pair counts as often as its strength says. For data that grades by how much
 * the better response is better, most of all when the weak grades are often wrong; meant to go on
 * from a model trained by {@link AttributeRegression} on ratings of the same responses.
 *
 * <pre>
 * {@code cost = −strength · [p · log σ(Δ) + (1 − p) · log σ(−Δ)],   Δ = r(chosen) − r(rejected)}
 * </pre>
 *
 * <p>in nats. It is the loss of the data set in which each pair stands {@code strength} times:
 * unlike a margin it asks for no least distance. The mean is over pairs and not over strengths, so
 * with a mean strength of 2 the steps are twice those of {@link BradleyTerry}; a pair of strength 0
 * teaches nothing. HelpSteer2-Preference (system 51) has strengths 1 to 3.
 */
@Method(source = "arXiv 2410.01257")
public record ScaledBradleyTerry() implements PairObjective {
  @Override
  public Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels) {
    labels.expect(chosen, rejected);
    Tensor cost = BradleyTerry.cost(labels.probability(), sub(chosen, rejected));
    return labels.mean(mul(labels.strength(), cost));
  }
}
