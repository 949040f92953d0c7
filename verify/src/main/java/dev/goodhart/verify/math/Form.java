package dev.goodhart.verify.math;

/**
 * A quotient of polynomials over the atoms of a {@link Field}. The denominator is 1 or has several
 * terms: a single term is taken into the numerator with negative exponents.
 */
record Form(Polynomial num, Polynomial den) {
  static final Form ZERO = constant(Rational.ZERO);
  static final Form ONE = constant(Rational.ONE);

  static Form constant(Rational value) {
    return new Form(Polynomial.constant(value), Polynomial.ONE);
  }

  static Form of(Polynomial num) {
    return new Form(num, Polynomial.ONE);
  }

  boolean isZero() {
    return num.isZero();
  }

  boolean isRational() {
    return den.isOne() && num.isConstant();
  }

  /** The value of a form that {@link #isRational()}. */
  Rational rational() {
    return num.constant();
  }

  /** Whether this is one monomial with a coefficient. */
  boolean isTerm() {
    return den.isOne() && num.terms().size() == 1;
  }

  Monomial monomial() {
    return num.terms().keySet().iterator().next();
  }

  Rational coefficient() {
    return num.terms().values().iterator().next();
  }
}
