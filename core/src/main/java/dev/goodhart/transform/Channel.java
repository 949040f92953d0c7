package dev.goodhart.transform;

/**
 * How a verifier errs: the rates at which it takes wrong answers for right and right ones for
 * wrong.
 *
 * @param falsePositive {@code rho0 = P(accepted | wrong)}, in [0, 1)
 * @param falseNegative {@code rho1 = P(rejected | right)}, in [0, 1); the two sum to less than 1,
 *     or the verdict would say nothing (at 1) or the opposite (above)
 */
public record Channel(double falsePositive, double falseNegative) {
  /** A verifier that does not err. */
  public static final Channel CLEAN = new Channel(0, 0);

  public Channel {
    if (!(falsePositive >= 0 && falsePositive < 1)) {
      throw new IllegalArgumentException("false-positive must lie in [0, 1), not " + falsePositive);
    }
    if (!(falseNegative >= 0 && falseNegative < 1)) {
      throw new IllegalArgumentException("false-negative must lie in [0, 1), not " + falseNegative);
    }
    if (!(falsePositive + falseNegative < 1)) {
      throw new IllegalArgumentException(
          "false-positive and false-negative must sum to less than 1, not "
              + (falsePositive + falseNegative)
              + ": such a verifier accepts wrong answers at least as often as right ones");
    }
  }

  /** {@code c = 1 - rho0 - rho1}, in (0, 1]: how much of the difference between right and wrong. */
  public double gain() {
    return 1 - falsePositive - falseNegative;
  }
}
