package dev.goodhart.advantage;

import dev.goodhart.Group;
import java.util.ArrayList;
import java.util.List;

/**
 * Credit assignment over whole responses: what the rewards of a group say about each of its
 * responses, the same for all of its tokens. Unscored samples are masked: they get no advantage and
 * have no part in any baseline.
 */
public interface Advantage extends Credit {
  Advantages of(Group group);

  /**
   * The advantages of all groups of a step, for methods that compare prompts with each other; most
   * take one group at a time.
   */
  default List<Advantages> ofAll(List<Group> groups) {
    return groups.stream().map(this::of).toList();
  }

  @Override
  default List<TokenAdvantages> credit(List<Rollouts> batch) {
    List<Advantages> all = ofAll(batch.stream().map(Rollouts::group).toList());
    List<TokenAdvantages> credits = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      credits.add(TokenAdvantages.each(all.get(i), batch.get(i).tokens()));
    }
    return credits;
  }
}
