package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.exp;
import static dev.goodhart.neural.engine.Ops.logSoftmax;
import static dev.goodhart.neural.engine.Ops.logSumExp;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.stack;
import static dev.goodhart.neural.engine.Ops.sub;
import static dev.goodhart.neural.engine.Ops.sum;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Makes a student say what a teacher would, by the whole distribution of the next token. With P the
 * teacher's and Q the student's, both at the temperature,
 *
 * <pre>{@code
 * forward:   KL(P ‖ Q)                                        covers all that the teacher says
 * reverse:   KL(Q ‖ P)                                        settles on what it says most
 * js:        β · KL(P ‖ M) + (1 − β) · KL(Q ‖ M),  M = β · P + (1 − β) · Q
 * }</pre>
 *
 * <p>in nats, averaged over tokens by weight. Off-policy the tokens before are the teacher's or the
 * data's; on-policy the student has drawn them, so that it learns what to do after its own
 * mistakes; the loss is the same. It knows nothing of how its choice changes later tokens. For
 * small β, js is β · forward; for β near 1 it is (1 − β) · reverse.
 *
 * @param divergence between the two
 * @param beta of js, in (0, 1)
 * @param temperature of both distributions, above 0; gradients fall with its square
 */
@Method(source = "arXiv 1503.02531; arXiv 2306.08543; arXiv 2306.13649")
public record Distillation(
    @Default("forward") Divergence divergence,
    @Default("0.5") double beta,
    @Default("1") double temperature)
    implements Objective {
  /** Between teacher and student. */
  public enum Divergence {
    FORWARD,
    REVERSE,
    JS
  }

  /** What a teacher rules out has a logarithm all the same, or 0 · ∞ would be NaN. */
  private static final double LEAST = -1e4;

  public Distillation {
    if (!(beta > 0 && beta < 1)) {
      throw new IllegalArgumentException("beta must lie in (0, 1), not " + beta);
    }
    Expect.positive("temperature", temperature);
  }

  /**
   * The mean cost of a token, a scalar.
   *
   * @param student logits, {@code [tokens, vocabulary]}, with gradient
   * @param teacher logits, of the same shape
   * @param weight how much each token counts, {@code [tokens]}; 0 for none
   */
  public Tensor loss(Tensor student, Tensor teacher, Tensor weight) {
    return Weighted.mean(Weighted.only(of(student, teacher), weight), weight);
  }

  /** The cost of each token, {@code [tokens]}. */
  public Tensor of(Tensor student, Tensor teacher) {
    Expect.sameShape("teacher", teacher, "student", student);
    Tensor p = log(teacher.detach());
    Tensor q = log(student);
    return switch (divergence) {
      case FORWARD -> kl(p, q);
      case REVERSE -> kl(q, p);
      case JS -> {
        Tensor m =
            logSumExp(stack(0, List.of(add(p, Math.log(beta)), add(q, Math.log1p(-beta)))), 0);
        yield add(mul(beta, kl(p, m)), mul(1 - beta, kl(q, m)));
      }
    };
  }

  private Tensor log(Tensor logits) {
    return clamp(logSoftmax(div(logits, temperature), -1), LEAST, Double.POSITIVE_INFINITY);
  }

  /** KL of two rows of log-probabilities. */
  private static Tensor kl(Tensor p, Tensor q) {
    return sum(mul(exp(p), sub(p, q)), -1);
  }
}
