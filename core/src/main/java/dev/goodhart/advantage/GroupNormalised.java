package dev.goodhart.advantage;

import dev.goodhart.Default;
import dev.goodhart.Group;
import dev.goodhart.Method;
import dev.goodhart.Scored;

/**
 * GRPO's advantage: the centred rewards of a group divided by their deviation, so that every prompt
 * weighs the same.
 *
 * <pre>{@code A_i = (r_i - mean(r)) / (std(r) + epsilon),  std with divisor n - 1}</pre>
 *
 * A group whose scored rewards are all equal, or that has fewer than two of them, gives zeros:
 * there is nothing to prefer.
 *
 * @param epsilon keeps a nearly constant group from blowing up; above 0
 */
@Method(source = "arXiv 2402.03300")
public record GroupNormalised(@Default("1e-6") double epsilon) implements Advantage {
  public GroupNormalised {
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon must be above 0, not " + epsilon);
    }
  }

  @Override
  public Advantages of(Group group) {
    double[] scored = group.scored();
    double mean = 0;
    for (double reward : scored) {
      mean += reward / scored.length;
    }
    double square = 0;
    for (double reward : scored) {
      square += (reward - mean) * (reward - mean);
    }
    double deviation = scored.length < 2 ? 0 : Math.sqrt(square / (scored.length - 1));
    // Rounding gives equal rewards a mean beside them; that is not something to prefer one for.
    boolean varies = !group.flat();
    double[] advantages = new double[group.size()];
    for (int i = 0; i < advantages.length; i++) {
      if (varies && group.rewards().get(i) instanceof Scored reward) {
        advantages[i] = (reward.value() - mean) / (deviation + epsilon);
      }
    }
    return new Advantages(advantages, group.mask());
  }
}
