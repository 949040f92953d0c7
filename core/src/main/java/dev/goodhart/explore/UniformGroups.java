package dev.goodhart.explore;

import dev.goodhart.Method;
import java.util.List;

/**
 * Every prompt gets the same number of roll-outs; the first ones get one more where the budget does
 * not divide.
 */
@Method
public record UniformGroups() implements Explore {
  @Override
  public int[] allocate(List<History> prompts, int budget) {
    if (budget < 0) {
      throw new IllegalArgumentException("budget must be at least 0, not " + budget);
    }
    int[] counts = new int[prompts.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = budget / counts.length + (i < budget % counts.length ? 1 : 0);
    }
    return counts;
  }
}
