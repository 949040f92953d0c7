package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.Power;
import dev.goodhart.verify.math.Expr.Product;
import dev.goodhart.verify.math.Expr.Quantity;
import dev.goodhart.verify.math.Expr.Sum;
import dev.goodhart.verify.math.Expr.Sym;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Evaluates an expression in complex doubles at a point, with bounds on the error. */
final class Numeric {
  private static final int MAX_STEPS = 200_000;

  private final ToDoubleFunction<String> point;
  private final boolean commonLog;
  private final Map<String, Complex> bound = new HashMap<>();
  private int steps;

  /**
   * @param point the value of each variable
   * @param commonLog whether a logarithm without a base is the one to base 10
   */
  Numeric(ToDoubleFunction<String> point, boolean commonLog) {
    this.point = point;
    this.commonLog = commonLog;
  }

  Complex of(Expr e) {
    if (++steps > MAX_STEPS) {
      throw new TooLarge("too many steps to evaluate");
    }
    return switch (e) {
      case Num n -> number(n.value());
      case Sym s -> {
        Complex value = bound.get(s.name());
        yield value != null ? value : Complex.exact(point.applyAsDouble(s.name()));
      }
      case Const c ->
          switch (c) {
            case PI -> Complex.rounded(Math.PI);
            case E -> Complex.rounded(Math.E);
            case I -> Complex.I;
            case INFINITY -> Complex.exact(Double.POSITIVE_INFINITY);
            default -> Complex.NONE;
          };
      case Sum s -> {
        Complex total = Complex.ZERO;
        for (Expr term : s.terms()) {
          total = total.plus(of(term));
        }
        yield total;
      }
      case Product p -> {
        Complex total = Complex.ONE;
        for (Expr factor : p.factors()) {
          total = total.times(of(factor));
        }
        yield total;
      }
      case Power p -> power(p);
      case Quantity q -> {
        Complex value = of(q.value());
        yield q.unit().isPercent()
            ? value.times(Complex.rounded(0.01))
            : q.unit().isAngle() ? value.times(Complex.rounded(Math.PI / 180)) : value;
      }
      case Bracket b when b.items().size() == 1 -> of(b.items().getFirst());
      case Call c -> call(c);
      default -> Complex.NONE;
    };
  }

  /** The root or the logarithm of a negative constant is on no other branch at another point. */
  private static boolean isConstant(Expr e) {
    return Trees.variables(e).isEmpty();
  }

  private static Complex number(Rational value) {
    double d = value.doubleValue();
    return value.isInteger() && Math.abs(d) < 0x1p53 ? Complex.exact(d) : Complex.rounded(d);
  }

  private Complex power(Power p) {
    Complex base = of(p.base());
    Rational exponent = Exact.bounded(p.exponent());
    if (exponent == null) {
      Complex value = of(p.exponent());
      return base.isNone() || value.isNone() ? Complex.NONE : base.pow(value);
    }
    if (exponent.equals(Rational.HALF)) {
      Complex root = base.sqrt();
      return root.left() && !base.left() && isConstant(p.base()) ? root.staying() : root;
    }
    if (exponent.equals(Rational.MINUS_ONE)) {
      return base.inverse();
    }
    boolean odd = exponent.den().testBit(0);
    if (odd && !exponent.isInteger() && base.im() == 0 && base.re() < 0) {
      // The real root: \sqrt[3]{-8} = -2.
      Complex size = base.negate().pow(number(exponent));
      return exponent.num().testBit(0) ? size.negate() : size;
    }
    return base.isNone() ? Complex.NONE : base.pow(number(exponent));
  }

  private Complex call(Call c) {
    String name = c.function();
    switch (name) {
      case "sum", "prod" -> {
        return series(c);
      }
      case "integral" -> {
        return integral(c);
      }
      case "limit", "derivative" -> {
        return Complex.NONE;
      }
      case "max", "min", "gcd", "lcm", "mod", "binom", "log" -> {
        return several(c);
      }
      default -> {}
    }
    if (name.equals("base")) {
      return based(c);
    }
    if (c.arguments().size() != 1) {
      return name.equals("ratio") || name.equals("cases") ? Complex.NONE : opaque(c);
    }
    Complex x = of(c.arguments().getFirst());
    if (x.isNone()) {
      return x;
    }
    return switch (name) {
      case "approx", "ellipsis" -> x;
      case "sin" -> x.sin();
      case "cos" -> x.cos();
      case "tan" -> x.sin().over(x.cos());
      case "cot" -> x.cos().over(x.sin());
      case "sec" -> x.cos().inverse();
      case "csc" -> x.sin().inverse();
      case "sinh" -> x.exp().minus(x.negate().exp()).over(Complex.exact(2));
      case "cosh" -> x.exp().plus(x.negate().exp()).over(Complex.exact(2));
      case "tanh" -> x.exp().minus(x.negate().exp()).over(x.exp().plus(x.negate().exp()));
      case "sech" -> Complex.exact(2).over(x.exp().plus(x.negate().exp()));
      case "csch" -> Complex.exact(2).over(x.exp().minus(x.negate().exp()));
      case "arcsin" -> inUnit(x) ? x.real(Math::asin, steep(x)) : Complex.NONE;
      case "arccos" -> inUnit(x) ? x.real(Math::acos, steep(x)) : Complex.NONE;
      case "arctan" -> x.real(Math::atan, 1);
      case "arccot" -> x.real(v -> Math.PI / 2 - Math.atan(v), 1);
      case "arcsec" ->
          inUnit(x.inverse()) ? x.inverse().real(Math::acos, steep(x.inverse())) : Complex.NONE;
      case "arccsc" ->
          inUnit(x.inverse()) ? x.inverse().real(Math::asin, steep(x.inverse())) : Complex.NONE;
      case "arcsinh" -> x.plus(x.times(x).plus(Complex.ONE).sqrt()).log();
      case "arccosh" -> x.plus(x.times(x).minus(Complex.ONE).sqrt()).log();
      case "arctanh" ->
          Complex.ONE.plus(x).over(Complex.ONE.minus(x)).log().times(Complex.exact(0.5));
      case "ln" -> x.log();
      case "abs" -> new Complex(x.abs(), 0, x.error(), false);
      case "sgn" -> x.mayBeZero() && x.error() > 0 ? Complex.NONE : x.real(Math::signum, 0);
      case "floor" ->
          whole(x) ? x.real(v -> Math.floor(v + (nearWhole(v) ? 0.5 : 0)), 0) : Complex.NONE;
      case "ceil" ->
          whole(x) ? x.real(v -> Math.ceil(v - (nearWhole(v) ? 0.5 : 0)), 0) : Complex.NONE;
      case "conj" -> new Complex(x.re(), -x.im(), x.error(), x.left());
      case "Re" -> new Complex(x.re(), 0, x.error(), x.left());
      case "Im" -> new Complex(x.im(), 0, x.error(), x.left());
      case "factorial" -> Gamma.factorial(x);
      case "factorial2" -> Gamma.doubleFactorial(x);
      case "transpose", "det", "trace", "rank", "dim", "modulus", "not" -> Complex.NONE;
      default -> opaque(c);
    };
  }

  /**
   * Some smooth function of its arguments, told by its name: {@code f(x)} is {@code f(x)}, and
   * nothing else.
   */
  private Complex opaque(Call c) {
    int hash = c.function().hashCode();
    Complex phase = Complex.exact((hash & 0xff) / 64.0);
    for (Expr argument : c.arguments()) {
      hash = hash * 31 + 17;
      phase = phase.plus(of(argument).times(Complex.exact(1 + (hash & 0x3ff) / 1024.0)));
    }
    return phase.isReal()
        ? phase.sin().plus(Complex.exact(2 + (hash >>> 10 & 0xff) / 256.0))
        : Complex.NONE;
  }

  /** The value of digits in another base. */
  private static Complex based(Call c) {
    Rational base = Exact.bounded(c.arguments().get(1));
    if (base == null
        || !base.isSmall()
        || base.intValue() < 2
        || base.intValue() > 36
        || !(c.arguments().getFirst() instanceof Sym digits)) {
      return Complex.NONE;
    }
    try {
      return Complex.exact(new BigInteger(digits.name(), base.intValue()).doubleValue());
    } catch (NumberFormatException notInThisBase) {
      return Complex.NONE;
    }
  }

  private static boolean inUnit(Complex x) {
    return x.isReal() && Math.abs(x.re()) <= 1;
  }

  private static double steep(Complex x) {
    return 1 / Math.max(1e-4, Math.sqrt(1 - x.re() * x.re()));
  }

  /**
   * Whether rounding leaves no doubt on which side of a whole number this is: an exact whole
   * number, or far from one.
   */
  private static boolean whole(Complex x) {
    return x.isReal() && (x.error() == 0 || !nearWhole(x.re()));
  }

  private static boolean nearWhole(double v) {
    return v != Math.rint(v) && Math.abs(v - Math.rint(v)) < 1e-9 * Math.max(1, Math.abs(v));
  }

  private Complex several(Call c) {
    if (c.function().equals("log")) {
      Complex value = of(c.arguments().getFirst()).log();
      if (c.arguments().size() == 1) {
        return commonLog ? value.over(Complex.rounded(Math.log(10))) : value;
      }
      return value.over(of(c.arguments().get(1)).log());
    }
    Complex best = of(c.arguments().getFirst());
    if (c.function().equals("binom")) {
      return c.arguments().size() == 2
          ? Gamma.binomial(best, of(c.arguments().get(1)))
          : Complex.NONE;
    }
    if (c.function().equals("mod") && c.arguments().size() == 2) {
      Complex m = of(c.arguments().get(1));
      boolean exact =
          best.error() == 0 && m.error() == 0 && m.re() > 0 && Math.abs(best.re()) < 0x1p53;
      return exact && best.im() == 0
          ? Complex.exact(best.re() - m.re() * Math.floor(best.re() / m.re()))
          : Complex.NONE;
    }
    if (c.function().equals("max") || c.function().equals("min")) {
      for (Expr other : c.arguments().subList(1, c.arguments().size())) {
        Complex value = of(other);
        if (!value.isReal() || !best.isReal()) {
          return Complex.NONE;
        }
        if (c.function().equals("max") ? value.re() > best.re() : value.re() < best.re()) {
          best = value;
        }
      }
      return best;
    }
    Rational exact = Exact.bounded(c); // gcd and lcm of numbers
    return exact == null ? opaque(c) : number(exact);
  }

  private Complex integral(Call c) {
    if (c.arguments().size() != 4 || !(c.arguments().get(1) instanceof Sym x)) {
      return Complex.NONE;
    }
    Complex from = of(c.arguments().get(2));
    Complex to = of(c.arguments().get(3));
    if (from.isNone() || to.isNone() || !(from.im() == 0 && to.im() == 0)) {
      return Complex.NONE;
    }
    Complex outer = bound.get(x.name());
    Complex value =
        Quadrature.integral(
            at -> {
              bound.put(x.name(), Complex.exact(at));
              Complex y = of(c.arguments().getFirst());
              return y.isReal() ? y.re() : Double.NaN;
            },
            from.re(),
            to.re());
    restore(x.name(), outer);
    return value;
  }

  private void restore(String name, @Nullable Complex outer) {
    if (outer == null) {
      bound.remove(name);
    } else {
      bound.put(name, outer);
    }
  }

  private Complex series(Call c) {
    Rational from = Exact.bounded(c.arguments().get(2));
    Rational to = Exact.bounded(c.arguments().get(3));
    boolean endless = c.arguments().get(3) == Const.INFINITY && c.function().equals("sum");
    if (endless && from != null && from.isSmall() && c.arguments().get(1) instanceof Sym index) {
      Complex outer = bound.get(index.name());
      Complex value =
          InfiniteSum.of(
              k -> {
                bound.put(index.name(), Complex.exact(k));
                Complex y = of(c.arguments().getFirst());
                return y.isReal() ? y.re() : Double.NaN;
              },
              from.intValue());
      restore(index.name(), outer);
      return value;
    }
    if (from == null
        || to == null
        || !from.isSmall()
        || !to.isSmall()
        || !(c.arguments().get(1) instanceof Sym index)) {
      return Complex.NONE;
    }
    boolean sum = c.function().equals("sum");
    Complex total = sum ? Complex.ZERO : Complex.ONE;
    Complex outer = bound.get(index.name());
    for (long k = from.intValue(); k <= to.intValue(); k++) {
      bound.put(index.name(), Complex.exact((double) k));
      Complex term = of(c.arguments().getFirst());
      total = sum ? total.plus(term) : total.times(term);
    }
    restore(index.name(), outer);
    return total;
  }
}
