package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Sample;
import dev.goodhart.report.Figure;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.special.Gamma;

/**
 * Tells when the responses of a step, taken together, come to say the same few things: a vocabulary
 * that collapses is a policy that has settled on what pays, or lost its entropy.
 *
 * <p>The figure of a step is how many distinct runs of two tokens are to be expected among {@code
 * draw} of them, drawn without replacement, whatever the step's size. The plain share of distinct
 * runs would fall with every longer response.
 *
 * <pre>{@code
 * E = sum over runs i of  1 - C(N - n_i, draw) / C(N, draw)       n_i times it stands there, N runs in all
 * }</pre>
 *
 * <p>The alarm is raised when the mean of the last {@code window} steps is {@code ratio} times that
 * of the first {@code baseline} or less, and lower by more than three standard errors. A step with
 * fewer than {@code draw} runs is passed over. Source of the estimate: Hurlbert 1971, rarefaction.
 *
 * @param ratio of expected distinct runs, above 0 and below 1
 * @param draw how many runs are drawn, at least 2
 * @param baseline how many steps the run begins with, at least 2
 * @param window how many steps are averaged
 */
@Method
public record DistinctRuns(
    @Default("0.6") double ratio,
    @Default("100") int draw,
    @Default("20") int baseline,
    @Default("5") int window)
    implements Monitor {
  static final int RUN = 2;
  private static final int TABLE = 1 << 16;

  public DistinctRuns {
    StepBaseline.check(baseline, window, ratio, "ratio");
    if (!(ratio < 1)) {
      throw new IllegalArgumentException("ratio must be below 1, not " + ratio);
    }
    if (draw < 2) {
      throw new IllegalArgumentException("draw must be at least 2 runs, not " + draw);
    }
  }

  @Override
  public Watch start() {
    StepBaseline steps = new StepBaseline(baseline, window);
    return (samples, rewards) -> step(steps, samples);
  }

  private List<Finding> step(StepBaseline steps, List<Sample> samples) {
    if (!steps.add(expected(samples, draw))
        || !steps.raise(steps.now() <= ratio * steps.before() && steps.errors() > 3)) {
      return List.of();
    }
    return List.of(
        new Finding(
            "distinct-runs",
            Finding.Level.ALARM,
            "The responses of a step say fewer different things: among "
                + draw
                + " runs of two tokens "
                + Figure.of(steps.now())
                + " are distinct, against "
                + Figure.of(steps.before())
                + " when the run began.",
            Map.of("before", steps.before(), "now", steps.now())));
  }

  /**
   * How many distinct runs of two tokens are to be expected among some of a step.
   *
   * @return in [1, draw]; NaN where the step has fewer
   */
  public static double expected(List<Sample> samples, int draw) {
    return expected(TokenCounts.of(samples, RUN, TABLE), draw);
  }

  static double expected(int[] counts, int draw) {
    long all = TokenCounts.sum(counts);
    if (all < draw) return Double.NaN;
    double expected = 0;
    for (int count : counts) {
      if (count > 0) expected += -Math.expm1(logMissed(all, count, draw));
    }
    return expected;
  }

  /** The logarithm of C(all − count, draw) / C(all, draw): that none of them is drawn. */
  private static double logMissed(long all, int count, int draw) {
    long others = all - count;
    if (others < draw) return Double.NEGATIVE_INFINITY;
    if (count <= 32) {
      double log = 0;
      for (int k = 0; k < count; k++) log += Math.log1p(-draw / (double) (all - k));
      return log;
    }
    return Gamma.logGamma(others + 1.0)
        - Gamma.logGamma(others - draw + 1.0)
        - Gamma.logGamma(all + 1.0)
        + Gamma.logGamma(all - draw + 1.0);
  }
}
