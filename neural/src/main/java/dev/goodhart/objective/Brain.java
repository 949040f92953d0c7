package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.exp;
import static dev.goodhart.neural.engine.Ops.logSoftmax;
import static dev.goodhart.neural.engine.Ops.mean;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.scalarLike;
import static dev.goodhart.neural.engine.Ops.square;
import static dev.goodhart.neural.engine.Ops.sub;
import static dev.goodhart.neural.engine.Ops.sum;
import static dev.goodhart.neural.engine.Ops.where;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Trains a policy towards what the fine-tuned model would say given that it is good, from responses
 * that were drawn and scored beforehand, several to a prompt. Where {@code P(good) ∝ exp(reward /
 * T)}, that posterior is the optimum of the reward under a charge of T on the divergence from the
 * fine-tuned model; and where DPO takes two responses and only which is better, this takes n and by
 * how much.
 *
 * <pre>{@code
 * a    = softmax_i(log prior(y_i) + reward_i / T − log proposal(y_i))       held fixed
 * b    = softmax_i(log policy(y_i) − log proposal(y_i))
 * cost = KL(a ‖ b)                                   a prompt's, softmax over its n responses
 * ∇    = −Σ (a_i − b_i) · ∇log policy(y_i)
 * }</pre>
 *
 * <p>in nats. What b takes from a is a baseline: at the posterior a = b in every batch and the
 * gradient is 0 without noise, so that it is a fixed point for any n from 2 on; the same estimate
 * without b has noise there, and another fixed point. Over all responses drawn once evenly, the
 * gradient in a table's logits is policy − posterior. With n = 2, drawn from the prior, and {@code
 * hard}, it is DPO with β = 1.
 *
 * <p>Log-probabilities are sums over tokens, so their differences grow with length and a and b may
 * put all weight on one response: {@link #effective} says on how many a rests, and near 1 responses
 * should be drawn anew, from the policy as it is. Nothing is clipped or divided by length here, as
 * either would move the fixed point; n = 1 teaches nothing.
 *
 * @param temperature T, in units of the reward, above 0
 * @param hard whether a is put on the response of the largest a alone (evenly on several equal)
 */
@Method(id = 23, name = "brain", source = "arXiv 2402.02479")
public record Brain(@Default("1") double temperature, @Default("false") boolean hard)
    implements Objective {
  /** The logarithm of what is as good as 0: 0 · −∞ would be NaN. */
  private static final double NONE = -1e4;

  public Brain {
    Expect.positive("temperature", temperature);
  }

  /**
   * a, {@code [prompts, n]}, without gradient.
   *
   * @param prior log-probabilities of whole responses under the fine-tuned model, {@code [prompts,
   *     n]}
   * @param proposal the same under the model that drew them
   * @param rewards of the responses, of the same shape
   */
  public Tensor targets(Tensor prior, Tensor proposal, Tensor rewards) {
    return exp(logTargets(prior, proposal, rewards));
  }

  private Tensor logTargets(Tensor prior, Tensor proposal, Tensor rewards) {
    Expect.sameShape("proposal", proposal, "prior", prior);
    Expect.sameShape("rewards", rewards, "prior", prior);
    Tensor log = sub(add(prior, div(rewards, temperature)), proposal).detach();
    if (hard) {
      Tensor most = log.amax(new long[] {-1}, true);
      log = where(log.lt(most), scalarLike(log, NONE), scalarLike(log, 0));
    }
    return logSoftmax(log, -1);
  }

  /** log b, {@code [prompts, n]}. */
  private Tensor logPolicy(Tensor now, Tensor proposal) {
    Expect.sameShape("proposal", proposal, "now", now);
    return logSoftmax(sub(now, proposal), -1);
  }

  /**
   * The mean cost of a prompt, a scalar.
   *
   * @param now log-probabilities of whole responses under the policy, {@code [prompts, n]}, with
   *     gradient
   */
  public Tensor loss(Tensor now, Tensor prior, Tensor proposal, Tensor rewards) {
    Expect.sameShape("prior", prior, "now", now);
    Tensor a = logTargets(prior, proposal, rewards);
    return mean(sum(mul(exp(a), sub(a, logPolicy(now, proposal))), -1));
  }

  /**
   * On how many of its responses a prompt's target rests, 1/Σa², {@code [prompts]}: between 1 and
   * n.
   */
  public Tensor effective(Tensor targets) {
    return sum(square(targets), -1).reciprocal();
  }
}
