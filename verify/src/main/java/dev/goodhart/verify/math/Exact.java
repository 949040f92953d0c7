package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.Power;
import dev.goodhart.verify.math.Expr.Product;
import dev.goodhart.verify.math.Expr.Quantity;
import dev.goodhart.verify.math.Expr.Sum;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plain arithmetic: the exact fraction that an expression of numbers comes to. */
final class Exact {
  private static final int MAX_FACTORIAL = 2_000;

  /**
   * The value, or null when it is not rational, not constant or not defined as far as arithmetic
   * alone tells.
   */
  static @Nullable Rational rational(Expr e) {
    return switch (e) {
      case Num n -> n.value();
      case Sum s -> {
        Rational total = Rational.ZERO;
        for (Expr term : s.terms()) {
          Rational value = rational(term);
          if (value == null) {
            yield null;
          }
          total = total.plus(value);
        }
        yield total;
      }
      case Product p -> {
        Rational total = Rational.ONE;
        for (Expr factor : p.factors()) {
          Rational value = rational(factor);
          if (value == null) {
            yield null;
          }
          total = total.times(value);
        }
        yield total;
      }
      case Power p -> power(p);
      case Quantity q -> {
        Rational value = q.unit().isAngle() ? null : rational(q.value());
        yield value == null || !q.unit().isPercent() ? value : value.times(Rational.HUNDREDTH);
      }
      case Bracket b when b.items().size() == 1 -> rational(b.items().getFirst());
      case Call c -> call(c);
      default -> null;
    };
  }

  /** The same, with null also for a value beyond the bounds. */
  static @Nullable Rational bounded(Expr e) {
    try {
      return rational(e);
    } catch (TooLarge tooLarge) {
      return null;
    }
  }

  private static @Nullable Rational power(Power p) {
    Rational base = rational(p.base());
    Rational exponent = base == null ? null : rational(p.exponent());
    if (base == null || exponent == null || !exponent.isInteger()) {
      return null;
    }
    if (base.isOne() || (base.isZero() && exponent.signum() > 0)) {
      return base;
    }
    if (!exponent.isSmall()) {
      throw new TooLarge("a power beyond bounds");
    }
    return base.isZero() ? null : base.pow(exponent.intValue());
  }

  private static @Nullable Rational call(Call c) {
    List<Rational> values = new ArrayList<>(c.arguments().size());
    switch (c.function()) {
      case "factorial",
          "factorial2",
          "binom",
          "gcd",
          "lcm",
          "max",
          "min",
          "mod",
          "abs",
          "floor",
          "ceil",
          "sgn",
          "approx",
          "ellipsis" -> {
        for (Expr argument : c.arguments()) {
          Rational value = rational(argument);
          if (value == null) {
            return null;
          }
          values.add(value);
        }
      }
      default -> {
        return null;
      }
    }
    Rational x = values.getFirst();
    return switch (c.function()) {
      case "approx", "ellipsis" -> x;
      case "abs" -> x.abs();
      case "sgn" -> Rational.of(x.signum());
      case "floor" -> Rational.of(x.floor());
      case "ceil" -> Rational.of(x.negate().floor().negate());
      case "factorial" -> factorial(x, 1);
      case "factorial2" -> factorial(x, 2);
      case "binom" -> values.size() == 2 ? binomial(x, values.get(1)) : null;
      case "mod" ->
          values.size() == 2 && values.get(1).signum() > 0
              ? x.minus(values.get(1).times(Rational.of(x.over(values.get(1)).floor())))
              : null;
      case "max" -> values.stream().max(Rational::compareTo).orElse(x);
      case "min" -> values.stream().min(Rational::compareTo).orElse(x);
      case "gcd", "lcm" -> common(c.function().equals("gcd"), values);
      default -> null;
    };
  }

  private static @Nullable Rational factorial(Rational n, int step) {
    if (!n.isInteger() || n.signum() < 0) {
      return null;
    }
    if (!n.isSmall() || n.intValue() > MAX_FACTORIAL) {
      throw new TooLarge("a factorial beyond bounds");
    }
    BigInteger product = BigInteger.ONE;
    for (int k = n.intValue(); k > 1; k -= step) {
      product = product.multiply(BigInteger.valueOf(k));
    }
    return Rational.of(product);
  }

  private static @Nullable Rational binomial(Rational n, Rational k) {
    if (!n.isInteger() || !k.isInteger() || k.signum() < 0 || n.signum() < 0) {
      return null;
    }
    if (k.compareTo(n) > 0) {
      return Rational.ZERO;
    }
    Rational rest = n.minus(k);
    Rational few = k.compareTo(rest) < 0 ? k : rest;
    if (!n.isSmall() || few.intValue() > MAX_FACTORIAL) {
      throw new TooLarge("a binomial beyond bounds");
    }
    BigInteger result = BigInteger.ONE;
    for (int j = 0; j < few.intValue(); j++) {
      result =
          result
              .multiply(n.num().subtract(BigInteger.valueOf(j)))
              .divide(BigInteger.valueOf(j + 1L));
      if (result.bitLength() > Rational.MAX_BITS) {
        throw new TooLarge("a binomial beyond bounds");
      }
    }
    return Rational.of(result);
  }

  private static @Nullable Rational common(boolean divisor, List<Rational> values) {
    BigInteger result = divisor ? BigInteger.ZERO : BigInteger.ONE;
    for (Rational value : values) {
      if (!value.isInteger() || (!divisor && value.isZero())) {
        return null;
      }
      BigInteger gcd = result.gcd(value.num());
      result = divisor ? gcd : result.divide(gcd).multiply(value.num()).abs();
    }
    return Rational.of(result);
  }

  private Exact() {}
}
