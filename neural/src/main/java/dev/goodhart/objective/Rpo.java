package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * A preference objective with fine-tuning on the chosen responses beside it, so that they do not
 * become less likely while they move ahead: pairs say nothing of responses that the data lacks, and
 * a policy that only widens margins may give those the weight it takes from both.
 *
 * <pre>{@code
 * mean: cost = objective − α · mean log-probability of the chosen response's tokens
 * sum:  cost = objective − α · log-probability of the chosen response
 * }</pre>
 *
 * <p>Around DPO this is the least favourable reward's: among rewards R that explain the pairs,
 * {@code max over policies, min over R} of {@code η · (E_policy R − E_chosen R − β · KL(policy ‖
 * reference)) + cost of R} lets the two change places, the best policy of R has {@code R = β · log
 * policy/reference + const}, and what is left of the first part is {@code −η · β · E_chosen log
 * policy}: {@code sum} with α = η · β. {@code mean} is the variant for reasoning, with α of its own
 * size (η in the authors' code, without β); the two agree where α of the mean is α of the sum times
 * the length. A policy that is best for a reward too high on what the data lacks pays for it here.
 *
 * <p>System 2; with {@code mean} around DPO also iterative reasoning preference optimisation. Not
 * the odds-ratio method of similar initials, {@code orpo}.
 *
 * @param objective that the term is added to
 * @param alpha α, at least 0; 0 is the objective alone, large ones are fine-tuning
 * @param reduction of the log-probabilities of the chosen response's tokens
 */
@Method(id = 2, source = "arXiv 2405.16436; arXiv 2404.19733")
public record Rpo(
    PreferenceObjective objective, @Default("1") double alpha, @Default("mean") Reduction reduction)
    implements PreferenceObjective {
  /** How a response's tokens become one number. */
  public enum Reduction {
    MEAN,
    SUM
  }

  public Rpo {
    Expect.atLeastZero("alpha", alpha);
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    return sub(objective.of(pairs), mul(alpha, likely(pairs)));
  }

  private Tensor likely(PreferenceBatch pairs) {
    return reduction == Reduction.SUM ? pairs.chosen() : pairs.chosenMean();
  }

  @Override
  public boolean labelsFollow() {
    return objective.labelsFollow();
  }

  @Override
  public Tensor follow(PreferenceBatch pairs, Tensor dynamic) {
    return objective.follow(pairs, dynamic);
  }

  /** The data's own labels say which response is to stay likely. */
  @Override
  public Tensor loss(PreferenceBatch pairs, PairLabels labels, Tensor dynamic) {
    Tensor p = labels.probability();
    Tensor likely = add(mul(p, likely(pairs)), mul(sub(1, p), likely(pairs.turned())));
    return sub(objective.loss(pairs, labels, dynamic), mul(alpha, labels.mean(likely)));
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
