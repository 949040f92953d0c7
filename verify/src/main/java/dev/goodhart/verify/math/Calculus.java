package dev.goodhart.verify.math;

import static dev.goodhart.verify.math.Expr.number;
import static dev.goodhart.verify.math.Expr.over;
import static dev.goodhart.verify.math.Expr.power;
import static dev.goodhart.verify.math.Expr.times;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.Power;
import dev.goodhart.verify.math.Expr.Product;
import dev.goodhart.verify.math.Expr.Sum;
import dev.goodhart.verify.math.Expr.Sym;
import java.util.ArrayList;
import java.util.List;

/**
 * Derivatives, and the integrals of sums of powers, exponentials, sines and cosines of linear
 * arguments.
 */
final class Calculus {
  /** The same expression with the derivatives and the indefinite integrals done that can be. */
  static Expr done(Expr e) {
    return Trees.any(e, x -> isOpen(x)) ? Trees.map(e, Calculus::step) : e;
  }

  private static boolean isOpen(Expr e) {
    return e instanceof Call c
        && c.arguments().size() == 2
        && (c.function().equals("derivative") || c.function().equals("integral"));
  }

  private static Expr step(Expr e) {
    if (!(e instanceof Call c) || !isOpen(e) || !(c.arguments().get(1) instanceof Sym x)) {
      return e;
    }
    try {
      return c.function().equals("integral")
          ? integral(c)
          : derivative(c.arguments().getFirst(), x.name());
    } catch (Unreadable notHere) {
      return e;
    }
  }

  /** d/dx of an expression. */
  static Expr derivative(Expr e, String x) {
    if (!Trees.variables(e).contains(x)) {
      return Expr.ZERO;
    }
    return switch (e) {
      case Sym s -> Expr.ONE;
      case Sum s -> Expr.sum(s.terms().stream().map(t -> derivative(t, x)).toList());
      case Product p -> {
        List<Expr> terms = new ArrayList<>();
        for (int k = 0; k < p.factors().size(); k++) {
          List<Expr> factors = new ArrayList<>(p.factors());
          factors.set(k, derivative(factors.get(k), x));
          terms.add(Expr.product(factors));
        }
        yield Expr.sum(terms);
      }
      case Power p -> {
        Expr base = derivative(p.base(), x);
        Expr exponent = derivative(p.exponent(), x);
        Expr byBase =
            Expr.product(
                List.of(p.exponent(), power(p.base(), Expr.minus(p.exponent(), Expr.ONE)), base));
        Expr byExponent = Expr.product(List.of(p, new Call("ln", p.base()), exponent));
        yield !Trees.variables(p.exponent()).contains(x)
            ? byBase
            : !Trees.variables(p.base()).contains(x) ? byExponent : Expr.sum(byBase, byExponent);
      }
      case Bracket b when b.items().size() == 1 -> derivative(b.items().getFirst(), x);
      case Call c when c.arguments().size() == 1 ->
          times(
              outer(c.function(), c.arguments().getFirst()),
              derivative(c.arguments().getFirst(), x));
      case Call c when c.function().equals("log") && c.arguments().size() == 2 ->
          derivative(
              over(new Call("ln", c.arguments().get(0)), new Call("ln", c.arguments().get(1))), x);
      default -> throw new Unreadable("no derivative known");
    };
  }

  private static Expr outer(String function, Expr u) {
    Expr one = Expr.ONE;
    Expr square = power(u, number(2));
    return switch (function) {
      case "sin" -> new Call("cos", u);
      case "cos" -> Expr.negate(new Call("sin", u));
      case "tan" -> power(new Call("sec", u), number(2));
      case "cot" -> Expr.negate(power(new Call("csc", u), number(2)));
      case "sec" -> times(new Call("sec", u), new Call("tan", u));
      case "csc" -> Expr.negate(times(new Call("csc", u), new Call("cot", u)));
      case "ln", "log" -> over(one, u);
      case "sinh" -> new Call("cosh", u);
      case "cosh" -> new Call("sinh", u);
      case "arcsin" -> over(one, Expr.sqrt(Expr.minus(one, square)));
      case "arccos" -> Expr.negate(over(one, Expr.sqrt(Expr.minus(one, square))));
      case "arctan" -> over(one, Expr.sum(one, square));
      default -> throw new Unreadable("no derivative of " + function + " known");
    };
  }

  /** An integral in closed form, definite or not (then without its constant). */
  static Expr integral(Call c) {
    if (!(c.arguments().get(1) instanceof Sym x)) {
      throw new Unreadable("an integral without its variable");
    }
    Expr antiderivative = antiderivative(c.arguments().getFirst(), x.name());
    if (c.arguments().size() == 2) {
      return antiderivative;
    }
    return Expr.minus(
        Trees.substitute(antiderivative, x.name(), c.arguments().get(3)),
        Trees.substitute(antiderivative, x.name(), c.arguments().get(2)));
  }

  private static Expr antiderivative(Expr e, String x) {
    if (!Trees.variables(e).contains(x)) {
      return times(e, new Sym(x));
    }
    return switch (e) {
      case Sum s -> Expr.sum(s.terms().stream().map(t -> antiderivative(t, x)).toList());
      case Bracket b when b.items().size() == 1 -> antiderivative(b.items().getFirst(), x);
      case Product p -> {
        List<Expr> constants = new ArrayList<>();
        List<Expr> rest = new ArrayList<>();
        p.factors().forEach(f -> (Trees.variables(f).contains(x) ? rest : constants).add(f));
        if (rest.size() == 1) {
          yield times(
              Expr.product(constants.isEmpty() ? List.of(Expr.ONE) : constants),
              antiderivative(rest.getFirst(), x));
        }
        Rational degree = Rational.ZERO;
        for (Expr f : rest) {
          degree = degree.plus(degree(f, x));
        }
        constants.add(antiderivative(power(new Sym(x), number(degree)), x));
        yield Expr.product(constants);
      }
      case Sym s -> over(power(s, number(2)), number(2));
      case Power p when p.base() == Const.E -> over(p, slope(p.exponent(), x));
      case Power p -> ofPower(p, x);
      case Call c when c.function().equals("sin") ->
          over(Expr.negate(new Call("cos", c.arguments())), slope(c.arguments().getFirst(), x));
      case Call c when c.function().equals("cos") ->
          over(new Call("sin", c.arguments()), slope(c.arguments().getFirst(), x));
      default -> throw new Unreadable("no antiderivative known");
    };
  }

  /** (ax + b)^n. */
  private static Expr ofPower(Power p, String x) {
    Rational n = Exact.bounded(p.exponent());
    if (n == null) {
      throw new Unreadable("no antiderivative known");
    }
    Expr slope = slope(p.base(), x);
    if (n.equals(Rational.MINUS_ONE)) {
      return over(new Call("ln", new Call("abs", p.base())), slope);
    }
    Expr next = number(n.plus(Rational.ONE));
    return over(power(p.base(), next), times(next, slope));
  }

  private static Rational degree(Expr f, String x) {
    if (f.equals(new Sym(x))) {
      return Rational.ONE;
    }
    Rational n =
        f instanceof Power p && p.base().equals(new Sym(x)) ? Exact.bounded(p.exponent()) : null;
    if (n != null) {
      return n;
    }
    throw new Unreadable("no antiderivative known");
  }

  /** a where the argument is ax + b. */
  private static Expr slope(Expr argument, String x) {
    Expr slope = derivative(argument, x);
    if (slope instanceof Num || !Trees.variables(slope).contains(x)) {
      return slope;
    }
    throw new Unreadable("not linear");
  }

  private Calculus() {}
}
