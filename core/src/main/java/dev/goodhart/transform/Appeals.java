package dev.goodhart.transform;

import java.util.SplittableRandom;

/**
 * How often a verifier rejects right answers, learnt while training runs: a random share of its
 * rejections is appealed to a slower and better judge. One for each class of answers, for {@link
 * NoiseCorrection}.
 *
 * <p>Of A accepted and R rejected answers, m rejections were appealed and k of them overturned. The
 * overturned share of the rejections is not rho1: that is conditional on being right. With rho0
 * taken as known the right answers can be counted, among the rejected and among the accepted:
 *
 * <pre>{@code
 * F    = R k / m                             right answers that were rejected
 * T    = (A - rho0 (A + R - F)) / (1 - rho0) right answers that were accepted
 * rho1 = F / (F + T) = F (1 - rho0) / (F + A - rho0 (A + R))
 * }</pre>
 *
 * <p>Counts of earlier steps fade by a factor each step, numerator and denominator alike, and the
 * rate is taken from the faded counts: a mean of the steps' rates would be biased by steps with few
 * right answers and undefined in steps with none. It is cut to {@code [0, 0.95 - rho0]}, so that c
 * never falls below 0.05. Before there is evidence it is 0. (Departures from the published
 * description, which assumes a share of wrong answers among the accepted and averages rates: that
 * share changes as the policy learns, rho0 does not.)
 *
 * <p>Correct a step with the estimate of the steps before it: an estimate from the very samples
 * that it corrects is not independent of them.
 *
 * <p>Not safe for several threads.
 */
public final class Appeals {
  private static final double LEAST_GAIN = 0.05;
  private static final double Z = 1.959963984540054;

  private static final int ACCEPTED = 0;
  private static final int UNHEARD = 1;
  private static final int OVERTURNED = 2;
  private static final int UPHELD = 3;

  private final double share;
  private final double decay;
  private final double falsePositive;

  /** Faded counts of what became of the answers, and the same with squared weights. */
  private final double[] counts = new double[4];

  private final double[] squares = new double[4];

  /**
   * @param share of the rejections that are appealed, in (0, 1]
   * @param decay what a count is worth one step later, in (0, 1]; 1 forgets nothing
   * @param falsePositive rho0, from an audit, in [0, 0.95)
   */
  public Appeals(double share, double decay, double falsePositive) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must lie in (0, 1], not " + share);
    }
    if (!(decay > 0 && decay <= 1)) {
      throw new IllegalArgumentException("decay must lie in (0, 1], not " + decay);
    }
    if (!(falsePositive >= 0 && falsePositive < 1 - LEAST_GAIN)) {
      throw new IllegalArgumentException(
          "false-positive must lie in [0, 0.95), not " + falsePositive);
    }
    this.share = share;
    this.decay = decay;
    this.falsePositive = falsePositive;
  }

  /**
   * The rate with a 95 % interval.
   *
   * @param rate rho1
   * @param low end of the interval
   * @param high end of the interval
   */
  public record Estimate(double rate, double low, double high) {}

  /** Whether this rejection is to be appealed. */
  public boolean drawn(SplittableRandom random) {
    return random.nextDouble() < share;
  }

  /**
   * Enters the counts of one step.
   *
   * @param accepted answers, at least 0
   * @param rejected answers, at least 0
   * @param appealed how many of the rejected were appealed, and not by their looks
   * @param overturned how many of these the judge held to be right
   */
  public void step(int accepted, int rejected, int appealed, int overturned) {
    if (accepted < 0 || overturned < 0 || overturned > appealed || appealed > rejected) {
      throw new IllegalArgumentException(
          "expected overturned <= appealed <= rejected and counts of at least 0, not %d, %d, %d and %d accepted"
              .formatted(overturned, appealed, rejected, accepted));
    }
    double[] step = {accepted, rejected - appealed, overturned, appealed - overturned};
    for (int i = 0; i < step.length; i++) {
      counts[i] = decay * counts[i] + step[i];
      squares[i] = decay * decay * squares[i] + step[i];
    }
  }

  /** What the corrections of the next step should assume. */
  public Channel channel() {
    return new Channel(falsePositive, cut(rate(overturnedShare(0))));
  }

  /**
   * The estimate with an interval: that of the ratio's linearisation, every answer an independent
   * draw, appeals drawn at random. Two more appeals each way are assumed for its width, as Agresti
   * and Coull do for a share, so that "none of five was overturned" is not taken for certainty. It
   * says nothing of errors in rho0 or in the judge.
   */
  public Estimate estimate() {
    double share = overturnedShare(2);
    double rate = rate(share);
    double rejected = counts[UNHEARD] + counts[OVERTURNED] + counts[UPHELD];
    double appealed = counts[OVERTURNED] + counts[UPHELD];
    double right = rejected * share + counts[ACCEPTED] - falsePositive * answers();
    if (!(right > 0 && appealed > 0)) {
      return new Estimate(channel().falseNegative(), 0, 1 - LEAST_GAIN - falsePositive);
    }
    // What each kind of answer adds to F (1 - rho0) - rho1 (F + A - rho0 (A + R)).
    double drawn = appealed / rejected;
    double perRight = 1 - falsePositive - rate;
    double base = rate * falsePositive;
    double[] adds = {
      -rate * (1 - falsePositive),
      base + perRight * share,
      base + perRight * (share + (1 - share) / drawn),
      base + perRight * (share - share / drawn)
    };
    // The kinds of heard answers by the smoothed share, else none overturned would add no variance.
    double heard = squares[OVERTURNED] + squares[UPHELD];
    double[] weights = {squares[ACCEPTED], squares[UNHEARD], heard * share, heard * (1 - share)};
    double variance = 0;
    for (int i = 0; i < adds.length; i++) {
      variance += weights[i] * adds[i] * adds[i];
    }
    double slack = Z * Math.sqrt(variance) / right;
    return new Estimate(channel().falseNegative(), cut(rate - slack), cut(rate + slack));
  }

  private double answers() {
    return counts[ACCEPTED] + counts[UNHEARD] + counts[OVERTURNED] + counts[UPHELD];
  }

  /** k / m with so many appeals more each way; 0 when there was none. */
  private double overturnedShare(double more) {
    double appealed = counts[OVERTURNED] + counts[UPHELD];
    return appealed > 0 ? (counts[OVERTURNED] + more) / (appealed + 2 * more) : 0;
  }

  /** rho1 for a share of the rejected that is right; 1 where more than all would be right. */
  private double rate(double share) {
    double rejected = counts[UNHEARD] + counts[OVERTURNED] + counts[UPHELD];
    double lost = rejected * share;
    double right = lost + counts[ACCEPTED] - falsePositive * answers();
    if (lost == 0) {
      return 0;
    }
    return right <= 0 ? 1 : lost * (1 - falsePositive) / right;
  }

  private double cut(double rate) {
    return Math.clamp(rate, 0, 1 - LEAST_GAIN - falsePositive);
  }
}
