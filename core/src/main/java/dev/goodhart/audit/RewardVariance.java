package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.report.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells when a reward stops telling responses to one prompt apart. A group whose rewards are all
 * equal teaches a policy nothing, and a reward that has gone flat is saturated: everything is
 * right, everything is wrong, or everything has found the same way to please it.
 *
 * <p>The figure of a step is the root mean square, over prompts with at least two scored samples,
 * of the deviation within the prompt. The alarm is raised when the mean of the last {@code window}
 * steps is {@code floor} times that of the first {@code baseline} or less; at once after the first
 * steps when those were flat already.
 *
 * @param floor the share of the first steps' deviation, above 0 and below 1
 * @param baseline how many steps the run begins with, at least 2
 * @param window how many steps are averaged
 */
@Method
public record RewardVariance(
    @Default("0.25") double floor, @Default("20") int baseline, @Default("5") int window)
    implements Monitor {
  public RewardVariance {
    StepBaseline.check(baseline, window, floor, "floor");
    if (!(floor < 1)) {
      throw new IllegalArgumentException("floor must be below 1, not " + floor);
    }
  }

  @Override
  public Watch start() {
    StepBaseline steps = new StepBaseline(baseline, window);
    return (samples, rewards) -> step(steps, samples, rewards);
  }

  private List<Finding> step(StepBaseline steps, List<Sample> samples, List<Reward> rewards) {
    if (!steps.add(withinPrompts(samples, rewards))) {
      return List.of();
    }
    if (!steps.raise(steps.now() <= floor * steps.before())) {
      return List.of();
    }
    String says =
        steps.before() == 0
            ? "The reward does not tell the responses to a prompt apart, and did not when the run"
                + " began."
            : "The reward tells the responses to a prompt apart by "
                + Figure.of(steps.now())
                + ", against "
                + Figure.of(steps.before())
                + " when the run began.";
    return List.of(
        new Finding(
            "reward-variance",
            Finding.Level.ALARM,
            says,
            Map.of("before", steps.before(), "now", steps.now())));
  }

  /** NaN where no prompt has two scored samples. */
  static double withinPrompts(List<Sample> samples, List<Reward> rewards) {
    Map<Prompt, List<Double>> groups = new LinkedHashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      if (rewards.get(i) instanceof Scored scored) {
        groups.computeIfAbsent(samples.get(i).prompt(), p -> new ArrayList<>()).add(scored.value());
      }
    }
    return Math.sqrt(
        groups.values().stream()
            .filter(g -> g.size() > 1)
            .mapToDouble(RewardVariance::variance)
            .average()
            .orElse(Double.NaN));
  }

  private static double variance(List<Double> rewards) {
    double mean = rewards.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    return rewards.stream().mapToDouble(r -> (r - mean) * (r - mean)).average().orElse(0);
  }
}
