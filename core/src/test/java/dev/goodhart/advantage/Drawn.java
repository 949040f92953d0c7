package dev.goodhart.advantage;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Roll-outs for tests, from bare numbers; NaN stands for an unscored response. */
final class Drawn {
  static Group group(double... rewards) {
    return new Group(
        Collections.nCopies(rewards.length, Sample.of("p", "r")),
        Arrays.stream(rewards).mapToObj(Drawn::reward).toList());
  }

  static Group group(Reward... rewards) {
    return new Group(Collections.nCopies(rewards.length, Sample.of("p", "r")), List.of(rewards));
  }

  static Reward reward(double value) {
    return Double.isNaN(value) ? Reward.unscored("timeout") : Reward.of(value);
  }

  /** Responses of these lengths with these rewards. */
  static Rollouts rollouts(int[] lengths, double... rewards) {
    Tokens[] tokens = new Tokens[rewards.length];
    Arrays.setAll(tokens, i -> Tokens.of(lengths[i], rewards[i]));
    return new Rollouts(group(rewards), List.of(tokens));
  }

  /** The advantage of each response at its first token. */
  static double[] firsts(Credit credit, Rollouts rollouts) {
    return Arrays.stream(credit.credit(List.of(rollouts)).getFirst().values())
        .mapToDouble(v -> v[0])
        .toArray();
  }

  private Drawn() {}
}
