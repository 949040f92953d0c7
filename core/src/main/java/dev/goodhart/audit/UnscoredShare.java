package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Unscored;
import dev.goodhart.report.Figure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells when too many samples get no reward: a judge is down, a sandbox times out, or the policy
 * writes what a verifier cannot read. Training goes on with what is left, which is no longer what
 * was asked for.
 *
 * <p>The figure is the share of unscored samples among those of the last {@code window} steps. The
 * alarm is raised when there are more of them than the tolerated {@code share} by three standard
 * deviations of a binomial count, √(n · share · (1 − share)). It names the commonest reason.
 *
 * @param share that is tolerated, between 0 and 1
 * @param window how many steps are looked at
 */
@Method
public record UnscoredShare(@Default("0.05") double share, @Default("5") int window)
    implements Monitor {
  public UnscoredShare {
    StepBaseline.check(2, window, share, "share");
    if (!(share < 1)) {
      throw new IllegalArgumentException("share must be below 1, not " + share);
    }
  }

  @Override
  public Watch start() {
    Counts counts = new Counts();
    return (samples, rewards) -> step(counts, rewards);
  }

  private List<Finding> step(Counts counts, List<Reward> rewards) {
    if (rewards.isEmpty()) {
      return List.of();
    }
    Map<String, Integer> reasons = new TreeMap<>();
    for (Reward reward : rewards) {
      if (reward instanceof Unscored unscored) {
        reasons.merge(unscored.kind(), 1, Integer::sum);
      }
    }
    counts.steps.addLast(new Step(rewards.size(), reasons));
    if (counts.steps.size() > window) {
      counts.steps.removeFirst();
    }
    if (counts.steps.size() < window) {
      return List.of();
    }
    Map<String, Integer> all = new TreeMap<>();
    counts.steps.forEach(s -> s.reasons.forEach((why, n) -> all.merge(why, n, Integer::sum)));
    double samples = counts.steps.stream().mapToInt(Step::samples).sum();
    double unscored = all.values().stream().mapToInt(Integer::intValue).sum();
    boolean many = unscored > samples * share + 3 * Math.sqrt(samples * share * (1 - share));
    boolean begins = many && !counts.raised;
    counts.raised = many;
    if (!begins) {
      return List.of();
    }
    var commonest = all.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
    return List.of(
        new Finding(
            "unscored-share",
            Finding.Level.ALARM,
            Figure.percent(unscored / samples)
                + " of the samples were not scored ("
                + Figure.count((long) unscored)
                + " of "
                + Figure.count((long) samples)
                + "); the commonest reason is '"
                + commonest.getKey()
                + "' ("
                + Figure.count(commonest.getValue())
                + ").",
            Map.of("share", unscored / samples)));
  }

  private record Step(int samples, Map<String, Integer> reasons) {}

  private static final class Counts {
    final Deque<Step> steps = new ArrayDeque<>();
    boolean raised;
  }
}
