package dev.goodhart.verify.math;

import java.util.function.DoubleUnaryOperator;

/**
 * Definite integrals by the double exponential rule (Takahasi and Mori 1974): the trapezoidal rule
 * after a substitution that moves the ends of the interval so far out that singularities there do
 * no harm. The error is judged from the last halving.
 */
final class Quadrature {
  private static final int MAX_LEVEL = 9;
  private static final double REACH = 6.5;

  /** The integral, real and with an error bound; {@link Complex#NONE} when it does not settle. */
  static Complex integral(DoubleUnaryOperator f, double a, double b) {
    if (a == b) {
      return Complex.ZERO;
    }
    if (a > b) {
      return integral(f, b, a).negate();
    }
    double step = 1;
    double sum = term(f, a, b, 0);
    for (double t = step; t <= REACH; t += step) {
      sum += term(f, a, b, t) + term(f, a, b, -t);
    }
    double before = sum * step;
    double change = Double.POSITIVE_INFINITY;
    for (int level = 1; level <= MAX_LEVEL; level++) {
      step /= 2;
      for (double t = step; t <= REACH; t += 2 * step) {
        sum += term(f, a, b, t) + term(f, a, b, -t);
      }
      double now = sum * step;
      double last = change;
      change = Math.abs(now - before);
      before = now;
      double size = Math.max(Math.abs(now), 1e-3);
      if (change <= 1e-11 * size && last <= 1e-5 * size) {
        return new Complex(now, 0, change + 1e-12 * size, false);
      }
    }
    return Complex.NONE;
  }

  /** f(x(t))·x'(t), with the ends and what overflows left out. */
  private static double term(DoubleUnaryOperator f, double a, double b, double t) {
    double x;
    double weight;
    boolean openLeft = Double.isInfinite(a);
    boolean openRight = Double.isInfinite(b);
    double s = Math.PI / 2 * Math.sinh(t);
    double slope = Math.PI / 2 * Math.cosh(t);
    if (openLeft && openRight) {
      x = Math.sinh(s);
      weight = slope * Math.cosh(s);
    } else if (openRight) {
      x = a + Math.exp(s);
      weight = slope * Math.exp(s);
    } else if (openLeft) {
      x = b - Math.exp(s);
      weight = slope * Math.exp(s);
    } else {
      double near =
          1
              / (1
                  + Math.exp(
                      2
                          * Math.abs(
                              s))); // share of the way from the nearer end, without cancellation
      x = s < 0 ? a + (b - a) * near : b - (b - a) * near;
      weight = (b - a) / 2 * slope / Math.pow(Math.cosh(s), 2);
      if (x <= a || x >= b) {
        return 0;
      }
    }
    if (!(weight > 1e-300) || Double.isInfinite(weight) || Double.isInfinite(x)) {
      return 0;
    }
    double value = f.applyAsDouble(x) * weight;
    return Double.isFinite(value) ? value : 0;
  }

  private Quadrature() {}
}
