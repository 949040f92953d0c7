package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.exp;
import static dev.goodhart.neural.engine.Ops.expm1;
import static dev.goodhart.neural.engine.Ops.less;
import static dev.goodhart.neural.engine.Ops.log;
import static dev.goodhart.neural.engine.Ops.log1p;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.softplus;
import static dev.goodhart.neural.engine.Ops.sub;
import static dev.goodhart.neural.engine.Ops.where;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Odds ratio preference optimisation: fine-tuning on the chosen responses that also turns away from
 * the rejected ones. One training from a base model, without reference.
 *
 * <pre>{@code
 * P    = exp(mean log-probability of a token)        odds = P / (1 − P)
 * cost = −log P(chosen) − λ · log σ(log odds(chosen) − log odds(rejected))
 * }</pre>
 *
 * <p>in nats. Not the occupancy method of the same initials, {@code chi-squared}.
 *
 * @param lambda how much the odds count beside the fine-tuning, at least 0
 */
@Method(source = "arXiv 2403.07691")
public record Orpo(@Default("0.1") double lambda) implements PreferenceObjective {
  /** Where P rounds to 1 its odds are infinite: nothing more is to be gained from here on. */
  private static final double LEAST = 1e-6;

  private static final double LN2 = Math.log(2);

  public Orpo {
    Expect.atLeastZero("lambda", lambda);
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    return add(neg(pairs.chosenMean()), mul(lambda, softplus(neg(lead(pairs)))));
  }

  @Override
  public Tensor lead(PreferenceBatch pairs) {
    return sub(logOdds(pairs.chosenMean()), logOdds(pairs.rejectedMean()));
  }

  /** log(P/(1 − P)) of log P, at most 0. */
  static Tensor logOdds(Tensor logP) {
    Tensor a = clamp(logP, Double.NEGATIVE_INFINITY, -LEAST);
    // 1 − P loses its digits near P = 1, and log P near P = 0 has them all: each side its own form.
    Tensor rest = where(less(a, -LN2), log1p(neg(exp(a))), log(neg(expm1(a))));
    return sub(a, rest);
  }

  @Override
  public boolean reference() {
    return false;
  }
}
