package dev.goodhart.objective;

/** Numbers that must be positive as numbers that training may move anywhere. */
final class Unbounded {
  private Unbounded() {}

  /** softplus(t) = ln(1 + eᵗ). */
  static double positive(double t) {
    return Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
  }

  /** t with softplus(t) = x, for x above 0. */
  static double ofPositive(double x) {
    return x + Math.log(-Math.expm1(-x));
  }
}
