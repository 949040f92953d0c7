package dev.goodhart.steer;

import dev.goodhart.Method;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Draws exactly from the base policy tilted by the reward, the optimum of the reward regularised by
 * the divergence from the base policy, without any training:
 *
 * <pre>{@code
 * accept y with probability exp((r(y) - bound) / beta), else look at the next response
 * the accepted one has probability  base(y) exp(r(y) / beta) / Z
 * }</pre>
 *
 * <p>{@link SoftBestOfN} approaches it as n grows; this has it for any n, as long as something is
 * accepted: one in {@code 1 / E[exp((r - bound) / beta)]} responses on average. Where none is, the
 * best one is taken and the draw is no longer exact; {@link #accepted} says so instead, so that
 * more can be drawn. A reward above the bound is always accepted, and its response then comes up
 * less often than it should.
 *
 * @param beta the temperature, in the reward's unit, above 0
 * @param bound a reward that no response exceeds
 */
@Method(source = "von Neumann 1951; arXiv 2309.06657")
public record RejectionSampling(double beta, double bound) implements Steer {
  public RejectionSampling {
    if (!(beta > 0)) {
      throw new IllegalArgumentException("beta must be above 0, not " + beta);
    }
    if (!Double.isFinite(bound)) {
      throw new IllegalArgumentException("bound must be finite, not " + bound);
    }
  }

  @Override
  public int choose(double[] rewards, RandomGenerator random) {
    return accepted(rewards, random).orElseGet(() -> new BestOfN().choose(rewards, random));
  }

  /** The first response that is accepted; empty where none is. */
  public OptionalInt accepted(double[] rewards, RandomGenerator random) {
    for (int i = 0; i < rewards.length; i++) {
      if (random.nextDouble() < Math.exp((rewards[i] - bound) / beta)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
