package dev.goodhart.explore;

import dev.goodhart.Default;
import dev.goodhart.Group;
import dev.goodhart.Method;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * DAPO's dynamic sampling: groups in which all responses earn the same are left out, and new
 * prompts are drawn in their place until the step is full. Every update then has as many telling
 * groups as the first, however many prompts the policy has mastered; the price is roll-outs that
 * teach nothing.
 *
 * <p>Each round draws as many prompts as are missing. After {@code rounds} of them the step goes on
 * with what it has; with nothing kept there is nothing to learn from.
 *
 * @param rounds the most rounds of roll-outs a step, the first one included, at least 1
 * @param within which prompts each round draws
 */
@Method(source = "arXiv 2503.14476")
public record DynamicSampling(@Default("10") int rounds, @Default("uniform-groups") Explore within)
    implements Explore {
  public DynamicSampling {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be at least 1, not " + rounds);
    }
  }

  @Override
  public int[] allocate(List<History> prompts, int budget) {
    return within.allocate(prompts, budget);
  }

  @Override
  public int[] allocate(List<History> prompts, int budget, RandomGenerator random) {
    return within.allocate(prompts, budget, random);
  }

  @Override
  public int candidates(int prompts) {
    return within.candidates(prompts);
  }

  @Override
  public boolean keeps(Group group) {
    return !group.flat() && within.keeps(group);
  }

  @Override
  public int refill(int kept, int wanted, int rounds) {
    return rounds < this.rounds ? Math.max(0, wanted - kept) : 0;
  }
}
