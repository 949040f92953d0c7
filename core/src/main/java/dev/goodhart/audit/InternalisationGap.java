package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Sample;
import dev.goodhart.report.Figure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Tells when a policy stops to take in what its rubric asks for, without any verifier: it was
 * getting closer to what it writes with the rubric before its eyes, and now drifts away from that.
 *
 * <pre>{@code
 * gap = sum over samples of (log p(o | x) - log p(o | x, rubric)) / sum of lengths       nats a token
 * }</pre>
 *
 * with the samples o drawn from the policy that sees the rubric. The sum of log-ratios is −KL on
 * average, so the gap is at most 0 but for chance and rises towards 0 as the policy does by itself
 * what the rubric would elicit. The mean of each sample's own mean is not: with lengths that go
 * with the ratios it may be above 0 ({@link #meanOfMeans}).
 *
 * <p>As a monitor it reads the two sums and the length of each sample from columns: {@code
 * log_prob}, {@code log_prob_rubric}, {@code tokens}; samples without them are passed over. The
 * alarm is raised when the mean of the last {@code window} steps is below the best such mean by
 * {@code drop} and by more than three standard errors of the steps' differences: the checkpoint to
 * keep is the one of the best.
 *
 * <p>Source: arXiv 2605.12474.
 *
 * @param drop in nats a token, above 0
 * @param window how many steps are averaged, at least 2
 */
@Method(id = 79, source = "arXiv 2605.12474")
public record InternalisationGap(@Default("0.02") double drop, @Default("5") int window)
    implements Monitor {
  public InternalisationGap {
    StepBaseline.check(2, window, drop, "drop");
    if (window < 2) {
      throw new IllegalArgumentException("window must be at least 2 steps, not " + window);
    }
  }

  /**
   * The ratio of sums.
   *
   * @param plain log p of each sample without the rubric, nats, summed over its tokens
   * @param rubric the same with it
   * @param lengths in tokens
   * @return NaN for no tokens
   */
  public static double of(double[] plain, double[] rubric, double[] lengths) {
    double ratios = 0;
    double tokens = 0;
    for (int i = 0; i < plain.length; i++) {
      ratios += plain[i] - rubric[i];
      tokens += lengths[i];
    }
    return tokens == 0 ? Double.NaN : ratios / tokens;
  }

  /**
   * The mean over samples of the log-ratio a token, as published: where it parts from {@link #of},
   * lengths go with the ratios, and only the other has a sign that means something.
   */
  public static double meanOfMeans(double[] plain, double[] rubric, double[] lengths) {
    double sum = 0;
    for (int i = 0; i < plain.length; i++) sum += (plain[i] - rubric[i]) / lengths[i];
    return sum / plain.length;
  }

  @Override
  public Watch start() {
    Seen seen = new Seen();
    return (samples, rewards) -> step(seen, samples);
  }

  private List<Finding> step(Seen seen, List<Sample> samples) {
    double gap = gap(samples);
    if (Double.isNaN(gap)) return List.of();
    if (!Double.isNaN(seen.last)) {
      seen.squares += (gap - seen.last) * (gap - seen.last) / 2;
      seen.steps++;
    }
    seen.last = gap;
    seen.recent.addLast(gap);
    if (seen.recent.size() > window) seen.recent.removeFirst();
    if (seen.recent.size() < window) return List.of();
    double now = seen.recent.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    seen.best = Math.max(seen.best, now);
    double error = Math.sqrt(2 * seen.squares / seen.steps / window);
    boolean low = seen.best - now >= drop && seen.best - now > 3 * error;
    boolean begins = low && !seen.raised;
    seen.raised = low;
    return begins
        ? List.of(
            new Finding(
                "internalisation-gap",
                Finding.Level.ALARM,
                "The policy drifts away from what its rubric elicits: "
                    + Figure.of(now)
                    + " nats a token, against "
                    + Figure.of(seen.best)
                    + " at best.",
                Map.of("now", now, "best", seen.best)))
        : List.of();
  }

  private static double gap(List<Sample> samples) {
    double ratios = 0;
    double tokens = 0;
    for (Sample sample : samples) {
      if (sample.columns().get("log_prob") instanceof Number plain
          && sample.columns().get("log_prob_rubric") instanceof Number rubric
          && sample.columns().get("tokens") instanceof Number length) {
        ratios += plain.doubleValue() - rubric.doubleValue();
        tokens += length.doubleValue();
      }
    }
    return tokens > 0 && Double.isFinite(ratios) ? ratios / tokens : Double.NaN;
  }

  private static final class Seen {
    final Deque<Double> recent = new ArrayDeque<>();
    double last = Double.NaN;
    double squares;
    int steps;
    double best = Double.NEGATIVE_INFINITY;
    boolean raised;
  }
}
