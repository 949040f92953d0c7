package dev.goodhart.advantage;

import dev.goodhart.Method;
import dev.goodhart.Scored;
import java.util.List;

/**
 * OPO's advantage: each reward against the baseline that makes the gradient vary the least, under
 * the assumption that the squared length of a response's gradient grows with its number of tokens.
 *
 * <pre>{@code
 * b   = sum_j l_j r_j / sum_j l_j        l the lengths in tokens
 * A_i = r_i - b
 * }</pre>
 *
 * <p>Meant for exactly on-policy updates whose loss sums over tokens. With equal lengths it is
 * {@link GroupCentred}. The sum of the length-weighted advantages is 0, that of the plain ones need
 * not be. A group whose scored rewards are all equal gives zeros.
 */
@Method(source = "arXiv 2505.23585")
public record OptimalBaseline() implements Credit {
  @Override
  public List<TokenAdvantages> credit(List<Rollouts> batch) {
    return batch.stream().map(OptimalBaseline::of).toList();
  }

  private static TokenAdvantages of(Rollouts rollouts) {
    int n = rollouts.group().size();
    double sum = 0;
    double lengths = 0;
    for (int i = 0; i < n; i++) {
      if (rollouts.group().rewards().get(i) instanceof Scored reward) {
        sum += rollouts.tokens().get(i).size() * reward.value();
        lengths += rollouts.tokens().get(i).size();
      }
    }
    double[] advantages = new double[n];
    for (int i = 0; i < n; i++) {
      if (!rollouts.flat() && rollouts.group().rewards().get(i) instanceof Scored reward) {
        advantages[i] = reward.value() - sum / lengths;
      }
    }
    return TokenAdvantages.each(
        new Advantages(advantages, rollouts.group().mask()), rollouts.tokens());
  }
}
