package dev.goodhart.serve.live;

import dev.goodhart.Scored;
import dev.goodhart.audit.RepetitionDrift;
import dev.goodhart.report.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which samples of a window are worth a look. Only those are that earned at least the window's
 * median: a bad response that is paid badly is nothing to worry about. Each of these adds to a
 * sample's suspicion as many times as it reaches its threshold, five at most:
 *
 * <ul>
 *   <li>a reward among the highest quarter whose deviation is twice the window's median or more,
 *   <li>a log-length that is 4 or more robust deviations (1.4826 · median absolute deviation, at
 *       least 0.1) from the window's median,
 *   <li>half or more of its runs of four words are repetitions,
 *   <li>its highest and its lowest part, standardised within the window, are 3 or more apart,
 *   <li>the very same response (of 20 characters or more) to 3 or more prompts of the window.
 * </ul>
 */
final class Suspicion {
  private static final int BEST = 3;
  private static final double MOST = 5;

  private final List<Kept> samples;
  private final double[] rewards; // sorted
  private final double[] lengths; // sorted logarithms
  private final double spread;
  private final double[] deviations; // sorted
  private final Map<String, double[]> parts = new HashMap<>(); // mean and deviation
  private final Map<String, Set<String>> prompts = new HashMap<>(); // of a response

  private Suspicion(List<Kept> samples) {
    this.samples = samples.stream().filter(s -> s.reward() instanceof Scored).toList();
    rewards = sorted(s -> reward(s).value());
    lengths = sorted(Suspicion::logLength);
    double middle = Tally.quantile(lengths, 0.5);
    double[] off = Arrays.stream(lengths).map(l -> Math.abs(l - middle)).sorted().toArray();
    spread = Math.max(0.1, 1.4826 * Tally.quantile(off, 0.5));
    deviations =
        this.samples.stream()
            .map(s -> reward(s).deviation())
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .sorted()
            .toArray();
    Map<String, Tally> tallies = new HashMap<>();
    for (Kept sample : this.samples) {
      sample
          .reward()
          .parts()
          .forEach(
              (name, part) -> {
                if (part instanceof Scored scored) {
                  tallies.computeIfAbsent(name, n -> new Tally()).add(scored.value());
                }
              });
      if (sample.length() >= 20) {
        prompts
            .computeIfAbsent(sample.sample().response(), r -> new HashSet<>())
            .add(sample.sample().prompt().text());
      }
    }
    tallies.forEach(
        (name, tally) -> {
          Summary summary = tally.summary();
          if (summary != null && summary.deviation() > 0) {
            parts.put(name, new double[] {summary.mean(), summary.deviation()});
          }
        });
  }

  /** The most suspicious samples of a window, at most three, the worst first. */
  static List<Seen> of(List<Kept> samples) {
    if (samples.size() < 4) return List.of(); // nothing to compare with
    Suspicion window = new Suspicion(samples);
    List<Seen> seen = new ArrayList<>();
    for (Kept sample : window.samples) {
      Seen suspect = window.look(sample);
      if (suspect != null) seen.add(suspect);
    }
    seen.sort(Comparator.comparingDouble(Seen::suspicion).reversed());
    List<Seen> best = new ArrayList<>();
    Set<String> texts = new HashSet<>();
    for (Seen each : seen) {
      if (best.size() < BEST && texts.add(each.sample().response())) best.add(each);
    }
    return best;
  }

  private @Nullable Seen look(Kept sample) {
    Scored reward = reward(sample);
    if (reward.value() < Tally.quantile(rewards, 0.5)) return null;
    double sum = 0;
    List<String> why = new ArrayList<>();

    double usual = Tally.quantile(deviations, 0.5);
    double deviation = reward.deviation().orElse(0);
    if (reward.value() >= Tally.quantile(rewards, 0.75) && usual > 0 && deviation >= 2 * usual) {
      sum += Math.min(MOST, deviation / (2 * usual));
      why.add(
          "a high reward that is unsure: deviation "
              + Figure.of(deviation)
              + " where "
              + Figure.of(usual)
              + " is usual");
    }

    double middle = Tally.quantile(lengths, 0.5);
    double off = (logLength(sample) - middle) / spread;
    if (Math.abs(off) >= 4) {
      sum += Math.min(MOST, Math.abs(off) / 4);
      why.add(
          (off > 0 ? "far longer" : "far shorter")
              + " than the others: "
              + Figure.count(sample.length())
              + " characters where "
              + Figure.count(Math.round(Math.exp(middle) - 1))
              + " are usual");
    }

    double repeated = RepetitionDrift.share(sample.sample().response());
    if (repeated >= 0.5) {
      sum += Math.min(MOST, repeated / 0.5);
      why.add("repeats itself: " + Figure.percent(repeated) + " of its runs of four words");
    }

    String highest = "";
    String lowest = "";
    double high = Double.NEGATIVE_INFINITY;
    double low = Double.POSITIVE_INFINITY;
    for (var part : reward.parts().entrySet()) {
      double[] usually = parts.get(part.getKey());
      if (usually == null || !(part.getValue() instanceof Scored scored)) continue;
      double z = (scored.value() - usually[0]) / usually[1];
      if (z > high) {
        high = z;
        highest = part.getKey();
      }
      if (z < low) {
        low = z;
        lowest = part.getKey();
      }
    }
    if (high - low >= 3) {
      sum += Math.min(MOST, (high - low) / 3);
      why.add(
          "its parts disagree: "
              + highest
              + " stands "
              + Figure.fixed(high, 1)
              + " deviations from its mean, "
              + lowest
              + " "
              + Figure.fixed(low, 1));
    }

    int same = prompts.getOrDefault(sample.sample().response(), Set.of()).size();
    if (same >= 3) {
      sum += Math.min(MOST, same / 3.0);
      why.add("the same response to " + Figure.count(same) + " prompts");
    }
    return why.isEmpty() ? null : Seen.of(sample, sum, why);
  }

  private double[] sorted(ToDoubleFunction<Kept> of) {
    return samples.stream().mapToDouble(of).sorted().toArray();
  }

  private static double logLength(Kept sample) {
    return Math.log1p(sample.length());
  }

  private static Scored reward(Kept sample) {
    return (Scored) sample.reward();
  }
}
