package dev.goodhart.steer;

import java.util.random.RandomGenerator;

/**
 * Frozen weights, better samples: picks one of the responses that a policy offered, by their
 * rewards.
 */
public interface Steer {
  /**
   * @param rewards of n responses drawn for one prompt, finite, n at least 1
   * @param random for ties and draws
   * @return the index of the response to take
   */
  int choose(double[] rewards, RandomGenerator random);
}
