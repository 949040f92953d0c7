package dev.goodhart.explore;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.List;

/**
 * Only the prompts that the policy is worst at: of all prompts the share with the lowest mean
 * reward, evenly; the others get nothing. How BLEUBERI (system 203) chooses its training prompts
 * from a pool, after one response of the base model to each.
 *
 * <p>When you would want it: a pool far larger than the budget, most of which the policy can do
 * already. Rewards must be comparable between prompts. Prompts that nothing is known of count as
 * the hardest; among equals the earlier prompt goes first.
 *
 * <p>Not shown here yet: that training on them is better than on as many drawn at random.
 *
 * @param keep the share of the prompts, in (0, 1]; rounded up to whole prompts
 */
@Method(source = "arXiv 2505.11080")
public record HardSelection(@Default("0.1") double keep) implements Explore {
  public HardSelection {
    if (!(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException("keep must lie in (0, 1], not " + keep);
    }
  }

  @Override
  public int candidates(int prompts) {
    return Chosen.candidates(prompts, keep);
  }

  @Override
  public int[] allocate(List<History> prompts, int budget) {
    return Chosen.lowest(
        prompts, keep, budget, h -> h.drawn() == 0 ? Double.NEGATIVE_INFINITY : h.mean());
  }
}
