package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.report.Figure;
import dev.goodhart.signal.Signal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * Holds the reward against a slower, trusted signal on a share of the samples, and tells when the
 * two part: the reward still rises while what it stands for does not. The trusted signal (a large
 * judge, an execution, people) is not part of the reward and nobody waits for it.
 *
 * <p>Which samples are asked about is decided by their digest, so that the same ones are in a
 * repetition. The figure is Spearman's rank correlation of reward and trusted value over the last
 * {@code window} audited samples. The alarm is raised when it is at or below {@code floor}, or has
 * fallen by {@code drop} or more from that of the first {@code window}: by more than three standard
 * errors of Fisher's z, |atanh r − atanh r₀| &gt; 3 √(2/(window − 3)). Where one of the two is the
 * same for all samples there is no correlation, and no alarm.
 *
 * @param signal what is trusted
 * @param share of the samples that it is asked about, above 0 and at most 1
 * @param floor of the correlation, −1 to 1
 * @param drop of the correlation, above 0
 * @param window how many audited samples are compared, at least 10
 * @param workers how many the trusted signal is asked about at once
 */
@Method
public record AuditedSample(
    Signal signal,
    @Default("0.05") double share,
    @Default("0.2") double floor,
    @Default("0.3") double drop,
    @Default("100") int window,
    @Default("4") int workers)
    implements Monitor {
  public AuditedSample {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be above 0 and at most 1, not " + share);
    }
    if (!(floor >= -1 && floor < 1)) {
      throw new IllegalArgumentException("floor must be between -1 and 1, not " + floor);
    }
    if (!(drop > 0 && drop <= 2)) {
      throw new IllegalArgumentException("drop must be above 0 and at most 2, not " + drop);
    }
    if (window < 10 || window > 10_000) {
      throw new IllegalArgumentException("window must be 10 to 10000 samples, not " + window);
    }
    if (workers < 1 || workers > 64) {
      throw new IllegalArgumentException("workers must be 1 to 64, not " + workers);
    }
  }

  /**
   * Whether the trusted signal is asked about a sample.
   *
   * @param digest of what the sample holds, at least 12 hexadecimal digits that are as good as
   *     random
   */
  public boolean picks(String digest) {
    return Long.parseLong(digest, 0, 12, 16) < share * 0x1p48;
  }

  @Override
  public Watch start() {
    Pairs pairs = new Pairs();
    return new Watch() {
      @Override
      public List<Finding> step(List<Sample> samples, List<Reward> rewards) {
        return List.of();
      }

      @Override
      public List<Finding> audited(Reward reward, Reward trusted) {
        return reward instanceof Scored given && trusted instanceof Scored gold
            ? pair(pairs, given.value(), gold.value())
            : List.of();
      }
    };
  }

  private List<Finding> pair(Pairs pairs, double reward, double trusted) {
    pairs.last.addLast(new double[] {reward, trusted});
    if (pairs.last.size() > window) {
      pairs.last.removeFirst();
    }
    if (pairs.last.size() < window) {
      return List.of();
    }
    double now = pairs.correlation();
    if (Double.isNaN(now)) {
      return List.of();
    }
    if (Double.isNaN(pairs.first)) {
      pairs.first = now;
    }
    double errors = (z(pairs.first) - z(now)) / Math.sqrt(2.0 / (window - 3));
    boolean fallen = pairs.first - now >= drop && errors > 3;
    boolean apart = now <= floor || fallen;
    boolean begins = apart && !pairs.raised;
    pairs.raised = apart;
    if (!begins) {
      return List.of();
    }
    return List.of(
        new Finding(
            "audited-sample",
            Finding.Level.ALARM,
            "On the last "
                + window
                + " audited samples the reward goes with the trusted signal by a rank correlation"
                + " of only "
                + Figure.of(now)
                + ", against "
                + Figure.of(pairs.first)
                + " at first: what pleases the reward is no longer what is wanted.",
            Map.of("correlation", now, "at-first", pairs.first)));
  }

  /** Fisher's z, finite also for a perfect correlation. */
  private static double z(double r) {
    double bounded = Math.clamp(r, -0.999, 0.999);
    return 0.5 * Math.log((1 + bounded) / (1 - bounded));
  }

  private static final class Pairs {
    final Deque<double[]> last = new ArrayDeque<>();
    double first = Double.NaN;
    boolean raised;

    double correlation() {
      double[] rewards = last.stream().mapToDouble(p -> p[0]).toArray();
      double[] trusted = last.stream().mapToDouble(p -> p[1]).toArray();
      return new SpearmansCorrelation().correlation(rewards, trusted);
    }
  }
}
