package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Sample;
import dev.goodhart.report.Figure;
import java.util.List;
import java.util.Map;

/**
 * Tells when responses are written in other words than when the run began. Whatever a policy finds
 * to please a reward with, it writes more of it; a reward is right about the texts that it was made
 * on, and these are left.
 *
 * <p>The figure of a step is the divergence of Jensen and Shannon between the frequencies of its
 * tokens and those of the first {@code baseline} steps, in bits, from 0 to 1. Two samples of the
 * same text are some way apart, too: each of the first steps against the others says how far. The
 * alarm is raised when the mean of the last {@code window} steps is {@code rise} or more above
 * that, and by more than three standard errors.
 *
 * @param rise in bits, above 0 and below 1
 * @param baseline how many steps the run begins with, at least 2
 * @param window how many steps are averaged
 */
@Method
public record ReferenceDistance(
    @Default("0.2") double rise, @Default("20") int baseline, @Default("5") int window)
    implements Monitor {
  public ReferenceDistance {
    StepBaseline.check(baseline, window, rise, "rise");
    if (!(rise < 1)) {
      throw new IllegalArgumentException("rise must be below 1 bit, not " + rise);
    }
  }

  @Override
  public Watch start() {
    TokenDistances distances = new TokenDistances(baseline, 1);
    StepBaseline steps = new StepBaseline(baseline, window);
    return (samples, rewards) -> step(distances, steps, samples);
  }

  private List<Finding> step(TokenDistances distances, StepBaseline steps, List<Sample> samples) {
    boolean ready = false;
    for (double distance : distances.add(samples)) ready = steps.add(distance);
    if (!ready || !steps.raise(steps.now() - steps.before() >= rise && steps.errors() > 3)) {
      return List.of();
    }
    return List.of(
        new Finding(
            "reference-distance",
            Finding.Level.ALARM,
            "Responses are written in other words than when the run began: "
                + Figure.of(steps.now())
                + " bits of at most 1 from the first steps, which were "
                + Figure.of(steps.before())
                + " from each other.",
            Map.of("before", steps.before(), "now", steps.now())));
  }
}
