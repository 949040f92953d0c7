package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.report.Figure;
import java.util.List;
import java.util.Map;

/**
 * Tells when the rewards are suddenly other ones. A policy that learns climbs slowly; one that has
 * found a way to please the reward without the work jumps, and so does a reward that broke.
 *
 * <p>Compares the rewards of the last {@code window} steps with those of the {@code baseline} steps
 * before them, which move along with the run, by the distance of Kolmogorov and Smirnov, sup |F(x)
 * − G(x)|. For rewards of 0 and 1 that is the difference of their shares; for a bell of rewards
 * that moves by one deviation 0.38. The alarm is raised when it is {@code distance} or more and
 * beyond chance (one in a thousand).
 *
 * @param distance between 0 and 1
 * @param baseline how many steps are the measure, at least 2
 * @param window how many steps are compared with them
 */
@Method
public record RewardDrift(
    @Default("0.35") double distance, @Default("20") int baseline, @Default("5") int window)
    implements Monitor {
  public RewardDrift {
    StepBaseline.check(baseline, window, distance, "distance");
    RecentDistribution.check(distance);
  }

  @Override
  public Watch start() {
    RecentDistribution steps = new RecentDistribution(baseline, window);
    return (samples, rewards) -> step(steps, rewards);
  }

  private List<Finding> step(RecentDistribution steps, List<Reward> rewards) {
    return steps.add(PartValues.rewards(rewards)) && steps.raise(distance)
        ? List.of(finding("reward-drift", "The reward", steps, baseline))
        : List.of();
  }

  static Finding finding(String name, String of, RecentDistribution steps, int baseline) {
    double before = PartValues.mean(steps.earlier());
    double now = PartValues.mean(steps.recent());
    return new Finding(
        name,
        Finding.Level.ALARM,
        of
            + (now > before ? " jumped up: " : now < before ? " dropped: " : " spread out anew: ")
            + Figure.of(now)
            + " on average (median "
            + Figure.of(PartValues.median(steps.recent()))
            + "), against "
            + Figure.of(before)
            + " (median "
            + Figure.of(PartValues.median(steps.earlier()))
            + ") in the "
            + baseline
            + " steps before. The distance of the two distributions is "
            + Figure.of(steps.distance())
            + " of at most 1.",
        Map.of("distance", steps.distance(), "before", before, "now", now));
  }
}
