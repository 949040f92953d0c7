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
   * For a base policy of known responses {@link dev.goodhart.audit.exact.BestOfN} has the exact
   * value.
   */
  public static double kl(int n) {
    return dev.goodhart.audit.exact.BestOfN.klBound(n);
  }
}
