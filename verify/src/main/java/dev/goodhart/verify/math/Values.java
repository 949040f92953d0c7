package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Power;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether two single values are the same. In this order, until one decides: exact fractions;
 * evaluation in doubles with error bounds, which finds most differences; the normal form; agreement
 * at random points (values with variables) or in 45 digits (constants); residues; the computer
 * algebra system.
 */
final class Values {
  private static final double[][] RANGES = {
    {0.4, 1.7}, {1.1, 2.9}, {0.05, 0.95}, {2.2, 7.9}, {-0.95, -0.1}, {-2.9, 1.9}
  };
  private static final int AGREEING_POINTS = 3;
  private static final BigDecimal SAME = new BigDecimal("1e-45");
  private static final BigDecimal APART = new BigDecimal("1e-30");

  private final MathOptions options;
  private final Algebra algebra;

  Values(MathOptions options, Algebra algebra) {
    this.options = options;
    this.algebra = algebra;
  }

  Outcome compare(Expr reference, Expr answer) {
    if (reference.equals(answer)) {
      return Outcome.EQUAL;
    }
    if (!isValue(reference) || !isValue(answer)) {
      return Outcome.DIFFERENT;
    }
    Closeness closeness = Closeness.between(reference, answer, options);
    Rational r = Exact.bounded(reference);
    Rational a = Exact.bounded(answer);
    if (r != null && a != null) {
      return Outcome.of(
          r.equals(a)
              || (closeness.isLenient() && closeness.close(r.doubleValue(), a.doubleValue())));
    }
    Outcome outcome = compare(reference, answer, closeness, false);
    if (outcome != Outcome.EQUAL && (hasBareLog(reference) || hasBareLog(answer))) {
      outcome = outcome.or(compare(reference, answer, closeness, true));
    }
    return outcome;
  }

  /** A single value, not something with lists, sets, words or relations in it. */
  private static boolean isValue(Expr e) {
    return !Trees.any(
        e,
        x ->
            switch (x) {
              case Expr.Bracket b -> b.items().size() != 1;
              case Expr.SetOf s -> true;
              case Expr.Builder b -> true;
              case Expr.Items i -> true;
              case Expr.Relation r -> true;
              case Expr.Text t -> true;
              case Expr.Matrix m -> true;
              case Const c -> c != Const.PI && c != Const.E && c != Const.I && c != Const.INFINITY;
              default -> false;
            });
  }

  private static boolean hasBareLog(Expr e) {
    return Trees.any(
        e, x -> x instanceof Call c && c.function().equals("log") && c.arguments().size() == 1);
  }

  private Outcome compare(Expr reference, Expr answer, Closeness closeness, boolean commonLog) {
    Set<String> variables = new TreeSet<>(Trees.variables(reference));
    variables.addAll(Trees.variables(answer));
    Outcome sampled =
        variables.isEmpty()
            ? constants(reference, answer, closeness, commonLog)
            : points(reference, answer, closeness, commonLog);
    if (sampled == Outcome.DIFFERENT) {
      return sampled;
    }
    if (sampled == Outcome.EQUAL && closeness.isLenient()) {
      return sampled;
    }
    Outcome exact = exact(reference, answer, commonLog);
    if (exact != Outcome.UNKNOWN) {
      return exact;
    }
    if (sampled == Outcome.EQUAL && !variables.isEmpty()) {
      return sampled;
    }
    if (variables.isEmpty()) {
      Outcome precise = precise(reference, answer, commonLog);
      if (precise != Outcome.UNKNOWN) {
        return precise;
      }
    }
    Outcome residues = residues(reference, answer);
    if (residues == Outcome.UNKNOWN) {
      residues = towers(reference, answer);
    }
    if (residues != Outcome.UNKNOWN) {
      return residues;
    }
    if (sampled == Outcome.EQUAL) {
      return sampled; // to nine digits or more
    }
    return algebra.isZero(Expr.minus(reference, answer), commonLog, options);
  }

  /** EQUAL here means: not to be told apart in doubles. */
  private static Outcome constants(
      Expr reference, Expr answer, Closeness closeness, boolean commonLog) {
    Complex x = evaluate(reference, 0, false, commonLog);
    Complex y = evaluate(answer, 0, false, commonLog);
    if (x == null || y == null || x.isNone() || y.isNone()) {
      return Outcome.UNKNOWN;
    }
    boolean huge = Double.isInfinite(x.abs());
    if (huge || Double.isInfinite(y.abs())) {
      if (huge != Double.isInfinite(y.abs()) || Math.signum(x.re()) != Math.signum(y.re())) {
        return Outcome.DIFFERENT;
      }
      return isInfinite(reference) == isInfinite(answer)
          ? (isInfinite(reference) ? Outcome.EQUAL : Outcome.UNKNOWN)
          : Outcome.DIFFERENT;
    }
    return near(x, y, closeness);
  }

  private static boolean isInfinite(Expr e) {
    return Trees.any(e, c -> c == Const.INFINITY);
  }

  private static Outcome near(Complex x, Complex y, Closeness closeness) {
    double d = Math.hypot(x.re() - y.re(), x.im() - y.im());
    double bound = 4 * (x.error() + y.error());
    double size = Math.max(x.abs(), y.abs());
    if (closeness.isLenient()
        && (d == 0
            || (closeness.close(x.re(), y.re()) || Math.abs(x.re() - y.re()) <= 1e-12 * size)
                && (closeness.close(x.im(), y.im())
                    || Math.abs(x.im() - y.im()) <= 1e-12 * size))) {
      return Outcome.EQUAL;
    }
    if (d > bound) {
      return Outcome.DIFFERENT;
    }
    return bound <= 1e-7 * size + 1e-11 ? Outcome.EQUAL : Outcome.UNKNOWN;
  }

  /**
   * Both sides at several points of the reals, then at whole numbers if the reals said too little.
   */
  private static Outcome points(
      Expr reference, Expr answer, Closeness closeness, boolean commonLog) {
    int agreeing = 0;
    int beyond = 0; // points where one is huge, the other is not
    for (int k = 0;
        k < 2 * RANGES.length && (k < RANGES.length || agreeing < AGREEING_POINTS);
        k++) {
      boolean whole = k >= RANGES.length;
      Complex x = evaluate(reference, k, whole, commonLog);
      Complex y = x == null || x.isNone() ? null : evaluate(answer, k, whole, commonLog);
      boolean one = x != null && y != null && !y.isNone() && x.isFinite() != y.isFinite();
      if (one && ++beyond >= AGREEING_POINTS) {
        return Outcome.DIFFERENT;
      }
      if (x == null || y == null || !x.isFinite() || !y.isFinite() || x.left() || y.left()) {
        continue;
      }
      switch (near(x, y, closeness)) {
        case DIFFERENT -> {
          return Outcome.DIFFERENT;
        }
        case EQUAL -> agreeing++;
        case UNKNOWN -> {}
      }
    }
    return agreeing >= AGREEING_POINTS ? Outcome.EQUAL : Outcome.UNKNOWN;
  }

  /** The value at the k-th point; null when evaluating is too much work. */
  private static @Nullable Complex evaluate(Expr e, int k, boolean whole, boolean commonLog) {
    try {
      return new Numeric(name -> coordinate(name, k, whole), commonLog).of(e);
    } catch (TooLarge tooLarge) {
      return null;
    }
  }

  /** The same point every time: from the variable's name and the point's number. */
  private static double coordinate(String name, int k, boolean whole) {
    long bits = mix(name.hashCode() * 31L + k);
    if (whole) {
      return 1 + Math.floorMod(bits, 9L);
    }
    double[] range = RANGES[k % RANGES.length];
    return range[0] + (range[1] - range[0]) * ((bits >>> 11) * 0x1p-53);
  }

  private static long mix(long z) {
    z = (z + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static Outcome exact(Expr reference, Expr answer, boolean commonLog) {
    try {
      Field field = new Field();
      FormBuilder builder = new FormBuilder(field, commonLog);
      Form r = builder.of(reference);
      Form a;
      try {
        a = builder.of(answer);
      } catch (ArithmeticException undefined) {
        return Outcome.DIFFERENT; // 1/0 is no answer to anything that is defined
      }
      Form d = field.minus(r, a);
      if (d.isZero()) {
        return Outcome.EQUAL;
      }
      return field.isIndependent(d.num()) ? Outcome.DIFFERENT : Outcome.UNKNOWN;
    } catch (TooLarge | Unreadable | ArithmeticException undecided) {
      return Outcome.UNKNOWN;
    }
  }

  private static Outcome precise(Expr reference, Expr answer, boolean commonLog) {
    try {
      Precise precise = new Precise(commonLog);
      BigDecimal r = precise.of(reference);
      BigDecimal a = r == null ? null : precise.of(answer);
      if (r == null || a == null) {
        return Outcome.UNKNOWN;
      }
      BigDecimal d = r.subtract(a).abs();
      BigDecimal size = r.abs().max(a.abs()).max(new BigDecimal("1e-20"));
      if (d.compareTo(size.multiply(SAME)) <= 0) {
        return Outcome.EQUAL;
      }
      return d.compareTo(size.multiply(APART)) > 0 ? Outcome.DIFFERENT : Outcome.UNKNOWN;
    } catch (TooLarge | ArithmeticException undecided) {
      return Outcome.UNKNOWN;
    }
  }

  private static Outcome residues(Expr reference, Expr answer) {
    int agreeing = 0;
    for (int k = 0; k < 4; k++) {
      int point = k;
      Modular modular = new Modular(name -> mix(name.hashCode() * 31L + point) >>> 3);
      long r = modular.of(reference);
      long a = r == Modular.NONE ? r : modular.of(answer);
      if (r == Modular.NONE || a == Modular.NONE) {
        continue;
      }
      if (r != a) {
        return Outcome.DIFFERENT;
      }
      agreeing++;
    }
    return agreeing >= AGREEING_POINTS ? Outcome.EQUAL : Outcome.UNKNOWN;
  }

  /**
   * {@code 9^{9^{9^9}}} against {@code 9^{9^{9^8}}}: of powers of one base above 1, only the
   * exponents matter.
   */
  private Outcome towers(Expr reference, Expr answer) {
    if (reference instanceof Power p && answer instanceof Power q && p.base().equals(q.base())) {
      Rational base = Exact.bounded(p.base());
      if (base != null && base.isInteger() && base.num().compareTo(BigInteger.ONE) > 0) {
        return compare(p.exponent(), q.exponent());
      }
    }
    return Outcome.UNKNOWN;
  }
}
