package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.Power;
import dev.goodhart.verify.math.Expr.Product;
import dev.goodhart.verify.math.Expr.Quantity;
import dev.goodhart.verify.math.Expr.Sum;
import dev.goodhart.verify.math.Expr.Sym;
import java.math.BigInteger;
import java.util.function.ToLongFunction;

/**
 * Evaluates rational functions at a point modulo the prime 2^61 − 1, where {@code (x+1)^1000000}
 * costs twenty multiplications. Two that differ at a point differ; two that agree at random points
 * are equal but for one chance in 10^11 or so (degree over prime, Schwartz 1980).
 */
final class Modular {
  static final long PRIME = (1L << 61) - 1;

  /** No value: a division by zero, or something that is not a rational function. */
  static final long NONE = -1;

  private final ToLongFunction<String> point;

  Modular(ToLongFunction<String> point) {
    this.point = point;
  }

  long of(Expr e) {
    return switch (e) {
      case Num n -> times(residue(n.value().num()), inverse(residue(n.value().den())));
      case Sym s -> Math.floorMod(point.applyAsLong(s.name()), PRIME);
      case Sum s -> {
        long total = 0;
        for (Expr term : s.terms()) {
          long value = of(term);
          if (value == NONE) {
            yield NONE;
          }
          total = (total + value) % PRIME;
        }
        yield total;
      }
      case Product p -> {
        long total = 1;
        for (Expr factor : p.factors()) {
          total = times(total, of(factor));
        }
        yield total;
      }
      case Power p -> {
        Rational exponent = Exact.bounded(p.exponent());
        yield exponent == null || !exponent.isInteger()
            ? NONE
            : power(of(p.base()), exponent.num());
      }
      case Quantity q when q.unit().isPercent() -> times(of(q.value()), inverse(100));
      case Bracket b when b.items().size() == 1 -> of(b.items().getFirst());
      default -> NONE;
    };
  }

  private static long residue(BigInteger n) {
    return n.mod(BigInteger.valueOf(PRIME)).longValue();
  }

  private static long times(long a, long b) {
    if (a == NONE || b == NONE) {
      return NONE;
    }
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    long sum = (low & PRIME) + ((low >>> 61) | (high << 3));
    return sum >= PRIME ? sum - PRIME : sum;
  }

  private static long power(long base, BigInteger exponent) {
    if (base == NONE) {
      return NONE;
    }
    if (exponent.signum() < 0) {
      return power(inverse(base), exponent.negate());
    }
    if (base == 0) {
      return exponent.signum() == 0 ? 1 : 0;
    }
    long e = exponent.mod(BigInteger.valueOf(PRIME - 1)).longValue(); // Fermat
    long result = 1;
    for (long b = base; e > 0; e >>= 1) {
      if ((e & 1) == 1) {
        result = times(result, b);
      }
      b = times(b, b);
    }
    return result;
  }

  private static long inverse(long a) {
    return a == 0 || a == NONE ? NONE : power(a, BigInteger.valueOf(PRIME - 2));
  }
}
