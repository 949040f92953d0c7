package dev.goodhart.advantage;

import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import java.util.List;

/**
 * ReMax's advantage: each reward against that of the most likely response, a baseline that costs
 * one more response a prompt and no critic, and that works with a single sampled response.
 *
 * <pre>{@code A_i = r_i - r_greedy}</pre>
 *
 * The baseline does not depend on the sampled responses, so the policy gradient is unbiased.
 * Responses as good as the greedy one get exactly 0; a group of equal rewards beside another greedy
 * reward does not. Where the greedy response is unscored there is no baseline and the group is
 * masked.
 */
@Method(source = "arXiv 2310.10505")
public record GreedyBaseline() implements Credit {
  @Override
  public boolean greedy() {
    return true;
  }

  /**
   * @throws IllegalArgumentException if no greedy response was drawn
   */
  @Override
  public List<TokenAdvantages> credit(List<Rollouts> batch) {
    return batch.stream().map(GreedyBaseline::of).toList();
  }

  private static TokenAdvantages of(Rollouts rollouts) {
    Reward greedy = rollouts.greedy();
    if (greedy == null) {
      throw new IllegalArgumentException(
          "greedy-baseline: needs the reward of the greedy response of every prompt");
    }
    int n = rollouts.group().size();
    double[] advantages = new double[n];
    boolean[] mask = greedy instanceof Scored ? rollouts.group().mask() : new boolean[n];
    for (int i = 0; i < n; i++) {
      if (greedy instanceof Scored baseline
          && rollouts.group().rewards().get(i) instanceof Scored reward) {
        advantages[i] = reward.value() - baseline.value();
      }
    }
    return TokenAdvantages.each(new Advantages(advantages, mask), rollouts.tokens());
  }
}
