package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.Power;
import dev.goodhart.verify.math.Expr.Product;
import dev.goodhart.verify.math.Expr.Quantity;
import dev.goodhart.verify.math.Expr.Sum;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates real constants to some 70 digits, for values that doubles cannot tell apart and the
 * normal form cannot unite.
 */
final class Precise {
  private static final MathContext DIGITS = new MathContext(80, RoundingMode.HALF_EVEN);
  private static final BigDecimal TINY = BigDecimal.ONE.movePointLeft(85);
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal PI =
      arctan(BigDecimal.ONE.divide(BigDecimal.valueOf(5), DIGITS))
          .multiply(BigDecimal.valueOf(16))
          .subtract(
              arctan(BigDecimal.ONE.divide(BigDecimal.valueOf(239), DIGITS))
                  .multiply(BigDecimal.valueOf(4)),
              DIGITS);
  private static final BigDecimal LN2 = lnNear1(BigDecimal.valueOf(2));

  private final boolean commonLog;

  Precise(boolean commonLog) {
    this.commonLog = commonLog;
  }

  /**
   * The value, or null when it is not a real number that this knows how to evaluate.
   *
   * @throws ArithmeticException if it is not defined, or beyond the range
   */
  @Nullable BigDecimal of(Expr e) {
    return switch (e) {
      case Num n -> n.value().decimal(80);
      case Const c -> c == Const.PI ? PI : c == Const.E ? exp(BigDecimal.ONE) : null;
      case Sum s -> {
        BigDecimal total = BigDecimal.ZERO;
        for (Expr term : s.terms()) {
          BigDecimal value = of(term);
          if (value == null) {
            yield null;
          }
          total = total.add(value, DIGITS);
        }
        yield total;
      }
      case Product p -> {
        BigDecimal total = BigDecimal.ONE;
        for (Expr factor : p.factors()) {
          BigDecimal value = of(factor);
          if (value == null) {
            yield null;
          }
          total = total.multiply(value, DIGITS);
        }
        yield total;
      }
      case Power p -> power(p);
      case Quantity q -> {
        BigDecimal value = of(q.value());
        yield value == null
            ? null
            : q.unit().isPercent()
                ? value.movePointLeft(2)
                : q.unit().isAngle()
                    ? value.multiply(PI, DIGITS).divide(BigDecimal.valueOf(180), DIGITS)
                    : value;
      }
      case Bracket b when b.items().size() == 1 -> of(b.items().getFirst());
      case Call c -> call(c);
      default -> null;
    };
  }

  private @Nullable BigDecimal power(Power p) {
    BigDecimal base = of(p.base());
    if (base == null) {
      return null;
    }
    Rational n = Exact.bounded(p.exponent());
    if (n != null && n.isInteger() && n.num().bitLength() < 12) {
      return n.signum() < 0
          ? BigDecimal.ONE.divide(base.pow(-n.intValue(), DIGITS), DIGITS)
          : base.pow(n.intValue(), DIGITS);
    }
    if (n != null && n.equals(Rational.HALF)) {
      return base.signum() < 0 ? null : base.sqrt(DIGITS);
    }
    BigDecimal exponent = n != null ? n.decimal(80) : of(p.exponent());
    if (exponent == null || base.signum() == 0) {
      return null;
    }
    if (base.signum() < 0) {
      if (n == null || !n.den().testBit(0)) {
        return null;
      }
      BigDecimal size = exp(exponent.multiply(ln(base.negate()), DIGITS));
      return n.num().testBit(0) ? size.negate() : size;
    }
    return exp(exponent.multiply(ln(base), DIGITS));
  }

  private @Nullable BigDecimal call(Call c) {
    Rational exact = Exact.bounded(c);
    if (exact != null) {
      return exact.decimal(80);
    }
    BigDecimal x = of(c.arguments().getFirst());
    if (x == null) {
      return null;
    }
    return switch (c.function()) {
      case "approx", "ellipsis" -> x;
      case "abs" -> x.abs();
      case "sin" -> sin(x);
      case "cos" -> cos(x);
      case "tan" -> sin(x).divide(cos(x), DIGITS);
      case "cot" -> cos(x).divide(sin(x), DIGITS);
      case "sec" -> BigDecimal.ONE.divide(cos(x), DIGITS);
      case "csc" -> BigDecimal.ONE.divide(sin(x), DIGITS);
      case "sinh" -> exp(x).subtract(exp(x.negate()), DIGITS).divide(TWO, DIGITS);
      case "cosh" -> exp(x).add(exp(x.negate()), DIGITS).divide(TWO, DIGITS);
      case "arctan" -> arctan(x);
      case "arcsin" -> arcsin(x);
      case "arccos" -> {
        BigDecimal sine = arcsin(x);
        yield sine == null ? null : PI.divide(TWO, DIGITS).subtract(sine, DIGITS);
      }
      case "ln" -> ln(x);
      case "log" -> {
        BigDecimal base =
            c.arguments().size() > 1 ? of(c.arguments().get(1)) : commonLog ? BigDecimal.TEN : null;
        yield base == null
            ? (c.arguments().size() > 1 ? null : ln(x))
            : ln(x).divide(ln(base), DIGITS);
      }
      default -> null;
    };
  }

  private static BigDecimal exp(BigDecimal x) {
    if (x.abs().compareTo(BigDecimal.valueOf(2_000)) > 0) {
      throw new ArithmeticException("beyond the range");
    }
    // e^x = (e^(x / 2^k))^(2^k)
    int halvings = Math.max(0, x.precision() - x.scale()) * 4 + 8;
    BigDecimal small = x.divide(TWO.pow(halvings), new MathContext(110));
    MathContext more = new MathContext(110);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int k = 1; term.abs().compareTo(TINY.movePointLeft(30)) > 0; k++) {
      term = term.multiply(small, more).divide(BigDecimal.valueOf(k), more);
      sum = sum.add(term, more);
    }
    for (int k = 0; k < halvings; k++) {
      sum = sum.multiply(sum, more);
    }
    return sum.round(DIGITS);
  }

  private static BigDecimal ln(BigDecimal x) {
    if (x.signum() <= 0) {
      throw new ArithmeticException("the logarithm of a number that is not positive");
    }
    int twos = (int) Math.round((x.precision() - x.scale()) * 3.3219);
    BigDecimal near =
        twos >= 0 ? x.divide(TWO.pow(twos), DIGITS) : x.multiply(TWO.pow(-twos), DIGITS);
    while (near.compareTo(new BigDecimal("0.75")) < 0) {
      near = near.multiply(TWO, DIGITS);
      twos--;
    }
    while (near.compareTo(new BigDecimal("1.5")) > 0) {
      near = near.divide(TWO, DIGITS);
      twos++;
    }
    return lnNear1(near).add(LN2.multiply(BigDecimal.valueOf(twos), DIGITS), DIGITS);
  }

  /** 2·artanh((x−1)/(x+1)). */
  private static BigDecimal lnNear1(BigDecimal x) {
    BigDecimal y = x.subtract(BigDecimal.ONE).divide(x.add(BigDecimal.ONE), DIGITS);
    BigDecimal square = y.multiply(y, DIGITS);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal power = y;
    for (int k = 1; power.abs().compareTo(TINY) > 0; k += 2) {
      sum = sum.add(power.divide(BigDecimal.valueOf(k), DIGITS), DIGITS);
      power = power.multiply(square, DIGITS);
    }
    return sum.multiply(TWO, DIGITS);
  }

  private static BigDecimal sin(BigDecimal x) {
    if (x.abs().compareTo(BigDecimal.valueOf(1_000_000)) > 0) {
      throw new ArithmeticException("beyond the range");
    }
    BigInteger turns = x.divide(PI, DIGITS).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
    BigDecimal y = x.subtract(PI.multiply(new BigDecimal(turns), DIGITS), DIGITS);
    BigDecimal square = y.multiply(y, DIGITS);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal term = y;
    for (int k = 1; term.abs().compareTo(TINY) > 0; k += 2) {
      sum = sum.add(term, DIGITS);
      term =
          term.multiply(square, DIGITS)
              .divide(BigDecimal.valueOf((k + 1L) * (k + 2L)), DIGITS)
              .negate();
    }
    return turns.testBit(0) ? sum.negate() : sum;
  }

  private static BigDecimal cos(BigDecimal x) {
    return sin(x.add(PI.divide(TWO, DIGITS), DIGITS));
  }

  private static BigDecimal arctan(BigDecimal x) {
    // Halve the angle until the series is short: atan x = 2·atan(x / (1 + √(1 + x²))).
    int doublings = 0;
    while (x.abs().compareTo(new BigDecimal("0.2")) > 0) {
      x =
          x.divide(
              BigDecimal.ONE.add(BigDecimal.ONE.add(x.multiply(x, DIGITS)).sqrt(DIGITS)), DIGITS);
      doublings++;
    }
    BigDecimal square = x.multiply(x, DIGITS).negate();
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal power = x;
    for (int k = 1; power.abs().compareTo(TINY) > 0; k += 2) {
      sum = sum.add(power.divide(BigDecimal.valueOf(k), DIGITS), DIGITS);
      power = power.multiply(square, DIGITS);
    }
    return sum.multiply(TWO.pow(doublings), DIGITS);
  }

  private static @Nullable BigDecimal arcsin(BigDecimal x) {
    BigDecimal rest = BigDecimal.ONE.subtract(x.multiply(x, DIGITS), DIGITS);
    if (rest.signum() < 0) {
      return null;
    }
    return rest.signum() == 0
        ? PI.divide(TWO, DIGITS).multiply(BigDecimal.valueOf(x.signum()))
        : arctan(x.divide(rest.sqrt(DIGITS), DIGITS));
  }
}
