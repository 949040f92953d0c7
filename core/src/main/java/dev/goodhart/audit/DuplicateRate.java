package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Sample;
import dev.goodhart.report.Figure;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells when a policy comes to give the same response again and again, which is what is left of it
 * when its entropy has collapsed or when one text pleases the reward whatever was asked.
 *
 * <p>The figure of a step is the share of its responses that another one before it equals, whatever
 * the prompt, white space at the ends aside: 1 − distinct / all. Short answers repeat by nature,
 * which the first steps show. The alarm is raised when the mean of the last {@code window} steps is
 * above that of the first {@code baseline} by {@code rise} or more, and by more than three standard
 * errors. A step with fewer than two samples is passed over.
 *
 * @param rise of the share, between 0 and 1
 * @param baseline how many steps the run begins with, at least 2
 * @param window how many steps are averaged
 */
@Method
public record DuplicateRate(
    @Default("0.2") double rise, @Default("20") int baseline, @Default("5") int window)
    implements Monitor {
  public DuplicateRate {
    StepBaseline.check(baseline, window, rise, "rise");
    if (!(rise < 1)) {
      throw new IllegalArgumentException("rise must be below 1, not " + rise);
    }
  }

  @Override
  public Watch start() {
    StepBaseline steps = new StepBaseline(baseline, window);
    return (samples, rewards) -> step(steps, samples);
  }

  private List<Finding> step(StepBaseline steps, List<Sample> samples) {
    if (!steps.add(share(samples))
        || !steps.raise(steps.now() - steps.before() >= rise && steps.errors() > 3)) {
      return List.of();
    }
    return List.of(
        new Finding(
            "duplicate-rate",
            Finding.Level.ALARM,
            "The same responses come again: "
                + Figure.percent(steps.now())
                + " of a step's equal another one in it, against "
                + Figure.percent(steps.before())
                + " when the run began.",
            Map.of("before", steps.before(), "now", steps.now())));
  }

  /** NaN for fewer than two samples. */
  public static double share(List<Sample> samples) {
    if (samples.size() < 2) {
      return Double.NaN;
    }
    Set<String> distinct = new HashSet<>();
    for (Sample sample : samples) distinct.add(sample.response().strip());
    return 1 - (double) distinct.size() / samples.size();
  }
}
