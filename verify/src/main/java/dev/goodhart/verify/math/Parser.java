package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Items;
import dev.goodhart.verify.math.Expr.Joint;
import dev.goodhart.verify.math.Expr.Relation;
import dev.goodhart.verify.math.Expr.Sym;
import dev.goodhart.verify.math.Expr.Text;
import dev.goodhart.verify.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads lists, relations, sets, brackets and matrices; {@link Terms} reads what stands between
 * them. A recursive descent without going back, bounded in depth.
 */
final class Parser {
  private static final String RELATIONS = "=≠<>≤≥≈≡∈∉⊂⊆→";

  private static final Set<String> FILLERS =
      Set.of(
          ("about approximately approx roughly around exactly answer total therefore thus  hence"
                  + " value final equals result choice option is the to solution solutions are")
              .split(" "));

  /** After these words comes a remark, not the answer. */
  private static final Set<String> REMARKS =
      Set.of(
          "where for with since because provided assuming when which given such that if"
              .split(" "));

  private final Tokens t;
  private final Terms terms;

  private Parser(Tokens tokens) {
    this.t = tokens;
    this.terms = new Terms(tokens, this);
  }

  /**
   * Reads a whole formula.
   *
   * @throws Unreadable if it is not one
   * @throws TooLarge if it goes beyond the bounds on length, digits or depth
   */
  static Expr parse(String text, Lexer.Commas commas) {
    Parser parser = new Parser(new Tokens(Lexer.tokens(text, commas)));
    Expr all = parser.items();
    if (!parser.t.isEnd()) {
      throw new Unreadable("'" + parser.t.peek().text() + "' is one too many");
    }
    return all;
  }

  /**
   * Things separated by commas, semicolons, line ends, "and" and "or"; only what follows the last
   * ⇒.
   */
  Expr items() {
    List<Expr> items = new ArrayList<>();
    Joint joint = Joint.COMMA;
    while (true) {
      Token token = t.peek();
      if (token.is(",") || token.is(";") || token.is("⏎")) {
        t.next();
      } else if (token.is("and") || token.is("or")) {
        t.next();
        joint = token.is("or") ? Joint.OR : Joint.AND;
      } else if (token.is("⇒")) {
        t.next();
        if (!starts(t.peek())) {
          throw new Unreadable("nothing behind an arrow");
        }
        items.clear();
        joint = Joint.COMMA;
      } else if (isRemark(token)) {
        t.skipToEnd();
        break;
      } else if (starts(token)) {
        Expr before = items.isEmpty() ? null : items.getLast();
        if (before != null && !separated()) {
          break;
        }
        if (before != null && isRelation(token) && t.peek(-1).is("⏎")) {
          // x = a \\ = b continues the chain above.
          items.removeLast();
          items.add(
              chain(before instanceof Relation r ? r : new Relation(List.of(before), List.of())));
        } else {
          items.add(logic());
        }
      } else {
        break;
      }
    }
    if (items.isEmpty()) {
      throw new Unreadable("nothing to read");
    }
    return items.size() == 1 ? items.getFirst() : new Items(joint, List.copyOf(items));
  }

  private boolean separated() {
    Token last = t.peek(-1);
    return last.is(",")
        || last.is(";")
        || last.is("⏎")
        || last.is("and")
        || last.is("or")
        || last.is("⇒");
  }

  static boolean isRemark(Token token) {
    if (token.kind() != Kind.TEXT) {
      return false;
    }
    String text = token.text();
    int space = text.indexOf(' ');
    return REMARKS.contains((space < 0 ? text : text.substring(0, space)).toLowerCase(Locale.ROOT));
  }

  private static boolean starts(Token token) {
    return switch (token.kind()) {
      case END, FINISH -> false;
      case SYMBOL -> ")}⦄⟩⌋⌉&".indexOf(token.symbol()) < 0;
      default -> true;
    };
  }

  private static boolean isRelation(Token token) {
    return token.kind() == Kind.SYMBOL && RELATIONS.indexOf(token.symbol()) >= 0;
  }

  /** Statements joined by ∧ and ∨. */
  Expr logic() {
    Expr left = statement();
    while (t.peek().is("∧") || t.peek().is("∨") || t.peek().is("∪") || t.peek().is("∩")) {
      Token token = t.next();
      boolean or = token.is("∨") || token.is("∪");
      Expr right = statement();
      if (left instanceof Relation || left instanceof Items) {
        List<Expr> both = new ArrayList<>(left instanceof Items i ? i.items() : List.of(left));
        both.add(right);
        left = new Items(or ? Joint.OR : Joint.AND, both);
      } else {
        left = new Call(or ? "or" : "and", left, right);
      }
    }
    return left;
  }

  /** One item: words, or a chain of relations. */
  Expr statement() {
    t.enter();
    try {
      if (t.peek().is("≈")) {
        t.next();
        return new Call("approx", statement());
      }
      if (t.peek().is("=") || t.peek().is("→")) {
        t.next();
        return statement();
      }
      if (t.peek().kind() == Kind.TEXT) {
        Expr words = words();
        if (words != null) {
          return words;
        }
      }
      Expr first = named();
      if (first == null) {
        first = side();
      }
      return chain(new Relation(List.of(first), List.of()));
    } finally {
      t.leave();
    }
  }

  /**
   * Words alone, or words that name the left side; null when they were only fillers before the
   * formula.
   */
  private @org.jspecify.annotations.Nullable Expr words() {
    int mark = t.mark();
    StringBuilder words = new StringBuilder();
    boolean fillers = true;
    while (t.peek().kind() == Kind.TEXT || t.peek().kind() == Kind.NAME || t.peek().is("'")) {
      Token token = t.next();
      if (!words.isEmpty() && token.spaced() || token.kind() == Kind.TEXT && !words.isEmpty()) {
        words.append(' ');
      }
      words.append(token.text());
      for (String word : token.text().toLowerCase(Locale.ROOT).split("[^a-z]+")) {
        fillers &= word.isEmpty() || FILLERS.contains(word);
      }
    }
    Token after = t.peek();
    if (after.is("(") && t.closing(0) > 0 && t.peek(t.closing(0) + 1).is("=")) {
      String name = words + nameOf(t.closing(0)).name(); // \text{Var}(X) =
      return chain(new Relation(List.of(new Sym(name)), List.of()));
    }
    if (after.is(":")) {
      t.next(); // "Answer: 5"
      return statement();
    }
    if (after.kind() == Kind.END
        || after.is(",")
        || after.is(";")
        || after.is("and")
        || after.is("or")
        || after.is("⏎")
        || ")]}⦄".indexOf(after.symbol()) >= 0 && after.kind() == Kind.SYMBOL) {
      Rational number = NumberWords.parse(words.toString());
      return number != null ? Expr.number(number) : new Text(words.toString());
    }
    if (isRelation(after)) {
      return chain(new Relation(List.of(new Sym(words.toString())), List.of()));
    }
    t.reset(mark);
    if (t.peek().is("-") || !fillers) {
      Token word = t.peek();
      Rational number = NumberWords.parse(word.text());
      if (number != null) {
        return null; // the terms read it
      }
      throw new Unreadable("words before a formula: " + words);
    }
    while (t.peek().kind() == Kind.TEXT) {
      t.next();
    }
    return null;
  }

  /** {@code P(x) =}, {@code f'(2) =}: the left side is a name, whatever stands in its brackets. */
  private @org.jspecify.annotations.Nullable Expr named() {
    Token name = t.peek();
    if (name.is("(") && t.peek(2).is("∘") && t.closing(0) > 0 && t.peek(t.closing(0) + 1).is("(")) {
      int end = t.closing(t.closing(0) + 1); // (f ∘ g)(x)
      return end > 0 && t.peek(end + 1).is("=") ? nameOf(end) : null;
    }
    if (name.kind() != Kind.NAME
        && !(name.kind() == Kind.COMMAND && Symbols.TEXTUAL.contains(name.text()))) {
      return null;
    }
    int open = 1;
    while (t.peek(open).is("'")) {
      open++;
    }
    if (t.peek(open).is("_")) {
      int close = t.peek(open + 1).is("{") ? t.closing(open + 1) : open + 1;
      if (close < 0) {
        return null;
      }
      open = close + 1;
    }
    if (t.peek(open).is("^") && t.peek(open + 1).is("{")) {
      int exponent = t.closing(open + 1); // f^{-1}(x)
      open = exponent < 0 ? open : exponent + 1;
    }
    if (!t.peek(open).is("(")) {
      return null;
    }
    int close = t.closing(open);
    if (close < 0 || !(t.peek(close + 1).is("=") || t.peek(close + 1).is("≈"))) {
      return null;
    }
    return nameOf(close);
  }

  /** The next tokens up to an offset as one name. */
  private Sym nameOf(int last) {
    StringBuilder text = new StringBuilder();
    for (int k = 0; k <= last; k++) {
      text.append(t.next().text());
    }
    return new Sym(text.toString());
  }

  private Expr chain(Relation start) {
    List<Expr> sides = new ArrayList<>(start.sides());
    List<Character> ops = new ArrayList<>(start.ops());
    while (true) {
      boolean not = t.peek().isCommand("not") && isRelation(t.peek(1));
      if (not) {
        t.next();
      }
      if (!isRelation(t.peek())) {
        break;
      }
      char op = t.next().symbol();
      if (not) {
        op = op == '∈' ? '∉' : '≠';
      }
      if (t.isEnd() && op == '=') {
        break; // "2 + 3 ="
      }
      Expr side = side();
      ops.add(op);
      sides.add(side);
    }
    if (t.peek().isCommand("pmod") || (t.peek().is("(") && t.peek(1).isCommand("mod"))) {
      boolean bracket = t.next().is("(");
      if (bracket) {
        t.next();
      }
      Expr modulus = t.peek().is("{") ? terms.factor() : side();
      if (bracket) {
        t.expect(")");
      }
      sides.add(new Call("modulus", modulus));
      ops.add('%');
    }
    return ops.isEmpty() ? sides.getFirst() : new Relation(List.copyOf(sides), List.copyOf(ops));
  }

  /** Sets joined by ∪, ∩ and ∖, ratios, and below them sums. */
  Expr side() {
    Expr left = terms.sum();
    while (true) {
      char op = t.peek().symbol();
      if ((op == '∪' || op == '∩' || op == '∖') && isSet(left)) {
        t.next();
        Expr right = terms.sum();
        left =
            new Call(op == '∪' ? "union" : op == '∩' ? "intersection" : "difference", left, right);
      } else if (op == ':' && !terms.inSetHead() && t.peek(1).kind() != Kind.END) {
        t.next();
        List<Expr> parts =
            new ArrayList<>(
                left instanceof Call c && c.function().equals("ratio")
                    ? c.arguments()
                    : List.of(left));
        parts.add(terms.sum());
        left = new Call("ratio", List.copyOf(parts));
      } else {
        return left;
      }
    }
  }

  /** Numbers are no sets: in {@code x < -3 ∪ x > 3} the union is one of relations. */
  private static boolean isSet(Expr e) {
    return !(e instanceof Expr.Num || e instanceof Expr.Product || e instanceof Expr.Power);
  }
}
