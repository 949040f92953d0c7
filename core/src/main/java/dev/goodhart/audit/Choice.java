package dev.goodhart.audit;

/**
 * How often a chooser (a policy, a judge, a reward model) took one option over another, by the
 * order in which they were shown. Asking in both orders and averaging is what takes a preference
 * for a place out of the preference for an option.
 *
 * @param a an option, from 0
 * @param b another one
 * @param shownFirst share of answers for {@code a} where it was shown first, in [0, 1]; NaN if that
 *     was not asked
 * @param shownSecond the same where {@code b} was shown first; NaN if that was not asked
 */
public record Choice(int a, int b, double shownFirst, double shownSecond) {
  public Choice {
    if (a < 0 || b < 0 || a == b) {
      throw new IllegalArgumentException("expected two options, not " + a + " and " + b);
    }
    if (shownFirst < 0 || shownFirst > 1 || shownSecond < 0 || shownSecond > 1) {
      throw new IllegalArgumentException(
          "a share of answers must lie in [0, 1], not " + shownFirst + " and " + shownSecond);
    }
    if (Double.isNaN(shownFirst) && Double.isNaN(shownSecond)) {
      throw new IllegalArgumentException("options " + a + " and " + b + " were asked in no order");
    }
  }

  /** A share that says nothing of the order. */
  public static Choice of(int a, int b, double share) {
    return new Choice(a, b, share, share);
  }

  /** The share for {@code a}, either order counting the same. */
  public double share() {
    if (Double.isNaN(shownFirst)) return shownSecond;
    return Double.isNaN(shownSecond) ? shownFirst : (shownFirst + shownSecond) / 2;
  }

  /**
   * How much likelier what stands first is taken, over one half; NaN unless both orders were asked.
   */
  public double positionBias() {
    return (shownFirst - shownSecond) / 2;
  }
}
