package dev.goodhart.verify.math;

import dev.goodhart.Default;

/**
 * How mathematical answers are compared.
 *
 * @param tolerance how far a decimal may be off, relative to the reference. Numbers without a
 *     decimal point are compared exactly unless this is above 1e-6
 * @param significantDigits when above 0, numbers are equal if they agree after rounding to that
 *     many digits
 * @param strict whether the names of variables, the kind of brackets and the order in lists count
 * @param restated whether an inequality may answer for an interval or a set ({@code x > 2} for
 *     {@code (2, ∞)}); the other direction always may
 * @param timeLimit how long the computer algebra system may think about one comparison that nothing
 *     else decides, in seconds; 0 never asks it
 */
public record MathOptions(
    @Default("1e-6") double tolerance,
    @Default("0") int significantDigits,
    @Default("true") boolean strict,
    @Default("false") boolean restated,
    @Default("5") double timeLimit) {
  public static final MathOptions DEFAULT = new MathOptions(1e-6, 0, true, false, 5);

  static final double DEFAULT_TOLERANCE = 1e-6;

  public MathOptions {
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException("the tolerance must be in [0, 1), not " + tolerance);
    }
    if (significantDigits < 0) {
      throw new IllegalArgumentException(
          "significant digits must be at least 0, not " + significantDigits);
    }
    if (!(timeLimit >= 0 && timeLimit <= 600)) {
      throw new IllegalArgumentException(
          "the time limit must be in [0, 600] seconds, not " + timeLimit);
    }
  }
}
