package dev.goodhart.neural.align;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.neural.align.World.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.TreeMap;

/** The figures of a step's roll-outs. */
final class Summary {
  private static final int EXAMPLES = 8;

  private Summary() {}

  /**
   * Reward, gold, distance from the reference, entropy, length, shares, parts.
   *
   * @param row takes them
   */
  static void of(
      List<Drawn> drawn,
      List<Reward> rewards,
      List<Episode> episodes,
      Tasks tasks,
      SequencedMap<String, Double> row) {
    double[] scored =
        rewards.stream()
            .filter(Scored.class::isInstance)
            .mapToDouble(r -> ((Scored) r).value())
            .toArray();
    double mean = mean(scored);
    double squares = 0;
    for (double value : scored) squares += (value - mean) * (value - mean);
    if (scored.length > 0) row.put("reward", mean);
    if (scored.length > 1) {
      row.put("reward-deviation", Math.sqrt(squares / (scored.length - 1)));
    }
    double[] gold =
        drawn.stream()
            .map(d -> tasks.gold(d.sample()))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    if (gold.length > 0) row.put("gold", mean(gold));
    double tokens = episodes.stream().mapToInt(Episode::size).sum();
    double kl = episodes.stream().mapToDouble(Summary::kl).sum();
    double surprise = 0;
    for (Episode episode : episodes) {
      for (double logProb : episode.old()) surprise -= logProb;
    }
    row.put("kl", kl / episodes.size());
    row.put("kl-token", kl / tokens);
    row.put("entropy", surprise / tokens);
    row.put("length", tokens / episodes.size());
    row.put("unscored", 1 - scored.length / (double) rewards.size());
    row.put(
        "cut-off",
        drawn.stream().filter(d -> "length".equals(d.sample().columns().get("finish"))).count()
            / (double) drawn.size());
    parts(rewards).forEach((name, value) -> row.put("parts/" + name, value));
    Map<String, double[]> attributes = new TreeMap<>();
    for (Drawn one : drawn) {
      tasks
          .attributes(one.sample())
          .forEach(
              (name, value) -> {
                double[] sum = attributes.computeIfAbsent(name, n -> new double[2]);
                sum[0] += value;
                sum[1]++;
              });
    }
    attributes.forEach((name, sum) -> row.put("true/" + name, sum[0] / sum[1]));
  }

  /** The mean of each of the reward's parts over the responses in which it was scored. */
  static Map<String, Double> parts(List<Reward> rewards) {
    Map<String, double[]> sums = new TreeMap<>();
    for (Reward reward : rewards) {
      if (reward.parts().size() < 2) continue; // a single part is the whole
      reward
          .parts()
          .forEach(
              (name, part) -> {
                if (part instanceof Scored scored) {
                  double[] sum = sums.computeIfAbsent(name, n -> new double[2]);
                  sum[0] += scored.value();
                  sum[1]++;
                }
              });
    }
    Map<String, Double> means = new TreeMap<>();
    sums.forEach((name, sum) -> means.put(name, sum[0] / sum[1]));
    return means;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) sum += value;
    return sum / values.length;
  }

  /**
   * An estimate of how far the policy is from its reference at a response, in nats: the sum over
   * its tokens of the policy's log-probability minus the reference's (k1). It is right on average,
   * also far away, where the exponential of k3 is ruled by single tokens; a mean over few responses
   * that are near may be below 0.
   */
  static double kl(Episode episode) {
    double sum = 0;
    for (int t = 0; t < episode.size(); t++) {
      sum += episode.old()[t] - episode.reference()[t];
    }
    return sum;
  }

  static List<RolloutLog.Row> rows(
      List<Drawn> drawn, List<Reward> rewards, List<Episode> episodes, Tasks tasks) {
    List<RolloutLog.Row> rows = new ArrayList<>();
    for (int i = 0; i < drawn.size(); i++) {
      Sample sample = drawn.get(i).sample();
      rows.add(
          new RolloutLog.Row(
              sample,
              rewards.get(i),
              tasks.gold(sample),
              kl(episodes.get(i)),
              drawn.get(i).number()));
    }
    return rows;
  }

  /**
   * The first responses of an evaluation.
   *
   * @param kl of the policy at this step
   */
  static List<RolloutLog.Row> examples(
      List<Drawn> drawn, List<Reward> rewards, Tasks tasks, double kl) {
    List<RolloutLog.Row> rows = new ArrayList<>();
    for (int i = 0; i < Math.min(EXAMPLES, drawn.size()); i++) {
      Sample sample = drawn.get(i).sample();
      rows.add(new RolloutLog.Row(sample, rewards.get(i), tasks.gold(sample), kl, 0));
    }
    return rows;
  }

  /** For the progress line. */
  static String words(SequencedMap<String, Double> row) {
    StringBuilder words = new StringBuilder();
    for (String name : List.of("reward", "gold", "kl", "distillation", "entropy", "length")) {
      Double value = row.get(name);
      if (value != null) words.append("%s %.3g, ".formatted(name, value));
    }
    return words
        + "%,.0f tokens/s"
            .formatted(row.getOrDefault("tokens-per-second", 0.0))
            .toLowerCase(Locale.ROOT);
  }
}
