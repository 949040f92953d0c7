package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.cat;
import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.cumulativeSum;
import static dev.goodhart.neural.engine.Ops.expm1;
import static dev.goodhart.neural.engine.Ops.like;
import static dev.goodhart.neural.engine.Ops.log;
import static dev.goodhart.neural.engine.Ops.logSigmoid;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.pick;
import static dev.goodhart.neural.engine.Ops.slice;
import static dev.goodhart.neural.engine.Ops.softplus;
import static dev.goodhart.neural.engine.Ops.sub;
import static dev.goodhart.neural.engine.Ops.to;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Preferences that come in grades, such as "slightly better", "better", "much better": the judge
 * sees the difference of the rewards with logistic noise, and thresholds cut it into grades. For
 * strengths 1, 2, 3 as HelpSteer has them, when how far apart two responses are shall be learned
 * from the grades rather than set by a margin. With Δ = r(chosen) − r(rejected) and thresholds 0 ≤
 * τ₁ < τ₂ < … < τ_K
 *
 * <pre>{@code
 * P(chosen better by grade ≥ k)   = σ( Δ − τ_k)
 * P(rejected better by grade ≥ k) = σ(−Δ − τ_k)
 * P(tie)                          = σ(Δ + τ₁) − σ(Δ − τ₁)
 * cost = −[wins · ln P(chosen by m) + losses · ln P(rejected by m) + ties · ln P(tie)]
 * }</pre>
 *
 * <p>in nats, m the pair's strength rounded to a grade between 1 and K. With one threshold it is
 * {@link RaoKupper} at τ₁ = ln θ. With τ₁ = 0 there is no grade for ties: a tie is half a win and
 * half a loss of the lowest grade.
 *
 * <p>The proportional-odds model of McCullagh 1980, on the difference of two rewards.
 *
 * @param thresholds ascending, the first at least 0, one for each grade, in the unit of the reward
 * @param learn whether training moves them from there, in order; a first of 0 stays
 */
@Method(source = "McCullagh 1980")
public record CumulativeLink(
    @Default("[0.5, 1.5, 2.5]") List<Double> thresholds, @Default("true") boolean learn)
    implements PairObjective {
  public CumulativeLink {
    thresholds = List.copyOf(thresholds);
    if (thresholds.isEmpty() || !(thresholds.getFirst() >= 0)) {
      throw new IllegalArgumentException(
          "thresholds must begin with a number of at least 0, not " + thresholds);
    }
    for (int k = 0; k < thresholds.size(); k++) {
      boolean ascends = k == 0 || thresholds.get(k) > thresholds.get(k - 1);
      if (!ascends || thresholds.get(k) == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "thresholds must be finite and ascend, not " + thresholds);
      }
    }
  }

  /** t with steps τ_k − τ_{k−1} = softplus(t_k), so that the thresholds stay in order. */
  @Override
  public double[] parameters() {
    if (!learn) return new double[0];
    double[] parameters = new double[thresholds.size() - fixed()];
    for (int i = 0; i < parameters.length; i++) {
      int k = i + fixed();
      double step = thresholds.get(k) - (k == 0 ? 0 : thresholds.get(k - 1));
      parameters[i] = Unbounded.ofPositive(step);
    }
    return parameters;
  }

  @Override
  public CumulativeLink fitted(double[] parameters) {
    if (!learn) return this;
    Double[] fitted = thresholds.toArray(Double[]::new);
    for (int i = 0; i < parameters.length; i++) {
      int k = i + fixed();
      fitted[k] = (k == 0 ? 0 : fitted[k - 1]) + Unbounded.positive(parameters[i]);
    }
    return new CumulativeLink(List.of(fitted), false);
  }

  @Override
  public Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels) {
    double[] tau = thresholds.stream().mapToDouble(t -> t).toArray();
    return at(chosen, rejected, labels, like(chosen, tau));
  }

  @Override
  public Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels, Tensor parameters) {
    if (!learn) return loss(chosen, rejected, labels);
    Expect.shape("parameters", parameters, thresholds.size() - fixed());
    Tensor steps = softplus(parameters);
    if (fixed() == 1) steps = cat(0, List.of(like(steps, 0.0), steps));
    return at(chosen, rejected, labels, cumulativeSum(steps, 0));
  }

  private Tensor at(Tensor chosen, Tensor rejected, PairLabels labels, Tensor tau) {
    labels.expect(chosen, rejected);
    int grades = thresholds.size();
    int ties = knowsTies() ? 1 : 0;
    Tensor outcomes = outcomes(sub(chosen, rejected), tau, knowsTies());
    // Outcomes stand from "rejected by K" over "rejected by 1" (and the tie) to "chosen by K".
    Tensor grade = clamp(labels.strength().round(), 1, grades);
    Tensor won = pick(outcomes, to(add(grade, grades + ties - 1), ScalarType.Long));
    Tensor lost = pick(outcomes, to(sub(grades, grade), ScalarType.Long));
    if (!knowsTies()) {
      Tensor p = labels.probability();
      return labels.mean(neg(add(mul(p, won), mul(sub(1, p), lost))));
    }
    Tensor tied = slice(outcomes, 1, grades, grades + 1).squeeze(1);
    Tensor cost = add(mul(labels.wins(), won), mul(labels.losses(), lost));
    return labels.mean(neg(add(cost, mul(labels.tie(), tied))));
  }

  /** ln P of every outcome, from the rejected response by the highest grade to the chosen one. */
  static Tensor outcomes(Tensor delta, Tensor tau, boolean ties) {
    Tensor mirrored = neg(tau.flip(0));
    Tensor positive = ties ? tau : slice(tau, 0, 1, tau.size(0));
    Tensor cuts = cat(0, List.of(mirrored, positive));
    long n = cuts.size(0);
    Tensor distance = sub(delta.unsqueeze(1), cuts);
    Tensor none = mul(0, slice(distance, 1, 0, 1));
    // σ(b) − σ(a) = σ(b) · σ(−a) · (1 − exp(a − b)): no difference of nearly equal numbers.
    Tensor above = cat(1, List.of(none, logSigmoid(distance)));
    Tensor below = cat(1, List.of(logSigmoid(neg(distance)), none));
    Tensor gaps = sub(slice(cuts, 0, 0, n - 1), slice(cuts, 0, 1, n));
    Tensor width = log(neg(expm1(gaps)));
    Tensor end = like(delta, 0.0);
    return add(add(above, below), cat(0, List.of(end, width, end)));
  }

  private boolean knowsTies() {
    return thresholds.getFirst() > 0;
  }

  /** How many of the first thresholds are not learned. */
  private int fixed() {
    return knowsTies() ? 0 : 1;
  }
}
