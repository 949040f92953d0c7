package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.report.Figure;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Tells when fewer responses keep to a format than did before: the policy unlearns what the reward
 * does not pay for, or has found that it need not.
 *
 * <p>The figure is the share of the last {@code window} steps' responses to which the format's
 * signal gives more than 0; those it cannot decide are passed over. The alarm is raised when that
 * share is below the highest it has been by {@code drop} or more, and by more than three standard
 * errors of two shares.
 *
 * @param format any rule, most often {@code { regex: ... }} or {@code { tags: ... }}; it is not
 *     part of the reward
 * @param drop of the share, between 0 and 1
 * @param window how many steps are averaged
 */
@Method
public record FormatShare(Signal format, @Default("0.2") double drop, @Default("5") int window)
    implements Monitor {
  public FormatShare {
    if (!(format instanceof Verifier)) { // nothing to open, nothing to wait for
      throw new IllegalArgumentException(
          "format must be a rule that decides at once, such as regex or tags");
    }
    StepBaseline.check(2, window, drop, "drop");
    if (!(drop < 1)) {
      throw new IllegalArgumentException("drop must be below 1, not " + drop);
    }
  }

  @Override
  public Watch start() {
    Counts counts = new Counts();
    return (samples, rewards) -> step(counts, samples);
  }

  private List<Finding> step(Counts counts, List<Sample> samples) {
    int kept = 0;
    int decided = 0;
    for (Reward verdict : format.of(samples)) {
      if (verdict instanceof Scored scored) {
        decided++;
        kept += scored.value() > 0 ? 1 : 0;
      }
    }
    if (decided == 0) {
      return List.of();
    }
    counts.steps.addLast(new int[] {kept, decided});
    if (counts.steps.size() > window) {
      counts.steps.removeFirst();
    }
    if (counts.steps.size() < window) {
      return List.of();
    }
    double keeping = counts.steps.stream().mapToInt(s -> s[0]).sum();
    double all = counts.steps.stream().mapToInt(s -> s[1]).sum();
    double share = keeping / all;
    if (share >= counts.best) {
      counts.best = share;
      counts.bestOf = all;
    }
    double fallen = counts.best - share;
    double pooled = (keeping + counts.best * counts.bestOf) / (all + counts.bestOf);
    double error = Math.sqrt(pooled * (1 - pooled) * (1 / all + 1 / counts.bestOf));
    boolean low = fallen >= drop && fallen > 3 * error;
    boolean begins = low && !counts.raised;
    counts.raised = low;
    if (!begins) {
      return List.of();
    }
    return List.of(
        new Finding(
            "format-share",
            Finding.Level.ALARM,
            "Only "
                + Figure.percent(share)
                + " of the responses keep to the format, against "
                + Figure.percent(counts.best)
                + " at best.",
            Map.of("share", share, "best", counts.best)));
  }

  private static final class Counts {
    final Deque<int[]> steps = new ArrayDeque<>();
    double best = -1;
    double bestOf;
    boolean raised;
  }
}
