package dev.goodhart.verify.math;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * An exact fraction in lowest terms with a positive denominator. Numerator and denominator are
 * bounded at {@value #MAX_BITS} bits; beyond, {@link TooLarge} is thrown.
 */
record Rational(BigInteger num, BigInteger den) implements Comparable<Rational> {
  static final int MAX_BITS = 1 << 15;

  static final Rational ZERO = new Rational(BigInteger.ZERO, BigInteger.ONE);
  static final Rational ONE = new Rational(BigInteger.ONE, BigInteger.ONE);
  static final Rational MINUS_ONE = new Rational(BigInteger.ONE.negate(), BigInteger.ONE);
  static final Rational TWO = new Rational(BigInteger.TWO, BigInteger.ONE);
  static final Rational HALF = new Rational(BigInteger.ONE, BigInteger.TWO);
  static final Rational HUNDREDTH = of(1, 100);

  static Rational of(long value) {
    return of(BigInteger.valueOf(value));
  }

  static Rational of(long num, long den) {
    return of(BigInteger.valueOf(num), BigInteger.valueOf(den));
  }

  static Rational of(BigInteger value) {
    return bounded(value, BigInteger.ONE);
  }

  /** Reduces to lowest terms; the denominator must not be zero. */
  static Rational of(BigInteger num, BigInteger den) {
    if (den.signum() == 0) {
      throw new ArithmeticException("division by zero");
    }
    if (den.signum() < 0) {
      num = num.negate();
      den = den.negate();
    }
    if (!den.equals(BigInteger.ONE)) {
      BigInteger common = num.gcd(den);
      if (!common.equals(BigInteger.ONE)) {
        num = num.divide(common);
        den = den.divide(common);
      }
    }
    return bounded(num, den);
  }

  /** {@code digits · 10^-places}. */
  static Rational decimal(BigInteger digits, int places) {
    if (Math.abs((long) places) > MAX_BITS / 4) {
      throw new TooLarge("a power of ten beyond bounds");
    }
    return places >= 0
        ? of(digits, BigInteger.TEN.pow(places))
        : of(digits.multiply(BigInteger.TEN.pow(-places)));
  }

  private static Rational bounded(BigInteger num, BigInteger den) {
    if (num.bitLength() > MAX_BITS || den.bitLength() > MAX_BITS) {
      throw new TooLarge("a number beyond bounds");
    }
    return new Rational(num, den);
  }

  Rational plus(Rational other) {
    if (den.equals(other.den)) {
      return of(num.add(other.num), den);
    }
    return of(num.multiply(other.den).add(other.num.multiply(den)), den.multiply(other.den));
  }

  Rational minus(Rational other) {
    return plus(other.negate());
  }

  Rational times(Rational other) {
    return of(num.multiply(other.num), den.multiply(other.den));
  }

  Rational over(Rational other) {
    return of(num.multiply(other.den), den.multiply(other.num));
  }

  Rational negate() {
    return new Rational(num.negate(), den);
  }

  Rational inverse() {
    return of(den, num);
  }

  Rational abs() {
    return num.signum() < 0 ? negate() : this;
  }

  Rational pow(int exponent) {
    if (exponent < 0) {
      return inverse().pow(-exponent);
    }
    long bits = (long) Math.max(num.bitLength(), den.bitLength()) * exponent;
    if (bits > 2L * MAX_BITS && !num.abs().equals(BigInteger.ONE) && num.signum() != 0) {
      throw new TooLarge("a power beyond bounds");
    }
    return bounded(num.pow(exponent), den.pow(exponent));
  }

  BigInteger floor() {
    BigInteger[] parts = num.divideAndRemainder(den);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  int signum() {
    return num.signum();
  }

  boolean isZero() {
    return num.signum() == 0;
  }

  boolean isOne() {
    return num.equals(BigInteger.ONE) && den.equals(BigInteger.ONE);
  }

  boolean isInteger() {
    return den.equals(BigInteger.ONE);
  }

  /** Whether this is an integer that fits an int. */
  boolean isSmall() {
    return isInteger() && num.bitLength() < 31;
  }

  int intValue() {
    return num.intValueExact();
  }

  /** The nearest double or one beside it; infinite beyond the range. */
  double doubleValue() {
    if (num.bitLength() < 53 && den.bitLength() < 53) {
      return (double) num.longValue() / den.longValue();
    }
    return new BigDecimal(num).divide(new BigDecimal(den), MathContext.DECIMAL64).doubleValue();
  }

  BigDecimal decimal(int significantDigits) {
    return new BigDecimal(num)
        .divide(
            new BigDecimal(den),
            new MathContext(significantDigits, java.math.RoundingMode.HALF_UP));
  }

  @Override
  public int compareTo(Rational other) {
    return num.multiply(other.den).compareTo(other.num.multiply(den));
  }

  @Override
  public String toString() {
    return isInteger() ? num.toString() : num + "/" + den;
  }
}
