package dev.goodhart.verify.math;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The field of rational functions in which two values are compared: its atoms and its arithmetic.
 *
 * <p>Roots of numbers are written with fractional powers of primes in [0, 1), which are linearly
 * independent over the rationals (Besicovitch 1940), i² is −1, the square of a sine is 1 minus that
 * of the cosine, and a sum under a root is an atom of its own. Two forms are equal if their
 * difference, brought over one denominator, has no terms left; the converse holds where {@link
 * #isIndependent}.
 */
final class Field {
  /** What cannot be taken apart further. */
  sealed interface Atom {
    record Variable(String name) implements Atom {}

    record Prime(BigInteger value) implements Atom {}

    record Constant(Expr.Const which) implements Atom {}

    /** A sum under a root. */
    record Radicand(Polynomial sum) implements Atom {}

    /**
     * An atom to the power of a monomial: {@code 2^x}, {@code e^{πx}}; −1 as base is atom number
     * −1.
     */
    record Exponential(int base, Monomial exponent) implements Atom {}

    record Applied(String function, List<Form> arguments) implements Atom {}
  }

  private static final int MAX_EXPANDED_POWER = 64;
  private static final int MAX_WORK = 300_000;
  private final List<Atom> atoms = new ArrayList<>();
  private final Map<Atom, Integer> numbers = new HashMap<>();
  private int work;

  Atom atom(int number) {
    return atoms.get(number);
  }

  int intern(Atom atom) {
    if (atom instanceof Atom.Applied applied) {
      for (int k = 0; k < atoms.size(); k++) {
        if (atoms.get(k) instanceof Atom.Applied known
            && known.function().equals(applied.function())
            && allEqual(known.arguments(), applied.arguments())) {
          return k;
        }
      }
    } else {
      Integer known = numbers.get(atom);
      if (known != null) {
        return known;
      }
    }
    atoms.add(atom);
    numbers.put(atom, atoms.size() - 1);
    return atoms.size() - 1;
  }

  private boolean allEqual(List<Form> a, List<Form> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!a.get(i).equals(b.get(i)) && !minus(a.get(i), b.get(i)).isZero()) {
        return false;
      }
    }
    return true;
  }

  Form atomForm(Atom atom) {
    return Form.of(Polynomial.of(Monomial.of(intern(atom), Rational.ONE), Rational.ONE));
  }

  Form applied(String function, Form... arguments) {
    return atomForm(new Atom.Applied(function, List.of(arguments)));
  }

  Form plus(Form a, Form b) {
    if (a.den().equals(b.den())) {
      return quotient(a.num().plus(b.num()), a.den());
    }
    return quotient(times(a.num(), b.den()).plus(times(b.num(), a.den())), times(a.den(), b.den()));
  }

  Form minus(Form a, Form b) {
    return plus(a, negate(b));
  }

  Form negate(Form a) {
    return new Form(a.num().times(Rational.MINUS_ONE), a.den());
  }

  Form times(Form a, Form b) {
    return quotient(times(a.num(), b.num()), times(a.den(), b.den()));
  }

  Form over(Form a, Form b) {
    return times(a, inverse(b));
  }

  Form inverse(Form a) {
    return quotient(a.den(), a.num());
  }

  private Polynomial times(Polynomial a, Polynomial b) {
    work += a.terms().size() * b.terms().size();
    if (work > MAX_WORK) {
      throw new TooLarge("too much work to expand");
    }
    return reduced(a.times(b));
  }

  private Form quotient(Polynomial num, Polynomial den) {
    if (den.isZero()) {
      throw new ArithmeticException("division by zero");
    }
    if (den.isOne() || num.isZero()) {
      return Form.of(num);
    }
    if (den.terms().size() > 1) {
      if (num.equals(den)) {
        return Form.ONE;
      }
      Rational lead = den.terms().getOrDefault(den.leading(), Rational.ONE).inverse();
      return new Form(num.times(lead), den.times(lead));
    }
    Form divisor = Form.of(den);
    Monomial m = divisor.monomial();
    Polynomial inverse = Polynomial.of(Monomial.ONE, divisor.coefficient().inverse());
    Polynomial rest = Polynomial.ONE;
    for (int k = 0; k < m.size(); k++) {
      int atom = m.atom(k);
      Rational e = m.exponent(k);
      switch (atom(atom)) {
        case Atom.Radicand r -> {
          // P^-e = P^(1-e) / P
          inverse = inverse.times(Monomial.of(atom, Rational.ONE.minus(e)));
          rest = times(rest, r.sum());
        }
        case Atom.Constant c when c.which() == Expr.Const.I && e.isOne() ->
            inverse = inverse.times(Monomial.of(atom, Rational.ONE)).times(Rational.MINUS_ONE);
        default -> inverse = inverse.times(Monomial.of(atom, e.negate()));
      }
    }
    Polynomial over = times(num, reduced(inverse));
    return rest.isOne() ? Form.of(over) : quotient(over, rest);
  }

  /** Brings the exponents of every monomial into their normal ranges. */
  private Polynomial reduced(Polynomial p) {
    Polynomial result = null;
    Map<Monomial, Rational> plain = null;
    for (var term : p.terms().entrySet()) {
      if (isReduced(term.getKey())) {
        continue;
      }
      if (plain == null) {
        plain = new HashMap<>(p.terms());
        result = Polynomial.ZERO;
      }
      plain.remove(term.getKey());
      result =
          java.util.Objects.requireNonNull(result)
              .plus(reducedTerm(term.getKey(), term.getValue()));
    }
    return plain == null || result == null ? p : new Polynomial(plain).plus(result);
  }

  private boolean isReduced(Monomial m) {
    for (int k = 0; k < m.size(); k++) {
      Rational e = m.exponent(k);
      boolean proper = e.signum() > 0 && e.num().compareTo(e.den()) < 0;
      switch (atom(m.atom(k))) {
        case Atom.Prime q -> {
          if (!proper) {
            return false;
          }
        }
        case Atom.Radicand r -> {
          if (!proper) {
            return false;
          }
        }
        case Atom.Constant c when c.which() == Expr.Const.I -> {
          if (!e.isOne() && e.isInteger()) {
            return false;
          }
        }
        case Atom.Applied f when f.function().equals("sin") -> {
          if (e.isInteger() && e.compareTo(Rational.TWO) >= 0) {
            return false;
          }
        }
        default -> {}
      }
    }
    return true;
  }

  private Polynomial reducedTerm(Monomial m, Rational coefficient) {
    Polynomial extra = Polynomial.ONE;
    Monomial rest = m;
    for (int k = 0; k < m.size(); k++) {
      int atom = m.atom(k);
      Rational e = m.exponent(k);
      int whole = e.floor().bitLength() < 20 ? e.floor().intValue() : Integer.MAX_VALUE;
      Rational fraction = e.minus(Rational.of(e.floor()));
      switch (atom(atom)) {
        case Atom.Prime q -> {
          if (whole == Integer.MAX_VALUE) {
            throw new TooLarge("a power beyond bounds");
          }
          coefficient = coefficient.times(Rational.of(q.value()).pow(whole));
          rest = rest.without(atom).times(Monomial.of(atom, fraction));
        }
        case Atom.Constant c when c.which() == Expr.Const.I && e.isInteger() -> {
          int turns = e.num().mod(BigInteger.valueOf(4)).intValue();
          coefficient = turns >= 2 ? coefficient.negate() : coefficient;
          rest = rest.without(atom).times(Monomial.of(atom, Rational.of(turns % 2)));
        }
        case Atom.Radicand r when whole > 0 -> {
          extra = times(extra, power(r.sum(), whole));
          rest = rest.without(atom).times(Monomial.of(atom, fraction));
        }
        case Atom.Applied f when f.function().equals("sin") && e.isInteger() && whole >= 2 -> {
          int cosine = intern(new Atom.Applied("cos", f.arguments()));
          Polynomial square =
              Polynomial.ONE.plus(
                  Polynomial.of(Monomial.of(cosine, Rational.TWO), Rational.MINUS_ONE));
          extra = times(extra, power(square, whole / 2));
          rest = rest.without(atom).times(Monomial.of(atom, Rational.of(whole % 2)));
        }
        default -> {}
      }
    }
    Polynomial single = Polynomial.of(rest, coefficient);
    return extra.isOne() ? single : times(extra, single);
  }

  private Polynomial power(Polynomial base, int exponent) {
    if (exponent > MAX_EXPANDED_POWER) {
      throw new TooLarge("a power beyond bounds");
    }
    Polynomial result = Polynomial.ONE;
    for (int k = 0; k < exponent; k++) {
      result = times(result, base);
    }
    return result;
  }

  /** A form to a rational power. */
  Form power(Form base, Rational exponent) {
    if (exponent.isZero()) {
      return Form.ONE;
    }
    if (base.isZero()) {
      if (exponent.signum() < 0) {
        throw new ArithmeticException("division by zero");
      }
      return base;
    }
    if (base.isTerm()) {
      return termPower(base.monomial(), base.coefficient(), exponent);
    }
    if (exponent.isInteger()) {
      if (exponent.num().abs().bitLength() > 10) {
        throw new TooLarge("a power beyond bounds");
      }
      int n = Math.abs(exponent.intValue());
      Form raised = quotient(power(base.num(), n), power(base.den(), n));
      return exponent.signum() < 0 ? inverse(raised) : raised;
    }
    if (!base.den().isOne()) {
      return over(power(Form.of(base.num()), exponent), power(Form.of(base.den()), exponent));
    }
    Rational content = base.num().content();
    Polynomial primitive = base.num().times(content.inverse());
    Rational whole = Rational.of(exponent.floor());
    int atom = intern(new Atom.Radicand(primitive));
    Form root = Form.of(Polynomial.of(Monomial.of(atom, exponent.minus(whole)), Rational.ONE));
    return times(
        times(power(Form.constant(content), exponent), root), power(Form.of(primitive), whole));
  }

  private Form termPower(Monomial m, Rational coefficient, Rational exponent) {
    if (exponent.isInteger()) {
      boolean one = coefficient.abs().isOne();
      if (!one && !exponent.isSmall()) {
        throw new TooLarge("a power beyond bounds");
      }
      boolean negative = coefficient.signum() < 0 && exponent.num().testBit(0);
      Rational c = one ? Rational.ONE : coefficient.abs().pow(exponent.intValue());
      return quotient(
          reduced(Polynomial.of(m.pow(exponent), negative ? c.negate() : c)), Polynomial.ONE);
    }
    Polynomial result = Polynomial.constant(Rational.ONE);
    if (coefficient.signum() < 0) {
      if (exponent.den().testBit(0)) {
        // The real root of a negative number.
        result = result.times(exponent.num().testBit(0) ? Rational.MINUS_ONE : Rational.ONE);
      } else if (exponent.den().equals(BigInteger.TWO)) {
        result =
            result.times(
                Monomial.of(intern(new Atom.Constant(Expr.Const.I)), Rational.of(exponent.num())));
      } else {
        throw new TooLarge("a complex root");
      }
    }
    for (var factor : Primes.factors(coefficient.abs()).entrySet()) {
      int prime = intern(new Atom.Prime(factor.getKey()));
      result = result.times(Monomial.of(prime, exponent.times(Rational.of(factor.getValue()))));
    }
    for (int k = 0; k < m.size(); k++) {
      Rational e = m.exponent(k);
      int atom = m.atom(k);
      boolean even = e.isInteger() && !e.num().testBit(0) && exponent.den().equals(BigInteger.TWO);
      if (atom(atom) instanceof Atom.Constant c && c.which() == Expr.Const.I) {
        throw new TooLarge("a root of a complex number");
      }
      if (even && !isPositive(atom)) {
        // √(x²) is |x|.
        atom =
            intern(
                new Atom.Applied(
                    "abs",
                    List.of(
                        Form.of(Polynomial.of(Monomial.of(atom, Rational.ONE), Rational.ONE)))));
      }
      result = result.times(Monomial.of(atom, e.times(exponent)));
    }
    return Form.of(reduced(result));
  }

  private boolean isPositive(int atom) {
    return switch (atom(atom)) {
      case Atom.Prime p -> true;
      case Atom.Constant c -> c.which() != Expr.Const.I;
      case Atom.Radicand r -> true;
      case Atom.Exponential e -> e.base() >= 0 && isPositive(e.base());
      case Atom.Applied f -> f.function().equals("abs");
      case Atom.Variable v -> false;
    };
  }

  /**
   * Whether terms that do not cancel prove that a form is not zero: no atom of it may depend on the
   * others.
   */
  boolean isIndependent(Polynomial p) {
    boolean transcendental = false;
    for (Monomial m : p.terms().keySet()) {
      for (int k = 0; k < m.size(); k++) {
        switch (atom(m.atom(k))) {
          case Atom.Variable v -> {}
          case Atom.Prime q -> {
            if (q.value().bitLength() > 21) {
              return false; // perhaps not a prime
            }
          }
          case Atom.Constant c -> {
            if (c.which() != Expr.Const.I) {
              transcendental |= c.which() == Expr.Const.E;
              if (transcendental && c.which() == Expr.Const.PI) {
                return false; // nobody knows about π and e together
              }
            }
          }
          default -> {
            return false;
          }
        }
      }
    }
    return true;
  }
}
