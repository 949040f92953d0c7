package dev.goodhart.steer;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The answer whose responses together earn the most: a vote in which a response counts by its
 * reward. Where a reward model is right more often than not, better than either the majority or the
 * single best response, which one overrated response decides.
 *
 * <pre>{@code
 * weight_i = r_i                    reward: a probability, say; at least 0
 *          = exp(r_i / temperature) exponential: log-odds, or any real reward
 * elected  = argmax_a sum of weight_i over the responses with answer a
 * }</pre>
 *
 * <p>Exponential weights are best-of-n as the temperature goes to 0, {@link MajorityVote} as it
 * goes to infinity.
 *
 * @param weight what a response counts
 * @param temperature of exponential weights, in the reward's unit, above 0
 */
@Method(source = "arXiv 2206.02336")
public record RewardWeightedVote(@Default("reward") Weight weight, @Default("1") double temperature)
    implements Vote {
  /** What a response counts. */
  public enum Weight {
    REWARD,
    EXPONENTIAL
  }

  public RewardWeightedVote {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature must be above 0, not " + temperature);
    }
  }

  /**
   * @throws IllegalArgumentException if a reward is below 0 and counts as it is
   */
  @Override
  public int choose(List<@Nullable String> answers, double[] rewards, RandomGenerator random) {
    Ballot.check(answers, rewards);
    double most = Arrays.stream(rewards).max().orElseThrow();
    double[] weights =
        switch (weight) {
          case REWARD -> rewards;
          // Relative to the largest, so that nothing overflows; a common factor elects nobody else.
          case EXPONENTIAL ->
              Arrays.stream(rewards).map(r -> Math.exp((r - most) / temperature)).toArray();
        };
    for (double one : weights) {
      if (!(one >= 0)) {
        throw new IllegalArgumentException(
            "reward-weighted-vote: a reward of %s cannot be a weight; use 'weight: exponential'"
                .formatted(one));
      }
    }
    return Ballot.elect(answers, rewards, weights, random);
  }
}
