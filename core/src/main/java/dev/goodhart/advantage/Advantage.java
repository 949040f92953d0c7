package dev.goodhart.advantage;

import dev.goodhart.Group;

/**
 * Credit assignment: what the rewards of a group say about each of its responses. Unscored samples
 * are masked: they get no advantage and have no part in any baseline.
 */
public interface Advantage {
  Advantages of(Group group);
}
