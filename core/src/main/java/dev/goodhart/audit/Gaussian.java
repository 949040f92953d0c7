package dev.goodhart.audit;

/**
 * The normal distribution where its tails are divided by one another. Everything stands on Mills'
 * ratio {@code (1 - Phi(x)) / phi(x)}, which neither overflows nor cancels: Hart's rational
 * approximation (number 5666) up to x = 4, beyond which its digits run out, and a continued
 * fraction from there; to about 1e-12.
 */
final class Gaussian {
  private static final double[] NUMERATOR = {
    3.52624965998911e-02,
    0.700383064443688,
    6.37396220353165,
    33.912866078383,
    112.079291497871,
    221.213596169931,
    220.206867912376
  };
  private static final double[] DENOMINATOR = {
    8.83883476483184e-02,
    1.75566716318264,
    16.064177579207,
    86.7807322029461,
    296.564248779674,
    637.333633378831,
    793.826512519948,
    440.413735824752
  };
  private static final double ROOT = Math.sqrt(2 * Math.PI);

  private Gaussian() {}

  static double density(double x) {
    return Math.exp(-x * x / 2) / ROOT;
  }

  /** Phi(x). */
  static double cumulative(double x) {
    return x > 0 ? 1 - density(x) * mills(x) : density(x) * mills(-x);
  }

  /** log Phi(x), also where Phi(x) is below the smallest double. */
  static double logCumulative(double x) {
    return x > 0 ? Math.log1p(-density(x) * mills(x)) : -x * x / 2 + Math.log(mills(-x) / ROOT);
  }

  /** phi(x) / Phi(x), the derivative of {@link #logCumulative}. */
  static double hazard(double x) {
    return x > 0 ? density(x) / cumulative(x) : 1 / mills(-x);
  }

  /** (1 - Phi(x)) / phi(x), x at least 0. */
  private static double mills(double x) {
    if (x < 4) {
      return ROOT * horner(NUMERATOR, x) / horner(DENOMINATOR, x);
    }
    double fraction = x;
    for (int k = 60; k > 0; k--) fraction = x + k / fraction;
    return 1 / fraction;
  }

  private static double horner(double[] coefficients, double x) {
    double sum = 0;
    for (double c : coefficients) sum = sum * x + c;
    return sum;
  }
}
