package dev.goodhart.lab.experiment;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.advantage.Credit;
import dev.goodhart.advantage.Rollouts;
import dev.goodhart.advantage.Tokens;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** What experiments share whose policy is a table: roll-outs of bare numbers. */
final class Tabular {
  private static final Sample SAMPLE = Sample.of("x", "");

  /** The rewards of responses to one prompt. */
  static Group group(double[] rewards) {
    return new Group(
        Collections.nCopies(rewards.length, SAMPLE),
        Arrays.stream(rewards).<Reward>mapToObj(Reward::of).toList());
  }

  /** Responses to one prompt. */
  static Rollouts rollouts(List<? extends Reward> rewards, List<Tokens> tokens) {
    return new Rollouts(
        new Group(Collections.nCopies(rewards.size(), SAMPLE), List.copyOf(rewards)), tokens);
  }

  /** Responses to one prompt that earn their rewards as a whole. */
  static Rollouts rollouts(int[] lengths, double[] rewards) {
    return rollouts(
        Arrays.stream(rewards).mapToObj(Reward::of).toList(),
        IntStream.range(0, rewards.length)
            .mapToObj(i -> Tokens.of(lengths[i], rewards[i]))
            .toList());
  }

  /**
   * One advantage a response, {@code [prompt][response]}, of a credit that is the same for each
   * token.
   */
  static double[][] byResponse(Credit credit, List<Rollouts> batch) {
    return credit.credit(batch).stream()
        .map(c -> Arrays.stream(c.values()).mapToDouble(v -> v[0]).toArray())
        .toArray(double[][]::new);
  }

  private Tabular() {}
}
