package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.sigmoid;
import static dev.goodhart.neural.engine.Ops.softplus;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Preference optimisation against the worst reward that explains the pairs, with labels that follow
 * the policy. For data in which some comparisons stand only once or twice: a bad response that
 * happened to win one is not driven up without bound, and with {@code labelRate} below 1 a good one
 * that happened to lose one is not driven down.
 *
 * <pre>{@code
 * m    = β · [w(c) · log P(c) − w(r) · log P(r) + w(c) − w(r)]     c chosen, r rejected
 * cost = −l · log σ(m) − (1 − l) · log σ(−m) − η · β · w(c) · log P(c)
 * l   ← γ · l + (1 − γ) · σ(m)           after each look at the pair, from l = the data's label
 * }</pre>
 *
 * <p>in nats, with w = 1, or 1 over the length in tokens; no reference. The slope in m is σ(m) − l:
 * where labels come to meet the policy, a pair is at rest. Pairs that are seen often, or that agree
 * with others, move the policy before their labels give way; a pair that stands alone moves it
 * little.
 *
 * <p>{@code m} and the last term are those of {@code max over policies, min over rewards r} of
 * {@code cost of r + η · (E_policy r − E_chosen r + β · H_w(policy))} with the weighted entropy
 * {@code H_w = −Σ w · P · log P}: the best policy of r has {@code r = β · w · (log P + 1) + const}.
 * Putting that back leaves one term more, {@code η · β · (E_policy w − E_chosen w)}, which is 0
 * with w = 1. It needs draws of the policy while it learns and is not in the cost.
 *
 * <p>Labels are one number a pair, the caller's to keep across epochs: {@link
 * #loss(PreferenceBatch, PairLabels, Tensor)} and {@link #follow}. The two protections compete, as
 * η pulls to every chosen response, also to those that only happened to win.
 *
 * @param beta β, above 0; without a reference nothing else holds the size of m
 * @param eta η, at least 0
 * @param labelRate γ, in (0, 1]; 1 leaves labels as they are, small ones stop the learning at once
 * @param weight w
 */
@Method(id = 114, name = "power-dl", source = "arXiv 2412.09544")
public record PowerDl(
    @Default("2") double beta,
    @Default("0.001") double eta,
    @Default("0.99") double labelRate,
    @Default("inverse-length") Weight weight)
    implements PreferenceObjective {
  /** What a response's log-probability counts. */
  public enum Weight {
    ONE,
    INVERSE_LENGTH
  }

  public PowerDl {
    Expect.positive("beta", beta);
    Expect.atLeastZero("eta", eta);
    if (!(labelRate > 0 && labelRate <= 1)) {
      throw new IllegalArgumentException("label-rate must lie in (0, 1], not " + labelRate);
    }
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    return sub(softplus(neg(lead(pairs))), likely(pairs));
  }

  /** m, {@code [batch]}. */
  @Override
  public Tensor lead(PreferenceBatch pairs) {
    return switch (weight) {
      case ONE -> mul(beta, sub(pairs.chosen(), pairs.rejected()));
      case INVERSE_LENGTH ->
          mul(
              beta,
              add(
                  sub(pairs.chosenMean(), pairs.rejectedMean()),
                  sub(pairs.chosenLengths().reciprocal(), pairs.rejectedLengths().reciprocal())));
    };
  }

  /** η · β · w · log P of the chosen response. */
  private Tensor likely(PreferenceBatch pairs) {
    return mul(eta * beta, weight == Weight.ONE ? pairs.chosen() : pairs.chosenMean());
  }

  @Override
  public boolean reference() {
    return false;
  }

  @Override
  public boolean labelsFollow() {
    return labelRate < 1;
  }

  /** The data's own labels say which response is to stay likely. */
  @Override
  public Tensor loss(PreferenceBatch pairs, PairLabels labels, Tensor dynamic) {
    labels.expect(pairs.chosen(), pairs.rejected());
    Expect.sameShape("dynamic", dynamic, "chosen", pairs.chosen());
    Tensor p = labels.probability();
    Tensor likely = add(mul(p, likely(pairs)), mul(sub(1, p), likely(pairs.turned())));
    return labels.mean(sub(BradleyTerry.cost(dynamic.detach(), lead(pairs)), likely));
  }

  @Override
  public Tensor follow(PreferenceBatch pairs, Tensor dynamic) {
    Expect.sameShape("dynamic", dynamic, "chosen", pairs.chosen());
    return add(mul(labelRate, dynamic.detach()), mul(1 - labelRate, sigmoid(lead(pairs).detach())));
  }
}
