package dev.goodhart.steer;

import dev.goodhart.Method;
import java.util.random.RandomGenerator;

/**
 * Draws a response with probability proportional to {@code exp(reward / temperature)}: best-of-n
 * with its edge taken off. Near 0 it is best-of-n, at infinity a uniform draw.
 *
 * @param temperature in the reward's unit, above 0
 */
@Method
public record SoftBestOfN(double temperature) implements Steer {
  public SoftBestOfN {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature must be above 0, not " + temperature);
    }
  }

  @Override
  public int choose(double[] rewards, RandomGenerator random) {
    if (rewards.length == 0) {
      throw new IllegalArgumentException("there is no response to choose from");
    }
    // The Gumbel trick: argmax of reward/temperature + Gumbel noise is a draw from the softmax,
    // without its overflow.
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < rewards.length; i++) {
      double key = rewards[i] / temperature - Math.log(-Math.log(1 - random.nextDouble()));
      if (key > highest) {
        highest = key;
        best = i;
      }
    }
    return best;
  }
}
