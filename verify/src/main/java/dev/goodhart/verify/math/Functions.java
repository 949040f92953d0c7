package dev.goodhart.verify.math;

import static dev.goodhart.verify.math.Expr.power;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Items;
import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.Relation;
import dev.goodhart.verify.math.Expr.SetOf;
import dev.goodhart.verify.math.Expr.Sym;
import dev.goodhart.verify.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads functions with their arguments, sums, integrals, limits and derivatives. */
final class Functions {
  static final Set<String> NAMES =
      Set.of(
          ("sin cos tan cot sec csc sinh cosh tanh coth sech csch arcsin arccos arctan arccot"
               + " arcsec arccsc arcsinh arccosh arctanh ln log lg exp abs floor ceil gcd lcm max"
               + " min sgn det Re Im arg trace rank dim ker deg Pr transpose conj sup inf_ binomial"
               + " erf cis")
              .split(" "));

  private static final Map<String, String> INVERSES =
      Map.ofEntries(
          Map.entry("sin", "arcsin"),
          Map.entry("cos", "arccos"),
          Map.entry("tan", "arctan"),
          Map.entry("cot", "arccot"),
          Map.entry("sec", "arcsec"),
          Map.entry("csc", "arccsc"),
          Map.entry("sinh", "arcsinh"),
          Map.entry("cosh", "arccosh"),
          Map.entry("tanh", "arctanh"));

  private final Tokens t;
  private final Terms terms;
  private final Brackets brackets;
  private final Atoms atoms;

  Functions(Tokens tokens, Terms terms, Atoms atoms) {
    this.t = tokens;
    this.terms = terms;
    this.brackets = terms.brackets();
    this.atoms = atoms;
  }

  boolean isDifferential(int ahead) {
    return t.peek(ahead).is("{")
        && (t.peek(ahead + 1).text().equals("d") || t.peek(ahead + 1).isCommand("partial"));
  }

  /** {@code \frac{d}{dx} f} and {@code \frac{dy}{dx}}; null when it is an ordinary fraction. */
  @Nullable Expr derivative() {
    int close = t.closing(0);
    if (close < 0 || !isDifferential(close + 1)) {
      return null;
    }
    int end = t.closing(close + 1);
    int size = close - 2; // what stands above besides the d
    if (end < 0 || size > 1 || end - close != 4) {
      return null;
    }
    Token above = t.peek(2);
    Token variable = t.peek(close + 3);
    for (int k = 0; k <= end; k++) {
      t.next();
    }
    if (size == 1) {
      return new Sym("d" + above.text() + "/d" + variable.text());
    }
    if (!terms.startsFactor(t.peek())) {
      return new Sym("d/d" + variable.text());
    }
    return new Call("derivative", terms.product(), Terms.named(variable.text()));
  }

  /** A function with its index, its power and its argument. */
  Expr of(String name) {
    Expr sub = null;
    Expr exponent = null;
    while (t.peek().is("_") || t.peek().is("^")) {
      if (t.next().is("_")) {
        Token digits = t.peek();
        sub = atoms.script();
        if (name.equals("log") && digits.kind() == Kind.NUMBER && !terms.startsFactor(t.peek())) {
          Expr split = splitLog(digits); // log_23 is a 2 below and a 3 beside it
          if (split != null) {
            return split;
          }
        }
      } else {
        boolean negative = t.accept("-");
        exponent = negative ? Expr.negate(atoms.script()) : atoms.script();
      }
    }
    Expr call;
    if (t.peek().is("(") || t.peek().is("[") || t.peek().is("{") || t.peek().is("⦃")) {
      Expr in =
          t.peek().is("{")
              ? brackets.group()
              : t.peek().is("⦃") ? brackets.set() : brackets.round();
      call = call(name, in);
    } else {
      call = call(name, implicit());
    }
    if (call instanceof Call c && c.function().equals("log") && sub != null) {
      call = new Call("log", c.arguments().getFirst(), sub);
    }
    if (exponent == null) {
      return call;
    }
    boolean inverse =
        exponent instanceof Num n
            && n.value().equals(Rational.MINUS_ONE)
            && INVERSES.containsKey(name);
    return inverse && call instanceof Call c
        ? new Call(INVERSES.getOrDefault(name, name), c.arguments())
        : power(call, exponent);
  }

  private static @Nullable Expr splitLog(Token digits) {
    String text = digits.text();
    boolean whole =
        text.length() > 1 && text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return whole
        ? new Call(
            "log",
            Expr.number(Long.parseLong(text.substring(1))),
            Expr.number(text.charAt(0) - '0'))
        : null;
  }

  static Expr call(String name, Expr in) {
    List<Expr> arguments =
        switch (in) {
          case Bracket b -> b.items();
          case SetOf s -> s.items();
          case Items i -> i.items();
          default -> List.of(in);
        };
    if (arguments.isEmpty()) {
      throw new Unreadable(name + " of nothing");
    }
    Expr first = arguments.getFirst();
    return switch (name) {
      case "exp" -> power(Const.E, first);
      case "cis" -> power(Const.E, Expr.times(Const.I, first));
      case "lg" -> new Call("log", first, Expr.number(10));
      case "binomial" -> new Call("binom", arguments);
      case "log" -> new Call("log", arguments);
      default -> new Call(name, arguments);
    };
  }

  static Expr arguments(Expr bracket) {
    return bracket instanceof Bracket b ? new Items(Expr.Joint.COMMA, b.items()) : bracket;
  }

  /** The argument of a function without brackets: {@code \sin 2\pi x}. */
  private Expr implicit() {
    boolean negative = t.accept("-");
    List<Expr> factors = new ArrayList<>();
    while (true) {
      Token token = t.peek();
      boolean first = factors.isEmpty();
      boolean bracket = token.kind() == Kind.SYMBOL && !token.is("|");
      boolean function = token.kind() == Kind.COMMAND && NAMES.contains(token.text());
      if (!terms.startsFactor(token) || (!first && (bracket || function))) {
        break;
      }
      factors.add(terms.factor());
    }
    if (factors.isEmpty()) {
      throw new Unreadable("a function of nothing");
    }
    boolean ofPi = factors.contains(Const.PI);
    if (ofPi && t.peek().is("/") && t.peek(1).kind() == Kind.NUMBER) {
      t.next();
      factors.add(power(t.next().number(), Expr.MINUS_ONE));
    }
    Expr argument = Expr.product(factors);
    return negative ? Expr.negate(argument) : argument;
  }

  Expr series(String name) {
    Expr from = null;
    Expr to = null;
    while (t.peek().is("_") || t.peek().is("^")) {
      if (t.next().is("_")) {
        from = atoms.script();
      } else {
        to = atoms.script();
      }
    }
    Expr body = terms.product();
    if (from instanceof Relation r && r.sides().size() == 2 && to != null) {
      boolean imaginary = r.sides().getFirst() == Const.I;
      Sym i = new Sym("i");
      return imaginary
          ? new Call(name, Trees.map(body, x -> x == Const.I ? i : x), i, r.last(), to)
          : new Call(name, body, r.sides().getFirst(), r.last(), to);
    }
    throw new Unreadable("a " + name + " without its bounds");
  }

  Expr integral() {
    Expr from = null;
    Expr to = null;
    while (t.peek().is("_") || t.peek().is("^")) {
      if (t.next().is("_")) {
        from = atoms.script();
      } else {
        boolean negative = t.accept("-");
        to = negative ? Expr.negate(atoms.script()) : atoms.script();
      }
    }
    Terms.Context outer = terms.insideIntegral();
    Expr body = t.peek().text().equals("d") ? Expr.ONE : terms.sum();
    terms.restore(outer);
    if (!t.peek().text().equals("d")) {
      throw new Unreadable("an integral without its variable");
    }
    t.next();
    Expr variable = Terms.named(t.next().text());
    return from == null || to == null
        ? new Call("integral", body, variable)
        : new Call("integral", body, variable, from, to);
  }

  Expr limit() {
    t.expect("_");
    Expr target = atoms.script();
    if (target instanceof Relation r && r.sides().size() == 2) {
      return new Call("limit", terms.product(), r.sides().getFirst(), r.last());
    }
    throw new Unreadable("a limit without its point");
  }
}
