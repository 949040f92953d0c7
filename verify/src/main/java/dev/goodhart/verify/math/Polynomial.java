package dev.goodhart.verify.math;

import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** A sum of monomials with rational coefficients, none zero. Bounded in its number of terms. */
record Polynomial(Map<Monomial, Rational> terms) {
  static final int MAX_TERMS = 600;

  static final Polynomial ZERO = new Polynomial(Map.of());
  static final Polynomial ONE = constant(Rational.ONE);

  static Polynomial constant(Rational value) {
    return value.isZero() ? new Polynomial(Map.of()) : new Polynomial(Map.of(Monomial.ONE, value));
  }

  static Polynomial of(Monomial monomial, Rational coefficient) {
    return coefficient.isZero() ? ZERO : new Polynomial(Map.of(monomial, coefficient));
  }

  boolean isZero() {
    return terms.isEmpty();
  }

  boolean isOne() {
    return terms.size() == 1 && Rational.ONE.equals(terms.get(Monomial.ONE));
  }

  boolean isConstant() {
    return terms.isEmpty() || (terms.size() == 1 && terms.containsKey(Monomial.ONE));
  }

  Rational constant() {
    return terms.getOrDefault(Monomial.ONE, Rational.ZERO);
  }

  Polynomial plus(Polynomial other) {
    if (terms.isEmpty()) {
      return other;
    }
    Map<Monomial, Rational> sum = new HashMap<>(terms);
    other.terms.forEach((m, c) -> add(sum, m, c));
    return bounded(sum);
  }

  Polynomial times(Polynomial other) {
    if (isOne()) {
      return other;
    }
    if (other.isOne()) {
      return this;
    }
    if ((long) terms.size() * other.terms.size() > 40L * MAX_TERMS) {
      throw new TooLarge("a polynomial beyond bounds");
    }
    Map<Monomial, Rational> product = new HashMap<>();
    terms.forEach((m, c) -> other.terms.forEach((n, d) -> add(product, m.times(n), c.times(d))));
    return bounded(product);
  }

  Polynomial times(Rational factor) {
    if (factor.isOne()) {
      return this;
    }
    Map<Monomial, Rational> product = new HashMap<>();
    if (!factor.isZero()) {
      terms.forEach((m, c) -> product.put(m, c.times(factor)));
    }
    return new Polynomial(product);
  }

  Polynomial times(Monomial factor) {
    if (factor.isOne()) {
      return this;
    }
    Map<Monomial, Rational> product = new HashMap<>();
    terms.forEach((m, c) -> add(product, m.times(factor), c));
    return new Polynomial(product);
  }

  /**
   * The largest monomial in the order of {@link Monomial#compareTo}; the polynomial must not be
   * zero.
   */
  Monomial leading() {
    return Collections.max(terms.keySet());
  }

  /**
   * The positive number that can be taken out so that the coefficients are whole, without common
   * factor.
   */
  Rational content() {
    BigInteger gcd = BigInteger.ZERO;
    BigInteger lcm = BigInteger.ONE;
    for (Rational c : terms.values()) {
      gcd = gcd.gcd(c.num());
      lcm = lcm.divide(lcm.gcd(c.den())).multiply(c.den());
    }
    return Rational.of(gcd, lcm);
  }

  private static void add(Map<Monomial, Rational> sum, Monomial m, Rational c) {
    Rational before = sum.get(m);
    Rational total = before == null ? c : before.plus(c);
    if (total.isZero()) {
      sum.remove(m);
    } else {
      sum.put(m, total);
    }
  }

  private static Polynomial bounded(Map<Monomial, Rational> terms) {
    if (terms.size() > MAX_TERMS) {
      throw new TooLarge("a polynomial of " + terms.size() + " terms");
    }
    return new Polynomial(terms);
  }
}
