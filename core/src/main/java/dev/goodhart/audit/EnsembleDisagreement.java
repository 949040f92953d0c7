package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.report.Figure;
import java.util.List;
import java.util.Map;

/**
 * Tells when the members of an ensemble come to disagree about the policy's responses more than
 * when the run began: the policy has left what they were trained on, and what the reward says there
 * is a guess.
 *
 * <p>The figure of a step is the mean deviation of its scored samples; steps whose rewards carry
 * none are passed over. The alarm is raised when the mean of the last {@code window} steps is
 * {@code ratio} times that of the first {@code baseline} or more, and higher by more than three
 * standard errors.
 *
 * @param ratio of deviations, above 1
 * @param baseline how many steps the run begins with, at least 2
 * @param window how many steps are averaged
 */
@Method
public record EnsembleDisagreement(
    @Default("1.5") double ratio, @Default("20") int baseline, @Default("5") int window)
    implements Monitor {
  public EnsembleDisagreement {
    StepBaseline.check(baseline, window, ratio, "ratio");
    if (!(ratio > 1)) {
      throw new IllegalArgumentException("ratio must be above 1, not " + ratio);
    }
  }

  @Override
  public Watch start() {
    StepBaseline steps = new StepBaseline(baseline, window);
    return (samples, rewards) -> step(steps, rewards);
  }

  private List<Finding> step(StepBaseline steps, List<Reward> rewards) {
    double mean =
        rewards.stream()
            .filter(Scored.class::isInstance)
            .map(r -> ((Scored) r).deviation())
            .filter(java.util.OptionalDouble::isPresent)
            .mapToDouble(java.util.OptionalDouble::getAsDouble)
            .average()
            .orElse(Double.NaN);
    if (!steps.add(mean)) {
      return List.of();
    }
    boolean apart =
        steps.now() >= ratio * steps.before() && steps.now() > steps.before() && steps.errors() > 3;
    if (!steps.raise(apart)) {
      return List.of();
    }
    return List.of(
        new Finding(
            "ensemble-disagreement",
            Finding.Level.ALARM,
            "The members of the ensemble disagree by "
                + Figure.of(steps.now())
                + ", against "
                + Figure.of(steps.before())
                + " when the run began: the policy is leaving what they know.",
            Map.of("before", steps.before(), "now", steps.now())));
  }
}
