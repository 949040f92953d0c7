package dev.goodhart.verify.math;

/**
 * Factorials and binomials of real numbers through Lanczos's approximation of ln Γ (g = 7, nine
 * terms, about 15 digits).
 */
final class Gamma {
  private static final double[] LANCZOS = {
    0.9999999999998099,
    676.5203681218851,
    -1259.1392167224028,
    771.3234287776531,
    -176.6150291621406,
    12.507343278686905,
    -0.13857109526572012,
    9.984369578019572e-6,
    1.5056327351493116e-7
  };

  /** ln Γ(x) for x ≥ 1/2. */
  private static double lnGamma(double x) {
    double sum = LANCZOS[0];
    for (int i = 1; i < LANCZOS.length; i++) {
      sum += LANCZOS[i] / (x - 1 + i);
    }
    double t = x + 6.5;
    return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
  }

  static Complex factorial(Complex x) {
    if (Double.isInfinite(x.re()) && x.re() > 0) {
      return x;
    }
    if (!x.isReal() || x.re() < -0.4) {
      return Complex.NONE;
    }
    if (x.error() == 0 && x.re() == Math.rint(x.re()) && x.re() <= 18) {
      long product = 1;
      for (int k = 2; k <= x.re(); k++) {
        product *= k;
      }
      return Complex.exact((double) product);
    }
    double ln = lnGamma(x.re() + 1);
    double value = Math.exp(ln);
    double slope = Math.log(x.re() + 2) + 1;
    return new Complex(value, 0, value * (1e-13 * Math.max(1, ln) + slope * x.error()), x.left());
  }

  /** n!! of whole numbers only. */
  static Complex doubleFactorial(Complex n) {
    if (n.error() > 0 || n.im() != 0 || n.re() < 0 || n.re() != Math.rint(n.re())) {
      return Complex.NONE;
    }
    double product = 1;
    for (double k = n.re(); k > 1 && Double.isFinite(product); k -= 2) {
      product *= k;
    }
    return Complex.rounded(product);
  }

  static Complex binomial(Complex n, Complex k) {
    if (k.error() == 0
        && k.im() == 0
        && k.re() == Math.rint(k.re())
        && k.re() >= 0
        && k.re() <= 60) {
      Complex product = Complex.ONE;
      for (int j = 0; j < k.re(); j++) {
        product = product.times(n.minus(Complex.exact(j))).over(Complex.exact(j + 1));
      }
      return product;
    }
    if (n.isReal()
        && k.isReal()
        && k.re() >= 0
        && n.re() >= k.re()
        && n.re() > 150
        && n.isFinite()) {
      double ln = lnGamma(n.re() + 1) - lnGamma(k.re() + 1) - lnGamma(n.re() - k.re() + 1);
      double value = Math.exp(ln);
      return new Complex(value, 0, value * 1e-13 * lnGamma(n.re() + 1), false);
    }
    return factorial(n).over(factorial(k).times(factorial(n.minus(k))));
  }

  private Gamma() {}
}
