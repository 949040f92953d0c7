package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.like;
import static dev.goodhart.neural.engine.Ops.logSoftmax;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.stack;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Preferences with ties as an outcome of their own, in a fixed proportion to the geometric mean of
 * the two wins. Like {@link RaoKupper}, but the odds of a win against a loss among decided
 * comparisons stay those of Bradley–Terry, so that rewards can be compared with a model that was
 * trained without ties. With Δ = r(chosen) − r(rejected)
 *
 * <pre>{@code
 * P(chosen) : P(tie) : P(rejected) = exp(Δ/2) : ν : exp(−Δ/2)
 * cost = −[wins · ln P(chosen) + losses · ln P(rejected) + ties · ln P(tie)]
 * }</pre>
 *
 * <p>in nats, wins, losses and ties the shares of judgements. ν = 0 knows no ties: it is {@link
 * BradleyTerry}, where a tie is half a win and half a loss.
 *
 * <p>Davidson 1970.
 *
 * @param nu the tie parameter, at least 0; equal responses tie with probability ν/(2 + ν), one in
 *     five for 0.5
 * @param learn whether training moves ν from there; then it must be above 0
 */
@Method(source = "Davidson 1970")
public record Davidson(@Default("0.5") double nu, @Default("true") boolean learn)
    implements PairObjective {
  public Davidson {
    if (!(nu >= 0 && nu < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("nu must be finite and at least 0, not " + nu);
    }
    if (learn && nu == 0) {
      throw new IllegalArgumentException("nu must be above 0 to be learned");
    }
  }

  /** ln ν. */
  @Override
  public double[] parameters() {
    return learn ? new double[] {Math.log(nu)} : new double[0];
  }

  @Override
  public Davidson fitted(double[] parameters) {
    return learn ? new Davidson(Math.exp(parameters[0]), false) : this;
  }

  @Override
  public Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels) {
    return at(chosen, rejected, labels, like(chosen, Math.log(nu)));
  }

  @Override
  public Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels, Tensor parameters) {
    if (!learn) return loss(chosen, rejected, labels);
    Expect.shape("parameters", parameters, 1);
    return at(chosen, rejected, labels, parameters);
  }

  private Tensor at(Tensor chosen, Tensor rejected, PairLabels labels, Tensor logNu) {
    labels.expect(chosen, rejected);
    Tensor delta = sub(chosen, rejected);
    if (nu == 0) return labels.mean(BradleyTerry.cost(labels.probability(), delta));
    return labels.mean(labels.outcomeCost(outcomes(delta, logNu)));
  }

  /** ln P of the chosen response, of the rejected one, of a tie: {@code [batch, 3]}. */
  static Tensor outcomes(Tensor delta, Tensor logNu) {
    Tensor tie = logNu.expand_as(delta);
    return logSoftmax(stack(-1, List.of(mul(0.5, delta), mul(-0.5, delta), tie)), -1);
  }
}
