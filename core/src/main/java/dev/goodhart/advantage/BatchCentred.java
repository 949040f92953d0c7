package dev.goodhart.advantage;

import dev.goodhart.Group;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import java.util.List;

/**
 * REINFORCE with one baseline for all: each reward against the mean of every scored response of the
 * step. For prompts of about equal difficulty, or one response a prompt; otherwise responses to
 * easy prompts are praised for the prompt.
 *
 * <pre>{@code A_i = r_i - mean over the batch (r)}</pre>
 *
 * The expected gradient is {@code (n-1)/n} of the exact one, n the scored responses of the batch. A
 * batch whose rewards are all equal gives zeros; a group with equal rewards within a batch that
 * varies does not.
 */
@Method(source = "Williams 1992, doi 10.1007/BF00992696")
public record BatchCentred() implements Advantage {
  @Override
  public Advantages of(Group group) {
    return ofAll(List.of(group)).getFirst();
  }

  @Override
  public List<Advantages> ofAll(List<Group> groups) {
    double[] scored =
        groups.stream().map(Group::scored).flatMapToDouble(java.util.Arrays::stream).toArray();
    double sum = 0;
    boolean varies = false;
    for (double reward : scored) {
      sum += reward;
      varies |= reward != scored[0];
    }
    // Of equal rewards the mean may round to something beside them.
    double mean = varies ? sum / scored.length : scored.length == 0 ? 0 : scored[0];
    return groups.stream().map(group -> new Advantages(minus(group, mean), group.mask())).toList();
  }

  private static double[] minus(Group group, double mean) {
    double[] advantages = new double[group.size()];
    for (int i = 0; i < advantages.length; i++) {
      Reward reward = group.rewards().get(i);
      advantages[i] = reward instanceof Scored scored ? scored.value() - mean : 0;
    }
    return advantages;
  }
}
