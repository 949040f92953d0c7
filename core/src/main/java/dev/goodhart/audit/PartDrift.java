package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of every part of the reward when its values are suddenly other ones: the whole may go on as
 * before while one part pays for what another loses. The measure is that of {@link RewardDrift}.
 *
 * @param distance between 0 and 1
 * @param baseline how many steps are the measure, at least 2
 * @param window how many steps are compared with them
 */
@Method
public record PartDrift(
    @Default("0.35") double distance, @Default("20") int baseline, @Default("5") int window)
    implements Monitor {
  public PartDrift {
    StepBaseline.check(baseline, window, distance, "distance");
    RecentDistribution.check(distance);
  }

  @Override
  public Watch start() {
    Map<String, RecentDistribution> parts = new LinkedHashMap<>();
    return (samples, rewards) -> step(parts, rewards);
  }

  private List<Finding> step(Map<String, RecentDistribution> parts, List<Reward> rewards) {
    List<Finding> findings = new ArrayList<>();
    PartValues.parts(rewards)
        .forEach(
            (name, values) -> {
              RecentDistribution steps =
                  parts.computeIfAbsent(name, n -> new RecentDistribution(baseline, window));
              if (steps.add(values) && steps.raise(distance)) {
                findings.add(
                    RewardDrift.finding("part-drift", "The part " + name, steps, baseline));
              }
            });
    return findings;
  }
}
