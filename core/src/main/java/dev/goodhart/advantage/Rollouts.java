package dev.goodhart.advantage;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The responses drawn for one prompt, with their rewards and what is known of each token.
 *
 * @param group the responses with their rewards; a penalty that counts into the reward is already
 *     taken off
 * @param tokens one a response, in the same order
 * @param greedy the reward of the most likely response, for {@link Credit#greedy()}; null where
 *     none was asked for
 */
public record Rollouts(Group group, List<Tokens> tokens, @Nullable Reward greedy) {
  public Rollouts {
    tokens = List.copyOf(tokens);
    if (tokens.size() != group.size()) {
      throw new IllegalArgumentException(
          tokens.size() + " responses token by token for a group of " + group.size());
    }
  }

  public Rollouts(Group group, List<Tokens> tokens) {
    this(group, tokens, null);
  }

  /** Whether nothing is to be preferred in the group: {@link Group#flat()}. */
  public boolean flat() {
    return group.flat();
  }
}
