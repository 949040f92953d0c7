package dev.goodhart.verify.math;

import static dev.goodhart.verify.math.Expr.over;
import static dev.goodhart.verify.math.Expr.power;

import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Items;
import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.Sym;
import dev.goodhart.verify.math.Token.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads numbers, names, fractions, roots, functions: what a factor starts with. */
final class Atoms {
  private final Tokens t;
  private final Terms terms;
  private final Brackets brackets;
  private final Functions functions;

  Atoms(Tokens tokens, Terms terms) {
    this.t = tokens;
    this.terms = terms;
    this.brackets = terms.brackets();
    this.functions = new Functions(tokens, terms, this);
  }

  Expr read() {
    Token token = t.peek();
    return switch (token.kind()) {
      case NUMBER -> number();
      case NAME -> name();
      case COMMAND -> command();
      case TEXT -> text();
      case BEGIN -> brackets.grid();
      case SYMBOL ->
          switch (token.symbol()) {
            case '(', '[', '⟨', ']' -> brackets.round();
            case '{' -> brackets.group();
            case '⦃' -> brackets.set();
            case '|' -> terms.enclosed("abs", "|");
            case '‖' -> terms.enclosed("abs", "‖");
            case '⌊' -> terms.enclosed("floor", "⌋");
            case '⌈' -> terms.enclosed("ceil", "⌉");
            case '…' -> {
              t.next();
              yield Const.DOTS;
            }
            case '＄' -> {
              t.next();
              yield new Expr.Quantity(terms.factor(), Unit.DOLLAR);
            }
            case '¬' -> {
              t.next();
              yield new Call("not", terms.factor());
            }
            default -> throw new Unreadable("'" + token.text() + "' where a value should be");
          };
      default -> throw new Unreadable("a value is missing");
    };
  }

  private Expr text() {
    Token token = t.next();
    Rational number = NumberWords.parse(token.text());
    if (number != null) {
      return Expr.number(number);
    }
    return new Sym(token.text());
  }

  private Expr number() {
    Token token = t.next();
    Num number = token.number();
    Token after = t.peek();
    boolean whole =
        number.isExact() && number.value().isInteger() && Lexer.isDigit(token.text().charAt(0));
    if (whole && after.isCommand("frac") && !terms.unitFollows()) {
      Expr fraction = command();
      if (fraction instanceof Num f
          && f.isExact()
          && f.value().signum() > 0
          && f.value().compareTo(Rational.ONE) < 0) {
        return Expr.number(number.value().plus(f.value()));
      }
      return Expr.times(number, fraction);
    }
    if (whole && after.kind() == Kind.NUMBER) {
      boolean vulgar = !Lexer.isDigit(after.text().charAt(0)) && after.number().isExact();
      if (vulgar) {
        return Expr.number(number.value().plus(t.next().number().value()));
      }
      if (t.peek(1).is("/") && t.peek(2).kind() == Kind.NUMBER) {
        Rational over = after.number().value();
        Rational under = t.peek(2).number().value();
        if (after.number().isExact() && t.peek(2).number().isExact() && over.compareTo(under) < 0) {
          t.next();
          t.next();
          t.next();
          return Expr.number(number.value().plus(over.over(under)));
        }
      }
    }
    if (after.kind() == Kind.NUMBER) {
      throw new Unreadable("two numbers side by side");
    }
    if (after.is("_")) {
      t.next();
      return new Call("base", new Sym(token.text()), script());
    }
    if (after.is("…") && !number.isExact() && number.places() > 1) {
      t.next();
      return new Call("ellipsis", number);
    }
    return number;
  }

  private Expr name() {
    Token token = t.next();
    String name = token.text();
    if ((name.equals("f") || name.equals("g") || name.equals("h")) && primed(0) > 0) {
      int primes = primed(0);
      for (int k = 0; k < primes - 1; k++) {
        t.next();
        name += "'";
      }
      Expr argument = Functions.arguments(brackets.round());
      return new Call(name, argument instanceof Items i ? i.items() : List.of(argument));
    }
    return subscripted(name);
  }

  /**
   * How many tokens of primes there are before an opening bracket, plus one; 0 when no bracket
   * follows.
   */
  private int primed(int from) {
    int k = from;
    while (t.peek(k).is("'")) {
      k++;
    }
    return t.peek(k).is("(") && !t.peek(k).spaced() ? k + 1 : 0;
  }

  /** {@code C_5^2}, the number of combinations; null when it is something else. */
  private @Nullable Expr combinations(String name) {
    int index = t.peek(1).is("{") ? 2 : 1;
    int power = 2 * index;
    if (!name.equals("C") || !t.peek().is("_") || !t.peek(power).is("^")) {
      return null;
    }
    int exponent = power + (t.peek(power + 1).is("{") ? 2 : 1);
    Token n = t.peek(index);
    Token k = t.peek(exponent);
    boolean whole =
        (index == 1 || t.peek(3).is("}"))
            && (exponent == power + 1 || t.peek(exponent + 1).is("}"));
    if (!whole) {
      return null;
    }
    boolean symbolic = isCount(n) && isCount(k) && n.kind() == Kind.NAME;
    if (!symbolic && (n.kind() != Kind.NUMBER || k.kind() != Kind.NUMBER)) {
      return null;
    }
    if (symbolic) {
      Expr of = new Sym(n.text());
      Expr from = k.kind() == Kind.NUMBER ? k.number() : new Sym(k.text());
      return skipped(exponent + (exponent == power + 1 ? 0 : 1), new Call("binom", of, from));
    }
    if (!n.number().isExact()
        || !k.number().isExact()
        || n.number().value().compareTo(k.number().value()) < 0) {
      return null;
    }
    return skipped(
        exponent + (exponent == power + 1 ? 0 : 1), new Call("binom", n.number(), k.number()));
  }

  private static boolean isCount(Token token) {
    return token.kind() == Kind.NUMBER
        || (token.kind() == Kind.NAME && "nmkr".contains(token.text()));
  }

  /** A value that the tokens up to an offset were found to be. */
  private Expr skipped(int last, Expr value) {
    for (int i = 0; i <= last; i++) {
      t.next();
    }
    return value;
  }

  /** A symbol with its index and primes as part of its name. */
  private Expr subscripted(String name) {
    Expr combinations = combinations(name);
    if (combinations != null) {
      return combinations;
    }
    StringBuilder full = new StringBuilder(name);
    while (true) {
      if (t.peek().is("'")) {
        t.next();
        full.append('\'');
      } else if (t.peek().is("_")) {
        t.next();
        full.append('_').append(plain(script()));
      } else {
        return Terms.named(full.toString());
      }
    }
  }

  /** What a subscript or a superscript holds: a group, or a single token. */
  Expr script() {
    if (t.peek().kind() == Kind.NUMBER) {
      return t.next().number();
    }
    t.enter();
    Expr script = t.peek().is("{") ? brackets.group() : read();
    t.leave();
    return script;
  }

  private static String plain(Expr e) {
    return switch (e) {
      case Num n -> n.value().toString();
      case Sym s -> s.name();
      case Expr.Text text -> text.words();
      case Const c -> c.name().toLowerCase(java.util.Locale.ROOT);
      case Expr.Product p -> {
        StringBuilder all = new StringBuilder();
        p.factors().forEach(f -> all.append(plain(f)));
        yield all.toString();
      }
      default -> e.toString();
    };
  }

  private Expr command() {
    Token token = t.next();
    String name = token.text();
    return switch (name) {
      case "pi" -> Const.PI;
      case "infty" -> Const.INFINITY;
      case "emptyset" -> Const.EMPTY;
      case "Reals" -> starred(Const.REALS);
      case "Integers" -> starred(Const.INTEGERS);
      case "Naturals" -> starred(Const.NATURALS);
      case "Rationals" -> starred(Const.RATIONALS);
      case "Complexes" -> Const.COMPLEXES;
      case "frac" -> fraction();
      case "sqrt" -> root();
      case "cuberoot" -> power(argument(), Expr.number(Rational.of(1, 3)));
      case "fourthroot" -> power(argument(), Expr.number(Rational.of(1, 4)));
      case "binom" ->
          t.peek().is("(")
              ? Functions.call(name, brackets.round())
              : new Call("binom", argument(), argument());
      case "overline" -> overline();
      case "vec",
          "hat",
          "widehat",
          "tilde",
          "widetilde",
          "dot",
          "mathring",
          "overrightarrow",
          "breve",
          "check",
          "overbrace",
          "cancel" ->
          argument();
      case "underset", "overset", "stackrel" -> {
        argument();
        yield argument();
      }
      case "angle", "triangle", "measuredangle", "overarc", "widearc", "overparen" ->
          new Sym(name + letters());
      case "sum", "prod" -> functions.series(name);
      case "int" -> functions.integral();
      case "lim" -> functions.limit();
      case "operatorname" -> throw new Unreadable("an operator without a name");
      case "prime" -> throw new Unreadable("a prime without a name");
      default -> Functions.NAMES.contains(name) ? functions.of(name) : subscripted(name);
    };
  }

  /** ℝ, ℝ^+, ℝ^2. */
  private Expr starred(Const set) {
    if (t.peek().is("^")
        && (t.peek(1).is("+") || t.peek(1).is("-") || t.peek(2).is("+") || t.peek(2).is("-"))) {
      t.next();
      boolean group = t.accept("{");
      boolean plus = t.next().is("+");
      if (group) {
        t.expect("}");
      }
      return new Call(plus ? "positive" : "negative", set);
    }
    return set;
  }

  /** One argument of a command: a group, or the next single thing; of a number, its next digit. */
  private Expr argument() {
    if (t.peek().is("{")) {
      return brackets.group();
    }
    if (t.peek().kind() == Kind.NUMBER) {
      return t.next().number();
    }
    t.enter();
    Expr value = read();
    t.leave();
    return value;
  }

  private Expr fraction() {
    if (functions.isDifferential(0)) {
      Expr derivative = functions.derivative();
      if (derivative != null) {
        return derivative;
      }
    }
    Token first = t.peek();
    if (first.kind() == Kind.NUMBER && first.number().isExact() && first.text().length() > 1) {
      // \frac12: one digit above, the next below
      t.next();
      String digits = first.text();
      Expr above = Expr.number(digits.charAt(0) - '0');
      Expr below = Expr.number(digits.charAt(1) - '0');
      Expr rest =
          digits.length() > 2
              ? Expr.number(Long.parseLong(digits.substring(2, Math.min(digits.length(), 18))))
              : Expr.ONE;
      return digits.length() > 2 ? Expr.times(over(above, below), rest) : over(above, below);
    }
    Expr above = argument();
    Token second = t.peek();
    if (second.kind() == Kind.NUMBER
        && second.number().isExact()
        && second.text().length() > 1
        && !second.spaced()) {
      t.next();
      Expr below = Expr.number(second.text().charAt(0) - '0');
      return Expr.times(
          over(above, below),
          Expr.number(
              Long.parseLong(second.text().substring(1, Math.min(second.text().length(), 17)))));
    }
    return over(above, argument());
  }

  private Expr root() {
    if (t.peek().is("[")) {
      t.next();
      Terms.Context outer = terms.inside('(');
      Expr degree = terms.side();
      t.expect("]");
      terms.restore(outer);
      return power(argument(), over(Expr.ONE, degree));
    }
    return Expr.sqrt(argument());
  }

  private Expr overline() {
    Token inside = t.peek(1);
    if (t.peek().is("{")
        && (inside.kind() == Kind.NAME || inside.kind() == Kind.TEXT)
        && Character.isUpperCase(inside.text().charAt(0))) {
      return brackets.group(); // a segment
    }
    Expr argument = argument();
    return argument instanceof Num || argument instanceof Sym
        ? argument
        : new Call("conj", argument);
  }

  /** The letters of a group or of what follows, as one name: {@code ABC}. */
  private String letters() {
    StringBuilder name = new StringBuilder();
    boolean group = t.accept("{");
    while (t.peek().kind() == Kind.NAME || t.peek().kind() == Kind.TEXT) {
      name.append(t.next().text());
    }
    if (group) {
      t.expect("}");
    }
    return name.toString();
  }
}
