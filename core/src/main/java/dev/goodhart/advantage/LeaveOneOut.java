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
 *
 * <p>Unbiased also where samples are masked, as long as what masks a sample does not depend on its
 * response: the mean over the scored responses of {@code A_i grad log pi(y_i)} has the expectation
 * of the exact gradient whenever two or more are scored.
 */
@Method(source = "arXiv 2402.14740")
public record LeaveOneOut() implements Advantage {
  @Override
  public Advantages of(Group group) {
    double[] scored = group.scored();
    double sum = Arrays.stream(scored).sum();
    double[] advantages = new double[group.size()];
    boolean varies = !group.flat(); // rounding must not prefer one of equal rewards
    for (int i = 0; i < advantages.length; i++) {
      if (varies && group.rewards().get(i) instanceof Scored reward) {
        advantages[i] = reward.value() - (sum - reward.value()) / (scored.length - 1);
      }
    }
    return new Advantages(advantages, group.mask());
  }
}
