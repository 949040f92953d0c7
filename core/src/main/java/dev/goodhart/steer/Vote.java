package dev.goodhart.steer;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Frozen weights, better samples, where responses end in answers that can be compared: many wrong
 * ways lead to many answers, the right ones to one.
 */
public interface Vote {
  /**
   * @param answers of n responses to one prompt, n at least 1, brought to a common form so that
   *     equal ones are equal text; null for a response without one, which has no vote
   * @param rewards of the responses, finite, {@code [n]}
   * @param random for ties
   * @return the index of the response to take: of those with the elected answer the one with the
   *     highest reward. Where nobody has an answer, the highest reward of all
   */
  int choose(List<@Nullable String> answers, double[] rewards, RandomGenerator random);
}
