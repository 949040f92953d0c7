package dev.goodhart.audit;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a reward pays for the words alone, whatever they are an answer to. From the first steps it
 * learns which words go with a higher reward among responses to the same prompt:
 *
 * <pre>{@code
 * slope_w = Σ (c_iw − c̄_w)(r_i − r̄) / (Σ (c_iw − c̄_w)² + 2)         means over the prompt's responses
 * pay_w   = max(0, slope_w − 1.5 s / √(Σ (c_iw − c̄_w)² + 2)) / s     s² = mean of (r_i − r̄)²
 * }</pre>
 *
 * <p>with {@code c_iw} how often word w stands in response i. What a step's words earn is {@code
 * Σ_w pay_w · c̄_w} over all its responses, in deviations of the reward within prompts. An answer
 * that is right for one prompt is wrong for the next, so that getting better hardly moves it;
 * praise, filler and magic endings earn the same everywhere.
 *
 * <p>A word is a token of {@link TokenCounts}, counted in a table of fixed size.
 */
final class PaidTokens {
  private static final int TABLE = 1 << 12;

  /** Keeps a word that was seen a few times from being thought well paid. */
  private static final double RIDGE = 2;

  private static final double ERRORS = 1.5;

  private final int baseline;
  private final double[] covariance = new double[TABLE];
  private final double[] squares = new double[TABLE];
  private final String[] words = new String[TABLE];
  private double rewardSquares;
  private int responses;
  private final List<double[]> first = new ArrayList<>();
  private double @Nullable [] pay;
  private double[] before = new double[TABLE];
  private double[] last = before;

  /**
   * @param baseline how many steps it learns from, at least 2
   */
  PaidTokens(int baseline) {
    this.baseline = baseline;
  }

  /**
   * Adds a step.
   *
   * @return nothing for the first steps until they are complete, then what the words of each of
   *     them earn, and from then on those of each step
   */
  double[] add(List<Sample> samples, List<Reward> rewards) {
    double[] often = new double[TABLE];
    List<Map<Integer, Integer>> counts = new ArrayList<>();
    for (Sample sample : samples) {
      Map<Integer, Integer> count = counts(sample.response());
      count.forEach((w, c) -> often[w] += c / (double) samples.size());
      counts.add(count);
    }
    if (pay != null) {
      last = often;
      return new double[] {earned(pay, often)};
    }
    learn(samples, rewards, counts);
    first.add(often);
    if (first.size() < baseline) return new double[0];
    double[] learnt = pay();
    pay = learnt;
    for (double[] step : first) {
      for (int w = 0; w < TABLE; w++) before[w] += step[w] / baseline;
    }
    double[] earned = first.stream().mapToDouble(step -> earned(learnt, step)).toArray();
    first.clear();
    return earned;
  }

  private Map<Integer, Integer> counts(String response) {
    Map<Integer, Integer> counts = new HashMap<>();
    TokenCounts.each(
        response,
        (hash, text) -> {
          int place = (int) hash & TABLE - 1;
          counts.merge(place, 1, Integer::sum);
          if (words[place] == null) words[place] = text.get();
        });
    return counts;
  }

  private void learn(
      List<Sample> samples, List<Reward> rewards, List<Map<Integer, Integer>> counts) {
    Map<Prompt, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      if (rewards.get(i) instanceof Scored) {
        groups.computeIfAbsent(samples.get(i).prompt(), p -> new ArrayList<>()).add(i);
      }
    }
    for (List<Integer> group : groups.values()) {
      int n = group.size();
      double mean = group.stream().mapToDouble(i -> value(rewards.get(i))).average().orElse(0);
      Map<Integer, Integer> sums = new HashMap<>();
      for (int i : group) {
        double above = value(rewards.get(i)) - mean;
        rewardSquares += above * above;
        counts
            .get(i)
            .forEach(
                (w, c) -> {
                  covariance[w] += c * above;
                  squares[w] += (double) c * c;
                  sums.merge(w, c, Integer::sum);
                });
      }
      sums.forEach((w, sum) -> squares[w] -= (double) sum * sum / n);
      responses += n;
    }
  }

  private static double value(Reward reward) {
    return ((Scored) reward).value();
  }

  private double[] pay() {
    double[] each = new double[TABLE];
    double deviation = Math.sqrt(rewardSquares / Math.max(1, responses));
    if (deviation == 0) return each; // all were paid the same
    for (int w = 0; w < TABLE; w++) {
      double weight = squares[w] + RIDGE;
      double slope = covariance[w] / weight / deviation;
      each[w] = Math.max(0, slope - ERRORS / Math.sqrt(weight));
    }
    return each;
  }

  private static double earned(double[] pay, double[] often) {
    double sum = 0;
    for (int w = 0; w < TABLE; w++) sum += pay[w] * often[w];
    return sum;
  }

  /** The words whose spread has earned most, in quotes, that with the most first. */
  List<String> spread(int most) {
    if (pay == null) return List.of();
    double[] gain = new double[TABLE];
    for (int w = 0; w < TABLE; w++) gain[w] = pay[w] * (last[w] - before[w]);
    return IntStream.range(0, TABLE)
        .boxed()
        .filter(w -> gain[w] > 0 && words[w] != null)
        .sorted(Comparator.comparingDouble(w -> -gain[w]))
        .limit(most)
        .map(w -> "“" + words[w] + "”")
        .toList();
  }
}
