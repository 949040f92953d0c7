package dev.goodhart.advantage;

import dev.goodhart.Group;
import dev.goodhart.Method;
import dev.goodhart.Scored;
import java.util.Arrays;

/**
 * Dr. GRPO's advantage: the rewards of a group minus their mean, not divided by anything, so that a
 * prompt which the policy nearly always or hardly ever solves is not blown up.
 *
 * <pre>{@code A_i = r_i - mean(r)}</pre>
 *
 * The mean holds the response's own reward, so the expected gradient is {@code (n-1)/n} of the
 * exact one: the right direction, and with groups of one size a smaller step. {@link LeaveOneOut}
 * is the same without that factor, which matters where masked samples make groups differ in size.
 *
 * <p>Dr. GRPO also sums over tokens and divides by a constant instead of each response's length;
 * that is the trainer's aggregation.
 */
@Method(source = "arXiv 2503.20783")
public record GroupCentred() implements Advantage {
  @Override
  public Advantages of(Group group) {
    double mean = Arrays.stream(group.scored()).average().orElse(0);
    boolean varies = !group.flat();
    double[] advantages = new double[group.size()];
    for (int i = 0; i < advantages.length; i++) {
      if (varies && group.rewards().get(i) instanceof Scored reward) {
        advantages[i] = reward.value() - mean;
      }
    }
    return new Advantages(advantages, group.mask());
  }
}
