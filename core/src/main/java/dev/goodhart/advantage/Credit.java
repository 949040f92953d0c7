package dev.goodhart.advantage;

import java.util.List;

/**
 * Credit assignment down to the token: what the rewards of a step's roll-outs say about each token
 * of each response. Methods that look at responses as a whole implement {@link Advantage} instead.
 *
 * <p>Unscored samples are masked: they get no advantage and have no part in any baseline.
 */
public interface Credit {
  /**
   * @param batch the groups of one step
   * @return one a group, in order
   */
  List<TokenAdvantages> credit(List<Rollouts> batch);

  /** Whether {@link Tokens#values()} are needed: the trainer then learns a critic. */
  default boolean critic() {
    return false;
  }

  /** Whether {@link Rollouts#greedy()} is needed: one more response a prompt is drawn. */
  default boolean greedy() {
    return false;
  }
}
