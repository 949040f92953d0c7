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
import dev.goodhart.verify.math.Field.Atom;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings an expression into the normal form of a {@link Field}. */
final class FormBuilder {
  private static final int MAX_SERIES = 200;

  private final Field field;
  private final boolean commonLog;
  private final Angles angles;

  FormBuilder(Field field, boolean commonLog) {
    this.field = field;
    this.commonLog = commonLog;
    this.angles = new Angles(field);
  }

  /**
   * The normal form.
   *
   * @throws Unreadable if the expression has none (infinity, an unsolved integral)
   * @throws TooLarge if it goes beyond the bounds
   * @throws ArithmeticException if it is not defined
   */
  Form of(Expr e) {
    return switch (e) {
      case Num n -> Form.constant(n.value());
      case Sym s -> field.atomForm(new Atom.Variable(s.name()));
      case Const c ->
          switch (c) {
            case PI, E, I -> field.atomForm(new Atom.Constant(c));
            default -> throw new Unreadable(c + " is not a number");
          };
      case Sum s -> {
        Form total = Form.ZERO;
        for (Expr term : s.terms()) {
          total = field.plus(total, of(term));
        }
        yield total;
      }
      case Product p -> {
        Form total = Form.ONE;
        for (Expr factor : p.factors()) {
          total = field.times(total, of(factor));
        }
        yield total;
      }
      case Power p -> power(p);
      case Quantity q -> {
        Form value = of(q.value());
        yield q.unit().isPercent()
            ? field.times(value, Form.constant(Rational.HUNDREDTH))
            : q.unit().isAngle() ? field.times(value, angles.pi(Rational.of(1, 180))) : value;
      }
      case Bracket b when b.items().size() == 1 -> of(b.items().getFirst());
      case Call c -> call(c);
      default -> throw new Unreadable("not a single value");
    };
  }

  private Form power(Power p) {
    Form exponent = of(p.exponent());
    if (exponent.isRational()) {
      return field.power(of(p.base()), exponent.rational());
    }
    if (!exponent.den().isOne()) {
      return field.applied("power", of(p.base()), exponent);
    }
    Form base = of(p.base());
    Form result = Form.ONE;
    for (var term : exponent.num().terms().entrySet()) {
      Form factor =
          term.getKey().isOne()
              ? field.power(base, term.getValue())
              : exponential(base, term.getKey(), term.getValue());
      result = field.times(result, factor);
    }
    return result;
  }

  /** base^(coefficient · exponent). */
  private Form exponential(Form base, Monomial exponent, Rational coefficient) {
    if (base.isZero() || !base.den().isOne()) {
      return field.applied("power", base, Form.of(Polynomial.of(exponent, coefficient)));
    }
    Form turn = angles.turn(base, exponent, coefficient);
    if (turn != null) {
      return turn;
    }
    if (!base.isTerm()) {
      int atom = field.intern(new Atom.Radicand(base.num()));
      return exponentialOf(atom, exponent, coefficient);
    }
    Form result = Form.ONE;
    Rational number = base.coefficient();
    if (number.signum() < 0) {
      result = exponentialOf(-1, exponent, coefficient);
    }
    for (Map.Entry<BigInteger, Integer> factor : Primes.factors(number.abs()).entrySet()) {
      int prime = field.intern(new Atom.Prime(factor.getKey()));
      result =
          field.times(
              result,
              exponentialOf(prime, exponent, coefficient.times(Rational.of(factor.getValue()))));
    }
    Monomial m = base.monomial();
    for (int k = 0; k < m.size(); k++) {
      Rational e = coefficient.times(m.exponent(k));
      Atom atom = field.atom(m.atom(k));
      result =
          field.times(
              result,
              atom instanceof Atom.Exponential inner
                  ? exponentialOf(inner.base(), inner.exponent().times(exponent), e)
                  : exponentialOf(m.atom(k), exponent, e));
    }
    return result;
  }

  private Form exponentialOf(int base, Monomial exponent, Rational coefficient) {
    int atom = field.intern(new Atom.Exponential(base, exponent));
    return Form.of(Polynomial.of(Monomial.of(atom, coefficient), Rational.ONE));
  }

  private Form call(Call c) {
    String name = c.function();
    switch (name) {
      case "sum", "prod" -> {
        return series(c);
      }
      case "derivative" -> {
        return of(
            Calculus.derivative(c.arguments().getFirst(), ((Sym) c.arguments().get(1)).name()));
      }
      case "integral" -> {
        return of(Calculus.integral(c));
      }
      case "limit", "det", "cases" -> throw new Unreadable(name + " is not in closed form");
      default -> {}
    }
    Rational number = Exact.rational(c);
    if (number != null) {
      return Form.constant(number);
    }
    List<Form> arguments = new ArrayList<>();
    for (Expr argument : c.arguments()) {
      arguments.add(of(argument));
    }
    Form x = arguments.getFirst();
    return switch (name) {
      case "approx", "ellipsis" -> x;
      case "sin", "cos", "tan", "cot", "sec", "csc" -> angles.of(name, x);
      case "arcsin", "arccos", "arctan" -> angles.inverse(name, x, this);
      case "sinh" -> half(field.minus(exp(x), exp(field.negate(x))));
      case "cosh" -> half(field.plus(exp(x), exp(field.negate(x))));
      case "tanh" ->
          field.over(
              field.minus(exp(x), exp(field.negate(x))), field.plus(exp(x), exp(field.negate(x))));
      case "ln" -> ln(x);
      case "log" ->
          arguments.size() > 1
              ? field.over(ln(x), ln(arguments.get(1)))
              : commonLog ? field.over(ln(x), ln(Form.constant(Rational.of(10)))) : ln(x);
      case "abs" -> abs(x);
      case "binom" -> binomial(arguments);
      case "conj" -> conjugate(x);
      case "Re" -> half(field.plus(x, conjugate(x)));
      case "Im" ->
          field.over(
              half(field.minus(x, conjugate(x))), field.atomForm(new Atom.Constant(Const.I)));
      default -> field.applied(name, arguments.toArray(Form[]::new));
    };
  }

  private Form exp(Form x) {
    Form result = Form.ONE;
    Form e = field.atomForm(new Atom.Constant(Const.E));
    if (!x.den().isOne()) {
      return field.applied("power", e, x);
    }
    for (var term : x.num().terms().entrySet()) {
      result =
          field.times(
              result,
              term.getKey().isOne()
                  ? field.power(e, term.getValue())
                  : exponential(e, term.getKey(), term.getValue()));
    }
    return result;
  }

  private Form half(Form x) {
    return field.times(x, Form.constant(Rational.HALF));
  }

  private Form ln(Form x) {
    if (x.isZero()) {
      throw new ArithmeticException("the logarithm of zero");
    }
    if (!x.den().isOne()) {
      return field.minus(ln(Form.of(x.num())), ln(Form.of(x.den())));
    }
    if (!x.isTerm()) {
      Rational content = x.num().content();
      Form primitive = Form.of(x.num().times(content.inverse()));
      return field.plus(ln(Form.constant(content)), field.applied("ln", primitive));
    }
    Form total = Form.ZERO;
    if (x.coefficient().signum() < 0) {
      Form i = field.atomForm(new Atom.Constant(Const.I));
      total = field.times(i, angles.pi(Rational.ONE));
    }
    for (var factor : Primes.factors(x.coefficient().abs()).entrySet()) {
      Form ln = field.applied("ln", Form.constant(Rational.of(factor.getKey())));
      total = field.plus(total, field.times(ln, Form.constant(Rational.of(factor.getValue()))));
    }
    Monomial m = x.monomial();
    for (int k = 0; k < m.size(); k++) {
      Form exponent = Form.constant(m.exponent(k));
      Form ln =
          switch (field.atom(m.atom(k))) {
            case Atom.Constant c when c.which() == Const.E -> Form.ONE;
            case Atom.Prime p -> field.applied("ln", Form.constant(Rational.of(p.value())));
            case Atom.Radicand r -> ln(Form.of(r.sum()));
            case Atom.Exponential power when power.base() >= 0 ->
                field.times(
                    Form.of(Polynomial.of(power.exponent(), Rational.ONE)),
                    ln(
                        Form.of(
                            Polynomial.of(Monomial.of(power.base(), Rational.ONE), Rational.ONE))));
            default ->
                field.applied(
                    "ln",
                    Form.of(Polynomial.of(Monomial.of(m.atom(k), Rational.ONE), Rational.ONE)));
          };
      total = field.plus(total, field.times(exponent, ln));
    }
    return total;
  }

  private Form abs(Form x) {
    Complex value = angles.value(x);
    if (value != null && value.isReal() && !value.mayBeZero()) {
      return value.re() < 0 ? field.negate(x) : x;
    }
    if (!x.den().isOne()) {
      return field.over(abs(Form.of(x.num())), abs(Form.of(x.den())));
    }
    int i = field.intern(new Atom.Constant(Const.I));
    if (x.num().terms().keySet().stream().anyMatch(m -> !m.exponentOf(i).isZero())) {
      return field.power(field.times(x, conjugate(x)), Rational.HALF);
    }
    Rational content = x.num().content();
    Polynomial primitive = x.num().times(content.inverse());
    Rational lead = primitive.terms().getOrDefault(primitive.leading(), Rational.ONE);
    if (lead.signum() < 0) {
      primitive = primitive.times(Rational.MINUS_ONE);
    }
    return field.times(Form.constant(content), field.applied("abs", Form.of(primitive)));
  }

  private Form conjugate(Form x) {
    int i = field.intern(new Atom.Constant(Const.I));
    return new Form(conjugate(x.num(), i), conjugate(x.den(), i));
  }

  private static Polynomial conjugate(Polynomial p, int i) {
    Polynomial result = Polynomial.ZERO;
    for (var term : p.terms().entrySet()) {
      boolean turns = !term.getKey().exponentOf(i).isZero();
      result =
          result.plus(
              Polynomial.of(term.getKey(), turns ? term.getValue().negate() : term.getValue()));
    }
    return result;
  }

  private Form binomial(List<Form> arguments) {
    Form k = arguments.get(1);
    if (!k.isRational()
        || !k.rational().isSmall()
        || k.rational().signum() < 0
        || k.rational().intValue() > 12) {
      return field.applied("binom", arguments.get(0), k);
    }
    Form result = Form.ONE;
    for (int j = 0; j < k.rational().intValue(); j++) {
      Form factor = field.minus(arguments.get(0), Form.constant(Rational.of(j)));
      result = field.times(field.times(result, factor), Form.constant(Rational.of(1, j + 1)));
    }
    return result;
  }

  private Form series(Call c) {
    Rational from = Exact.rational(c.arguments().get(2));
    Rational to = Exact.rational(c.arguments().get(3));
    if (from == null
        || to == null
        || !from.isSmall()
        || !to.isSmall()
        || !(c.arguments().get(1) instanceof Sym index)) {
      throw new Unreadable("a sum without bounds in numbers");
    }
    if (to.intValue() - (long) from.intValue() > MAX_SERIES) {
      throw new TooLarge("a sum of too many terms");
    }
    boolean sum = c.function().equals("sum");
    Form total = sum ? Form.ZERO : Form.ONE;
    for (int k = from.intValue(); k <= to.intValue(); k++) {
      Form term = of(Trees.substitute(c.arguments().getFirst(), index.name(), Expr.number(k)));
      total = sum ? field.plus(total, term) : field.times(total, term);
    }
    return total;
  }

  @Nullable Rational rational(Expr e) {
    Form form = of(e);
    return form.isRational() ? form.rational() : null;
  }
}
