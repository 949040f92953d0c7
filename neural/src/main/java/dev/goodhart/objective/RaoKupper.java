package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.expm1;
import static dev.goodhart.neural.engine.Ops.like;
import static dev.goodhart.neural.engine.Ops.log;
import static dev.goodhart.neural.engine.Ops.logSigmoid;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.softplus;
import static dev.goodhart.neural.engine.Ops.stack;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Preferences with ties as an outcome of their own: a judge who sees a difference below a threshold
 * calls it a tie. For data in which ties are many and mean "too close to tell". With Δ = r(chosen)
 * − r(rejected)
 *
 * <pre>{@code
 * P(chosen) = σ(Δ − ln θ)     P(rejected) = σ(−Δ − ln θ)
 * P(tie)    = (θ² − 1) · P(chosen) · P(rejected)
 * cost      = −[wins · ln P(chosen) + losses · ln P(rejected) + ties · ln P(tie)]
 * }</pre>
 *
 * <p>in nats, wins, losses and ties the shares of judgements. θ = 1 knows no ties: it is {@link
 * BradleyTerry}, where a tie is half a win and half a loss.
 *
 * <p>Rao and Kupper 1967; system 202 has it with θ = 5, not learned.
 *
 * @param theta the tie parameter, at least 1; equal responses tie with probability (θ − 1)/(θ + 1),
 *     one in five for 1.5
 * @param learn whether training moves θ from there; then it must be above 1
 */
@Method(source = "Rao and Kupper 1967")
public record RaoKupper(@Default("1.5") double theta, @Default("true") boolean learn)
    implements PairObjective {
  public RaoKupper {
    if (!(theta >= 1 && theta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("theta must be finite and at least 1, not " + theta);
    }
    if (learn && theta == 1) {
      throw new IllegalArgumentException("theta must be above 1 to be learned");
    }
  }

  /** t with ln θ = softplus(t), so that θ stays above 1. */
  @Override
  public double[] parameters() {
    return learn ? new double[] {Unbounded.ofPositive(Math.log(theta))} : new double[0];
  }

  @Override
  public RaoKupper fitted(double[] parameters) {
    return learn ? new RaoKupper(Math.exp(Unbounded.positive(parameters[0])), false) : this;
  }

  @Override
  public Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels) {
    return at(chosen, rejected, labels, like(chosen, Math.log(theta)));
  }

  @Override
  public Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels, Tensor parameters) {
    if (!learn) return loss(chosen, rejected, labels);
    Expect.shape("parameters", parameters, 1);
    return at(chosen, rejected, labels, softplus(parameters));
  }

  private Tensor at(Tensor chosen, Tensor rejected, PairLabels labels, Tensor logTheta) {
    labels.expect(chosen, rejected);
    Tensor delta = sub(chosen, rejected);
    if (theta == 1) return labels.mean(BradleyTerry.cost(labels.probability(), delta));
    return labels.mean(labels.outcomeCost(outcomes(delta, logTheta)));
  }

  /** ln P of the chosen response, of the rejected one, of a tie: {@code [batch, 3]}. */
  static Tensor outcomes(Tensor delta, Tensor logTheta) {
    Tensor chosen = logSigmoid(sub(delta, logTheta));
    Tensor rejected = logSigmoid(sub(neg(delta), logTheta));
    // ln(θ² − 1), exact where θ is near 1.
    Tensor factor = add(mul(2, logTheta), log(neg(expm1(mul(-2, logTheta)))));
    return stack(-1, List.of(chosen, rejected, add(add(chosen, rejected), factor)));
  }
}
