package dev.goodhart.verify.math;

import static dev.goodhart.verify.math.Expr.over;
import static dev.goodhart.verify.math.Expr.power;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Matrix;
import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.PlusMinus;
import dev.goodhart.verify.math.Expr.Quantity;
import dev.goodhart.verify.math.Expr.Sym;
import dev.goodhart.verify.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads sums, products, powers and what stands behind them: signs, factorials, percent, degrees,
 * units.
 */
final class Terms {
  /** What the brackets around a place mean for it. */
  record Context(char open, int bars, boolean setHead, boolean integral) {}

  private static final int MAX_POSTFIX = 12;

  private final Tokens t;
  private final Parser parser;
  private final Brackets brackets;
  private final UnitReader units;
  private final Atoms atoms;
  private Context context = new Context(' ', 0, false, false);

  Terms(Tokens tokens, Parser parser) {
    this.t = tokens;
    this.parser = parser;
    this.brackets = new Brackets(tokens, parser, this);
    this.units = new UnitReader(tokens);
    this.atoms = new Atoms(tokens, this);
  }

  /** Enters brackets; returns the context to go back to. */
  Context inside(char open) {
    Context outer = context;
    context = new Context(open, 0, open == '⦃', false);
    return outer;
  }

  Context insideBars() {
    Context outer = context;
    context = new Context('|', context.bars() + 1, false, false);
    return outer;
  }

  Context insideIntegral() {
    Context outer = context;
    context = new Context(context.open(), context.bars(), context.setHead(), true);
    return outer;
  }

  /** Sets, ratios and sums: what may stand on a side of a relation. */
  Expr side() {
    return parser.side();
  }

  /** Whether the fraction that comes next is one of units. */
  boolean unitFollows() {
    return units.isFraction();
  }

  Brackets brackets() {
    return brackets;
  }

  void restore(Context outer) {
    context = outer;
  }

  boolean inSetHead() {
    return context.setHead();
  }

  Expr sum() {
    t.enter();
    List<Expr> terms = new ArrayList<>();
    terms.add(signed());
    while (true) {
      Token token = t.peek();
      if (token.is("+") || token.is("-") || token.is("±") || token.is("∓")) {
        if (token.is("+") && !valueFollows()) {
          break;
        }
        terms.add(signed());
      } else if (terms.getLast() instanceof Quantity q
          && token.kind() == Kind.NUMBER
          && q.unit().dimension() != null) {
        terms.add(product()); // 2 hours 30 minutes
      } else {
        break;
      }
    }
    t.leave();
    return Expr.sum(terms);
  }

  private boolean valueFollows() {
    Token after = t.peek(1);
    return after.is("-") || after.is("+") || startsFactor(after) || after.is("⦃");
  }

  /** A term with the signs in front of it. */
  private Expr signed() {
    boolean negative = false;
    while (t.peek().is("+") || t.peek().is("-")) {
      negative ^= t.next().is("-");
    }
    if (t.peek().is("±") || t.peek().is("∓")) {
      boolean plus = t.next().is("±");
      return new PlusMinus(plus != negative, product());
    }
    Expr term = product();
    return negative ? Expr.negate(term) : term;
  }

  /** Factors side by side, or joined by · and /. */
  Expr product() {
    List<Expr> factors = new ArrayList<>();
    factors.add(setOrFactor());
    while (true) {
      Token token = t.peek();
      if (token.is("*") || token.is("∘")) {
        t.next();
        factors.add(signedFactor());
      } else if (token.is("/")) {
        t.next();
        divide(factors, signedFactor());
      } else if (token.isCommand("bmod") || token.isCommand("mod")) {
        t.next();
        Expr left = Expr.product(factors);
        factors.clear();
        factors.add(new Call("mod", left, factor()));
      } else if (token.kind() == Kind.TEXT
          && !(token.text().length() == 1 && startsFactor(t.peek(1)))) {
        Expr quantity = units.behind(Expr.product(factors));
        if (quantity == null) {
          break;
        }
        factors.clear();
        factors.add(quantity);
      } else if (units.isLetter(factors, token)) {
        factors.set(0, new Quantity(factors.getFirst(), Unit.of(units.words())));
      } else if (units.isFraction()) {
        factors.set(0, new Quantity(Expr.product(factors), units.fraction()));
        factors.subList(1, factors.size()).clear();
      } else if (units.isRemark()) {
        units.skipRemark();
      } else if (factors.getLast() instanceof Quantity q
          && !q.unit().isPercent()
          && !q.unit().isAngle()) {
        break;
      } else if (startsFactor(token) && !isUnionLetter(token)) {
        factors.add(factor());
      } else if (token.is("⦃") && !(factors.getLast() instanceof Bracket)) {
        factors.add(grouped(brackets.set())); // 3\{2 + 1\}
      } else {
        break;
      }
    }
    return Expr.product(factors);
  }

  /** Whether a U between brackets stands for ∪; it is put in place of it. */
  private boolean isUnionLetter(Token token) {
    if (token.kind() != Kind.NAME || !token.text().equals("U")) {
      return false;
    }
    Token before = t.peek(-1);
    Token after = t.peek(1);
    boolean union =
        (before.is(")") || before.is("]") || before.is("⦄") || before.is("}"))
            && (after.is("(") || after.is("[") || after.is("⦃"));
    if (union) {
      t.replace("∪");
    }
    return union;
  }

  private static void divide(List<Expr> factors, Expr divisor) {
    Expr last = factors.removeLast();
    if (last instanceof Num && divisor instanceof Num) {
      Expr quotient = over(last, divisor);
      factors.addAll(quotient instanceof Expr.Product p ? p.factors() : List.of(quotient));
    } else {
      factors.add(last);
      factors.add(power(divisor, Expr.MINUS_ONE));
    }
  }

  private Expr setOrFactor() {
    if (!t.peek().is("⦃")) {
      return factor();
    }
    Expr set = brackets.set();
    return multiplies(t.peek()) ? grouped(set) : set;
  }

  private boolean multiplies(Token token) {
    return token.is("*")
        || token.is("/")
        || token.is("^")
        || token.kind() == Kind.NAME && !token.text().equals("U");
  }

  /** Braces around one value that is multiplied only group it. */
  private static Expr grouped(Expr set) {
    return set instanceof Expr.SetOf s
            && s.items().size() == 1
            && !(s.items().getFirst() instanceof Expr.Relation)
        ? s.items().getFirst()
        : set;
  }

  private Expr signedFactor() {
    boolean negative = false;
    while (t.peek().is("+") || t.peek().is("-")) {
      negative ^= t.next().is("-");
    }
    Expr factor = setOrFactor();
    return negative ? Expr.negate(factor) : factor;
  }

  /** Whether a factor without a sign may start with this token. */
  boolean startsFactor(Token token) {
    return switch (token.kind()) {
      case NUMBER, BEGIN -> true;
      case NAME ->
          !(context.integral()
              && token.text().equals("d")
              && (t.peek(1).kind() == Kind.NAME || t.peek(1).kind() == Kind.COMMAND));
      case COMMAND ->
          switch (token.text()) {
            case "choose", "over", "atop", "pmod", "bmod", "mod", "not", "hline" -> false;
            default -> true;
          };
      case TEXT -> token.text().length() == 1;
      case SYMBOL ->
          switch (token.symbol()) {
            case '(', '{', '⌊', '⌈', '⟨', '＄' -> true;
            case '[' -> !closesReversed();
            case '|', '‖' -> context.bars() == 0 && !context.setHead();
            default -> false;
          };
      default -> false;
    };
  }

  /** Whether this [ ends an interval written ]a, b[ or [a, b[. */
  private boolean closesReversed() {
    if (context.open() != ']' && context.open() != '[') {
      return false;
    }
    Token after = t.peek(1);
    return after.kind() == Kind.END
        || after.is(",")
        || after.is("∪")
        || after.is("∩")
        || after.is("∖")
        || after.is(")")
        || after.is("⦄");
  }

  /** A primary with its exponents and what else follows it closely. */
  Expr factor() {
    t.enter();
    Expr base = atoms.read();
    for (int k = 0; ; k++) {
      if (k > MAX_POSTFIX) {
        throw new TooLarge("too many signs behind a factor");
      }
      Token token = t.peek();
      if (token.is("^")) {
        t.next();
        base = exponent(base);
      } else if (token.is("!")) {
        t.next();
        base = new Call(t.accept("!") ? "factorial2" : "factorial", base);
      } else if (token.is("%")) {
        t.next();
        base = new Quantity(base, Unit.PERCENT);
      } else if (token.is("＄") && !startsFactor(t.peek(1))) {
        t.next();
        base = new Quantity(base, Unit.DOLLAR);
      } else if (token.is("°")) {
        t.next();
        base = units.degrees(base);
      } else if (token.is("_") && t.peek(-1).is(")") && base instanceof Num) {
        t.next();
        base = new Call("base", new Sym(((Num) base).value().toString()), atoms.script());
      } else if (token.is("'") && base instanceof Matrix) {
        t.next();
        base = new Call("transpose", base);
      } else {
        break;
      }
    }
    t.leave();
    return base;
  }

  private Expr exponent(Expr base) {
    Token token = t.peek();
    int ahead = token.is("{") ? 1 : 0;
    Token first = t.peek(ahead);
    boolean whole = ahead == 0 || t.peek(2).is("}");
    if (whole
        && (first.is("∘")
            || first.is("°")
            || first.is("'")
            || first.isCommand("prime")
            || first.is("*")
            || first.is("+")
            || first.is("-") && ahead == 1
            || isOrdinal(first))) {
      for (int k = 0; k <= 2 * ahead; k++) {
        t.next();
      }
      if (first.is("∘") || first.is("°")) {
        return units.degrees(base);
      }
      return first.is("'") || first.isCommand("prime") ? new Call("prime", base) : base;
    }
    if (base instanceof Matrix && whole && (first.text().equals("T") || first.isCommand("top"))) {
      for (int k = 0; k <= 2 * ahead; k++) {
        t.next();
      }
      return new Call("transpose", base);
    }
    Expr exponent;
    if (token.is("{")) {
      exponent = brackets.group();
    } else {
      boolean negative = false;
      while (t.peek().is("-") || t.peek().is("+")) {
        negative ^= t.next().is("-");
      }
      t.enter();
      exponent = atoms.script();
      if (t.peek().is("^")) {
        t.next();
        exponent = exponent(exponent);
      }
      t.leave();
      exponent = negative ? Expr.negate(exponent) : exponent;
    }
    return power(base, exponent);
  }

  private static boolean isOrdinal(Token token) {
    return token.kind() == Kind.TEXT && List.of("st", "nd", "rd", "th").contains(token.text());
  }

  /** The sides of {@code |…|}, {@code ⌊…⌋}, {@code ⌈…⌉}. */
  Expr enclosed(String function, String close) {
    t.next();
    Context outer = close.equals("|") || close.equals("‖") ? insideBars() : inside('(');
    Expr inner = parser.side();
    t.expect(close);
    restore(outer);
    if (!function.equals("abs")) {
      return new Call(function, inner);
    }
    boolean norm = close.equals("‖") && inner instanceof Matrix;
    if (norm || (inner instanceof Bracket b && b.items().size() > 1)) {
      List<Expr> squares = new ArrayList<>();
      List<Expr> entries =
          inner instanceof Matrix m
              ? m.rows().stream().flatMap(List::stream).toList()
              : inner.children();
      entries.forEach(x -> squares.add(power(x, Expr.number(2))));
      return Expr.sqrt(Expr.sum(squares)); // the length of a vector
    }
    return inner instanceof Matrix m ? new Call("det", m) : new Call(function, inner);
  }

  static Expr named(String name) {
    return switch (name) {
      case "e" -> Const.E;
      case "i" -> Const.I;
      default -> new Sym(name);
    };
  }

  static boolean isGrouping(Expr e) {
    return e instanceof Bracket b && b.items().size() == 1;
  }
}
