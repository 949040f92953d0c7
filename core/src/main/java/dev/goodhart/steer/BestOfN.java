package dev.goodhart.steer;

import dev.goodhart.Method;
import java.util.random.RandomGenerator;

/** Takes the response with the highest reward; equal ones with equal probability. */
@Method
public record BestOfN() implements Steer {
  @Override
  public int choose(double[] rewards, RandomGenerator random) {
    if (rewards.length == 0) {
      throw new IllegalArgumentException("there is no response to choose from");
    }
    int best = 0;
    int ties = 1;
    for (int i = 1; i < rewards.length; i++) {
      if (rewards[i] > rewards[best]) {
        best = i;
        ties = 1;
      } else if (rewards[i] == rewards[best] && random.nextInt(++ties) == 0) {
        best = i;
      }
    }
    return best;
  }

  /**
   * How far best-of-n moves the policy from its base, at most, in nats: {@code log n - (n-1)/n}.
   * Exact where no two responses of the base policy tie and none carries more than vanishing
   * probability; an upper bound otherwise.
   */
  public static double kl(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1, not " + n);
    }
    return Math.log(n) - (n - 1.0) / n;
  }
}
