package dev.goodhart.advantage;

import dev.goodhart.Group;
import dev.goodhart.Method;
import dev.goodhart.Scored;

/**
 * REINFORCE without a baseline: the reward is the advantage. For rewards that are advantages
 * already, such as the forward weight of {@link dev.goodhart.transform.NoiseCorrection}; for others
 * the gradient is exact but varies far more than with any baseline.
 *
 * <pre>{@code A_i = r_i}</pre>
 *
 * A group with equal rewards has advantages all the same, unless they are 0.
 */
@Method(source = "Williams 1992, doi 10.1007/BF00992696")
public record Uncentred() implements Advantage {
  @Override
  public Advantages of(Group group) {
    double[] advantages = new double[group.size()];
    for (int i = 0; i < advantages.length; i++) {
      advantages[i] = group.rewards().get(i) instanceof Scored reward ? reward.value() : 0;
    }
    return new Advantages(advantages, group.mask());
  }
}
