package dev.goodhart.steer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Counts votes: the answer with the most weight, and the best response that gives it. */
final class Ballot {
  static int elect(
      List<@Nullable String> answers, double[] rewards, double[] weights, RandomGenerator random) {
    Map<String, Double> totals = new LinkedHashMap<>();
    for (int i = 0; i < weights.length; i++) {
      String answer = answers.get(i);
      if (answer != null) {
        totals.merge(answer, weights[i], Double::sum);
      }
    }
    List<String> names = List.copyOf(totals.keySet());
    double[] sums = names.stream().mapToDouble(totals::get).toArray();
    BestOfN best = new BestOfN();
    String elected = names.isEmpty() ? null : names.get(best.choose(sums, random));
    int[] voters =
        IntStream.range(0, rewards.length)
            .filter(i -> Objects.equals(answers.get(i), elected))
            .toArray();
    double[] theirs = IntStream.of(voters).mapToDouble(i -> rewards[i]).toArray();
    return voters[best.choose(theirs, random)];
  }

  static void check(List<@Nullable String> answers, double[] rewards) {
    if (answers.size() != rewards.length) {
      throw new IllegalArgumentException(
          "answers [%d] and rewards [%d] must match".formatted(answers.size(), rewards.length));
    }
    if (rewards.length == 0) {
      throw new IllegalArgumentException("there is no response to choose from");
    }
  }

  private Ballot() {}
}
