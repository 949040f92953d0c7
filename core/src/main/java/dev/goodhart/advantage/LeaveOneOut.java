package dev.goodhart.advantage;

import dev.goodhart.Group;
import dev.goodhart.Method;
import dev.goodhart.Scored;
import java.util.Arrays;

/**
 * RLOO's advantage: each reward against the mean of the other responses to the same prompt, a
 * baseline that does not depend on the response itself and so leaves the policy gradient unbiased.
 *
 * <pre>{@code A_i = r_i - 1/(n-1) sum_{j != i} r_j}</pre>
 *
 * n counts the scored responses only. With fewer than two of them there is no baseline and the
 * advantage is 0.
 */
@Method(source = "arXiv 2402.14740")
public record LeaveOneOut() implements Advantage {
  @Override
  public Advantages of(Group group) {
    double[] scored = group.scored();
    double sum = Arrays.stream(scored).sum();
    double[] advantages = new double[group.size()];
    for (int i = 0; i < advantages.length; i++) {
      if (scored.length >= 2 && group.rewards().get(i) instanceof Scored reward) {
        advantages[i] = reward.value() - (sum - reward.value()) / (scored.length - 1);
      }
    }
    return new Advantages(advantages, group.mask());
  }
}
