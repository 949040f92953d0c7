package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Sample;
import dev.goodhart.report.Figure;
import java.util.List;
import java.util.Map;

/**
 * Tells when responses grow or shrink away from where the run began. Length is the commonest thing
 * that a policy finds to please a reward with; a reward that pays for it is hacked by it first.
 *
 * <p>The figure of a step is the mean of the responses' log-length in characters. The alarm is
 * raised when the mean of the last {@code window} steps has moved from that of the first {@code
 * baseline} by a factor of {@code ratio} or more, either way, and by more than three standard
 * errors.
 *
 * @param ratio of lengths, above 1
 * @param baseline how many steps the run begins with, at least 2
 * @param window how many steps are averaged
 */
@Method
public record LengthDrift(
    @Default("1.5") double ratio, @Default("20") int baseline, @Default("5") int window)
    implements Monitor {
  public LengthDrift {
    StepBaseline.check(baseline, window, ratio, "ratio");
    if (!(ratio > 1)) {
      throw new IllegalArgumentException("ratio must be above 1, not " + ratio);
    }
  }

  @Override
  public Watch start() {
    StepBaseline steps = new StepBaseline(baseline, window);
    return (samples, rewards) -> step(steps, samples);
  }

  private List<Finding> step(StepBaseline steps, List<Sample> samples) {
    double mean =
        samples.stream()
            .mapToDouble(
                s -> Math.log(Math.max(1, s.response().codePointCount(0, s.response().length()))))
            .average()
            .orElse(Double.NaN);
    if (!steps.add(mean)) {
      return List.of();
    }
    double moved = Math.exp(steps.now() - steps.before());
    if (!steps.raise((moved >= ratio || moved <= 1 / ratio) && steps.errors() > 3)) {
      return List.of();
    }
    double before = Math.exp(steps.before());
    double now = Math.exp(steps.now());
    return List.of(
        new Finding(
            "length-drift",
            Finding.Level.ALARM,
            "Responses are "
                + Figure.of(moved)
                + " times as long as when the run began: "
                + Figure.of(Math.rint(now))
                + " characters against "
                + Figure.of(Math.rint(before))
                + ".",
            Map.of("ratio", moved, "before", before, "now", now)));
  }
}
