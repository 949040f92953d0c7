package dev.goodhart.lab.bandit;

import dev.goodhart.audit.exact.BestOfN;
import dev.goodhart.audit.exact.Divergence;
import dev.goodhart.audit.exact.Regret;
import dev.goodhart.audit.exact.Tilt;
import java.util.Arrays;

/**
 * A bandit with contexts, written out: what the base policy says to each prompt, what each response
 * is truly worth and what a reward model believes it is worth. Prompts are equally likely. {@link
 * BanditWorld} makes them at random; a test may write its own.
 *
 * <p>All tables are {@code [prompts][responses]}; policies are tables of probabilities. Everything
 * is an exact expectation, a mean over prompts.
 *
 * @param base probabilities of the base policy
 * @param gold the true reward
 * @param proxy the reward that is optimised
 */
@SuppressWarnings("ArrayRecordComponent") // tables in hot paths, of the lab alone
public record Bandit(double[][] base, double[][] gold, double[][] proxy) {
  public Bandit {
    if (base.length == 0 || gold.length != base.length || proxy.length != base.length) {
      throw new IllegalArgumentException(
          "base [%d], gold [%d] and proxy [%d] must have the same prompts, at least one"
              .formatted(base.length, gold.length, proxy.length));
    }
    for (int x = 0; x < base.length; x++) {
      if (gold[x].length != base[x].length || proxy[x].length != base[x].length) {
        throw new IllegalArgumentException(
            "prompt %d: base [%d], gold [%d] and proxy [%d] must have the same responses"
                .formatted(x, base[x].length, gold[x].length, proxy[x].length));
      }
    }
  }

  /** One prompt. */
  public static Bandit of(double[] base, double[] gold, double[] proxy) {
    return new Bandit(new double[][] {base}, new double[][] {gold}, new double[][] {proxy});
  }

  /** How many. */
  public int prompts() {
    return base.length;
  }

  /** To one prompt. */
  public int responses(int x) {
    return base[x].length;
  }

  /** {@code E_x E_policy[rewards]}. */
  public double expected(double[][] policy, double[][] rewards) {
    double sum = 0;
    for (int x = 0; x < base.length; x++) {
      sum += Tilt.mean(policy[x], rewards[x]);
    }
    return sum / base.length;
  }

  /** What a policy truly earns. */
  public double gold(double[][] policy) {
    return expected(policy, gold);
  }

  /** What the reward model believes that it earns. */
  public double proxy(double[][] policy) {
    return expected(policy, proxy);
  }

  /** {@code E_x KL(policy || base)} in nats. */
  public double kl(double[][] policy) {
    return Divergence.kl(policy, base);
  }

  /** The optimum of {@code E[rewards] - beta KL}, a tilt of the base policy. */
  public double[][] optimum(double[][] rewards, double beta) {
    return Tilt.of(base, rewards, 1 / beta);
  }

  /** The optimum of all policies whose mean divergence is at most that many nats. */
  public double[][] optimumAtKl(double[][] rewards, double kl) {
    return Tilt.atKl(base, rewards, kl);
  }

  /** Best-of-n by these rewards, ties as the base policy has them. */
  public double[][] bestOfN(double[][] rewards, int n) {
    double[][] policy = new double[base.length][];
    Arrays.setAll(policy, x -> BestOfN.distribution(base[x], rewards[x], n));
    return policy;
  }

  /** {@code E_x[E_policy[rewards] - beta KL(policy || base)]}. */
  public double value(double[][] policy, double[][] rewards, double beta) {
    double sum = 0;
    for (int x = 0; x < base.length; x++) {
      sum += Tilt.value(policy[x], base[x], rewards[x], beta);
    }
    return sum / base.length;
  }

  /**
   * The exact policy gradient: the derivative of {@link #value} by each prompt's logits, with the
   * 1/prompts of the mean in it.
   *
   * @param beta at least 0
   */
  public double[][] gradient(double[][] policy, double[][] rewards, double beta) {
    double[][] gradient = new double[base.length][];
    for (int x = 0; x < base.length; x++) {
      gradient[x] = Tilt.gradient(policy[x], base[x], rewards[x], beta);
      for (int y = 0; y < gradient[x].length; y++) {
        gradient[x][y] /= base.length;
      }
    }
    return gradient;
  }

  /** How much gold a policy leaves: the best response to each prompt against what it earns. */
  public double regret(double[][] policy) {
    double sum = 0;
    for (int x = 0; x < base.length; x++) {
      sum += Regret.simple(policy[x], gold[x]);
    }
    return sum / base.length;
  }

  /** The same world with another proxy. */
  public Bandit withProxy(double[][] other) {
    return new Bandit(base, gold, other);
  }
}
