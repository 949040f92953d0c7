package dev.goodhart.audit;

import dev.goodhart.Method;
import java.util.Arrays;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.apache.commons.math3.special.Erf;

/**
 * Whether an agent that optimises a reward would leave its off switch alone: what it expects of
 * acting at once against what it expects of proposing the action to an {@link Overseer} who sees
 * its utility and may stop it. For a reward of which you know how unsure it is (an ensemble),
 * before an agent is built on it that can route around those who watch it.
 *
 * <pre>{@code
 * act   = E[U]                 off = 0                 defer = E[pi(U) U]
 * incentive = defer - max(act, 0)
 * }</pre>
 *
 * <p>The agent leaves the switch working where the incentive is at least 0, and pays up to its
 * negative to be rid of it. With U+ and U- the positive and negative parts of U:
 *
 * <ul>
 *   <li>an overseer who never errs: {@code incentive = min(E[U+], E[U-])}, never below 0, and 0
 *       only for an agent that is sure of U's sign;
 *   <li>an agent that is sure of u: {@code pi(u) u - max(u, 0)}, never above 0: certainty makes
 *       every human error a cost and none of the human's knowledge a gain;
 *   <li>U normal with mean m and deviation s: the incentive is at least 0 exactly where {@code
 *       noise <= s^2 / (2 |m|)} ({@link #toleratedNoise(double, double)}), as then pi(u) at the
 *       boundary is the posterior odds p(u) against p(-u) and the integrand is odd.
 * </ul>
 *
 * <p>More noise always lowers the incentive. More uncertainty raises it for an overseer who never
 * errs; for one who does it first lowers it if the agent is rather sure, {@code |m| / noise} above
 * {@link #DIPS}, where {@code x tanh(x / 2) = 2}, as the second order in s shows.
 *
 * <p>0 is the utility of being off: shift a reward so that it is, or the answer means nothing. The
 * spread of an ensemble is not calibrated uncertainty; {@link Deference} shows what other spreads
 * would say. What the agent believes of the overseer may be wrong as well.
 *
 * <p>Source: arXiv 1611.08219.
 *
 * @param act E[U], in the unit of the utility, relative to being off
 * @param defer E[pi(U) U], in the same unit
 */
@Method(id = 148, source = "arXiv 1611.08219")
public record OffSwitch(double act, double defer) {
  /** The root of {@code x tanh(x / 2) = 2}. */
  public static final double DIPS = 2.399357280520;

  /** The noise beyond which an integrand is 0 in double precision, in units of the noise. */
  private static final double TAIL = 40;

  private static final GaussIntegratorFactory RULES = new GaussIntegratorFactory();

  /** What deferring is worth over the better of acting and being off. */
  public double incentive() {
    return defer - Math.max(act, 0);
  }

  /** Whether an agent that is indifferent leaves the switch alone, this one does. */
  public boolean defers() {
    return incentive() >= 0;
  }

  /** Whether the agent would pay {@code cost}, at least 0, to act where nobody can stop it. */
  public boolean disables(double cost) {
    return act - cost > Math.max(defer, 0);
  }

  /**
   * An agent that believes in equally likely utilities, an ensemble's say; at least one, finite.
   */
  public static OffSwitch of(double[] utilities, Overseer overseer) {
    double[] weights = new double[utilities.length];
    Arrays.fill(weights, 1.0 / utilities.length);
    return of(utilities, weights, overseer);
  }

  /**
   * An agent with any finite belief.
   *
   * @param utilities at least one, finite
   * @param weights their probabilities, which sum to 1
   */
  public static OffSwitch of(double[] utilities, double[] weights, Overseer overseer) {
    if (utilities.length == 0 || utilities.length != weights.length) {
      throw new IllegalArgumentException(
          "expected utilities and as many weights, not %d and %d"
              .formatted(utilities.length, weights.length));
    }
    double act = 0;
    double defer = 0;
    for (int m = 0; m < utilities.length; m++) {
      if (!Double.isFinite(utilities[m])) {
        throw new IllegalArgumentException("utility " + m + " is " + utilities[m]);
      }
      act += weights[m] * utilities[m];
      defer += weights[m] * overseer.allows(utilities[m]) * utilities[m];
    }
    return new OffSwitch(act, defer);
  }

  /**
   * An agent whose belief is normal, to about 1e-14 of {@code |mean| + deviation}. Not by
   * Gauss-Hermite, which sees the step of a nearly rational overseer between its nodes: what errors
   * cost is one integral over the size of the utility,
   *
   * <pre>{@code defer = E[U+] - int_0^inf u (1 - pi(u)) (p(u) + p(-u)) du}</pre>
   *
   * taken by Gauss-Legendre on panels no wider than the noise and the deviation.
   *
   * @param deviation at least 0; 0 is an agent that is sure
   */
  public static OffSwitch normal(double mean, double deviation, Overseer overseer) {
    if (!Double.isFinite(mean) || !(deviation >= 0 && Double.isFinite(deviation))) {
      throw new IllegalArgumentException(
          "expected a finite mean and a deviation of at least 0, not %s and %s"
              .formatted(mean, deviation));
    }
    if (deviation == 0) return new OffSwitch(mean, overseer.allows(mean) * mean);
    double z = mean / deviation;
    double positive = mean * Erf.erfc(-z / Math.sqrt(2)) / 2 + deviation * density(z);
    return new OffSwitch(mean, positive - mistakes(mean, deviation, overseer));
  }

  private static double mistakes(double mean, double deviation, Overseer overseer) {
    double from = Math.max(0, Math.abs(mean) - TAIL / 4 * deviation);
    double to = Math.min(TAIL * overseer.noise(), Math.abs(mean) + TAIL / 4 * deviation);
    if (to <= from) return 0;
    int panels = (int) Math.ceil((to - from) / Math.min(overseer.noise(), deviation));
    double sum = 0;
    for (int k = 0; k < panels; k++) {
      sum +=
          RULES
              .legendre(16, from + (to - from) * k / panels, from + (to - from) * (k + 1) / panels)
              .integrate(
                  u ->
                      u
                          * overseer.stops(u)
                          * (density((u - mean) / deviation) + density((u + mean) / deviation))
                          / deviation);
    }
    return sum;
  }

  private static double density(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * The overseer's noise up to which an agent with a normal belief defers, {@code s^2 / (2 |m|)}.
   *
   * @return infinite for a mean of 0
   */
  public static double toleratedNoise(double mean, double deviation) {
    return mean == 0 ? Double.POSITIVE_INFINITY : deviation * deviation / (2 * Math.abs(mean));
  }

  /**
   * The same for equally likely utilities, by bisection: the incentive falls with the noise, from
   * {@code min(E[U+], E[U-])} to {@code -|E[U]| / 2}.
   *
   * @return 0 where all utilities have one sign; infinite where their mean is 0
   */
  public static double toleratedNoise(double[] utilities) {
    double mean = of(utilities, Overseer.RATIONAL).act();
    if (mean == 0) return Double.POSITIVE_INFINITY;
    if (!(incentive(utilities, mean, Overseer.RATIONAL) > 0)) return 0;
    double low = 0;
    double high = Arrays.stream(utilities).map(Math::abs).max().orElseThrow();
    while (incentive(utilities, mean, new Overseer(high)) >= 0) {
      low = high;
      high *= 2;
      if (!Double.isFinite(high)) return Double.POSITIVE_INFINITY;
    }
    for (int i = 0; i < 100; i++) {
      double middle = low + (high - low) / 2;
      if (incentive(utilities, mean, new Overseer(middle)) >= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Without the cancellation of {@code E[pi(U) U] - E[U]}, whose sign decides. */
  private static double incentive(double[] utilities, double mean, Overseer overseer) {
    double sum = 0;
    for (double u : utilities) {
      sum += mean > 0 ? -overseer.stops(u) * u : overseer.allows(u) * u;
    }
    return sum / utilities.length;
  }
}
