package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Field.Atom;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sines and cosines in a {@link Field}: exact at the multiples of π/12 and π/10, shifted and
 * mirrored to a normal form elsewhere.
 */
final class Angles {
  private final Field field;

  Angles(Field field) {
    this.field = field;
  }

  /** coefficient · π. */
  Form pi(Rational coefficient) {
    return field.times(Form.constant(coefficient), field.atomForm(new Atom.Constant(Const.PI)));
  }

  Form of(String function, Form x) {
    return switch (function) {
      case "sin" -> sin(x);
      case "cos" -> cos(x);
      case "tan" -> field.over(sin(x), cos(x));
      case "cot" -> field.over(cos(x), sin(x));
      case "sec" -> field.inverse(cos(x));
      default -> field.inverse(sin(x));
    };
  }

  private Form cos(Form x) {
    return sin(field.plus(x, pi(Rational.HALF)));
  }

  /** sin(u + kπ/2 + r) with the multiple of π in u taken out. */
  private Form sin(Form x) {
    if (!x.den().isOne()) {
      return field.applied("sin", x);
    }
    Monomial pi = Monomial.of(field.intern(new Atom.Constant(Const.PI)), Rational.ONE);
    Rational turns = x.num().terms().getOrDefault(pi, Rational.ZERO);
    Polynomial rest = x.num().plus(Polynomial.of(pi, turns.negate()));
    if (rest.isZero()) {
      return sinOfPi(turns);
    }
    boolean negative = false;
    Rational lead = rest.terms().getOrDefault(rest.leading(), Rational.ONE);
    if (lead.signum() < 0) {
      // sin(-u + t) = -sin(u - t)
      rest = rest.times(Rational.MINUS_ONE);
      turns = turns.negate();
      negative = true;
    }
    Rational quarter = turns.times(Rational.TWO);
    BigInteger quarters = quarter.floor();
    Rational left = turns.minus(Rational.of(quarters).times(Rational.HALF));
    Form argument = field.plus(Form.of(rest), pi(left));
    int turn = quarters.mod(BigInteger.valueOf(4)).intValue();
    Form value = field.applied(turn % 2 == 0 ? "sin" : "cos", argument);
    return negative ^ turn >= 2 ? field.negate(value) : value;
  }

  /** sin(tπ), exact where it has short roots. */
  private Form sinOfPi(Rational t) {
    Rational turn =
        t.minus(Rational.TWO.times(Rational.of(t.over(Rational.TWO).floor()))); // in [0, 2)
    if (turn.compareTo(Rational.ONE) >= 0) {
      return field.negate(sinOfPi(turn.minus(Rational.ONE)));
    }
    if (turn.compareTo(Rational.HALF) > 0) {
      turn = Rational.ONE.minus(turn);
    }
    Rational in60 = turn.times(Rational.of(60));
    if (!in60.isInteger()) {
      return field.applied("sin", pi(turn));
    }
    return switch (in60.intValue()) {
      case 0 -> Form.ZERO;
      case 5 -> quarter(root(6), field.negate(root(2)));
      case 6 -> quarter(root(5), Form.constant(Rational.MINUS_ONE));
      case 10 -> Form.constant(Rational.HALF);
      case 12 -> quarter(fifth(-2), Form.ZERO);
      case 15 -> field.times(root(2), Form.constant(Rational.HALF));
      case 18 -> quarter(root(5), Form.ONE);
      case 20 -> field.times(root(3), Form.constant(Rational.HALF));
      case 24 -> quarter(fifth(2), Form.ZERO);
      case 25 -> quarter(root(6), root(2));
      case 30 -> Form.ONE;
      default -> field.applied("sin", pi(turn));
    };
  }

  private Form root(long n) {
    return field.power(Form.constant(Rational.of(n)), Rational.HALF);
  }

  /** √(10 + k√5). */
  private Form fifth(long k) {
    Form radicand =
        field.plus(
            Form.constant(Rational.of(10)), field.times(Form.constant(Rational.of(k)), root(5)));
    return field.power(radicand, Rational.HALF);
  }

  private Form quarter(Form a, Form b) {
    return field.times(field.plus(a, b), Form.constant(Rational.of(1, 4)));
  }

  /** arcsin, arccos and arctan of the values whose angle is a multiple of π/60. */
  Form inverse(String function, Form x, FormBuilder builder) {
    Complex value = value(x);
    if (value != null && value.isReal()) {
      double angle =
          switch (function) {
            case "arcsin" -> Math.asin(value.re());
            case "arccos" -> Math.acos(value.re());
            default -> Math.atan(value.re());
          };
      long in60 = Math.round(angle / Math.PI * 60);
      if (Math.abs(angle / Math.PI * 60 - in60) < 1e-9
          && (function.equals("arccos") || Math.abs(in60) <= 30)) {
        Form candidate = pi(Rational.of(in60, 60));
        Form back =
            function.equals("arctan") && Math.abs(in60) == 30
                ? Form.ZERO
                : of(function.substring(3), candidate);
        if (field.minus(back, x).isZero()) {
          return candidate;
        }
      }
    }
    return field.applied(function, x);
  }

  /** e^(i·π·c) as cos + i·sin; null when this is not of that shape. */
  @Nullable Form turn(Form base, Monomial exponent, Rational coefficient) {
    int i = field.intern(new Atom.Constant(Const.I));
    int e = field.intern(new Atom.Constant(Const.E));
    if (!base.isTerm()
        || !base.coefficient().isOne()
        || !base.monomial().equals(Monomial.of(e, Rational.ONE))) {
      return null;
    }
    if (!exponent.exponentOf(i).isOne()) {
      return null;
    }
    Form angle = Form.of(Polynomial.of(exponent.without(i), coefficient));
    return field.plus(
        cos(angle), field.times(field.atomForm(new Atom.Constant(Const.I)), sin(angle)));
  }

  /** The value of a form without variables; null when it has some. */
  @Nullable Complex value(Form x) {
    Complex num = value(x.num());
    Complex den = value(x.den());
    return num == null || den == null ? null : num.over(den);
  }

  private @Nullable Complex value(Polynomial p) {
    Complex total = Complex.ZERO;
    for (var term : p.terms().entrySet()) {
      Complex product = Complex.rounded(term.getValue().doubleValue());
      Monomial m = term.getKey();
      for (int k = 0; k < m.size(); k++) {
        Complex atom =
            switch (field.atom(m.atom(k))) {
              case Atom.Prime prime -> Complex.rounded(prime.value().doubleValue());
              case Atom.Constant c -> constant(c.which());
              case Atom.Radicand r -> value(r.sum());
              case Atom.Applied f when f.function().equals("ln") -> logarithm(f);
              default -> null;
            };
        if (atom == null) {
          return null;
        }
        product = product.times(atom.pow(Complex.rounded(m.exponent(k).doubleValue())));
      }
      total = total.plus(product);
    }
    return total;
  }

  private @Nullable Complex logarithm(Atom.Applied f) {
    Complex x = value(f.arguments().getFirst());
    return x == null ? null : x.log();
  }

  private static Complex constant(Const which) {
    return switch (which) {
      case PI -> Complex.rounded(Math.PI);
      case E -> Complex.rounded(Math.E);
      default -> Complex.I;
    };
  }
}
