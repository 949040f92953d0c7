package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Items;
import dev.goodhart.verify.math.Expr.Joint;
import dev.goodhart.verify.math.Expr.Matrix;
import dev.goodhart.verify.math.Expr.Relation;
import dev.goodhart.verify.math.Expr.SetOf;
import dev.goodhart.verify.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads what stands between brackets, braces, bars and the ends of an environment. */
final class Brackets {
  private final Tokens t;
  private final Parser parser;
  private final Terms terms;

  Brackets(Tokens tokens, Parser parser, Terms terms) {
    this.t = tokens;
    this.parser = parser;
    this.terms = terms;
  }

  /** {@code (…)}, {@code […]}, {@code ⟨…⟩}, {@code ]…[}. */
  Expr round() {
    t.enter();
    char open = t.next().symbol();
    Terms.Context outer = terms.inside(open);
    if (t.peek().is(")") || t.peek().is("]")) {
      char close = t.next().symbol();
      terms.restore(outer);
      t.leave();
      return new Bracket(open, close, List.of());
    }
    Expr inner = parser.items();
    Token close = t.next();
    if (!close.is(")") && !close.is("]") && !close.is("⟩") && !close.is("[")) {
      throw new Unreadable("a bracket that is not closed");
    }
    terms.restore(outer);
    t.leave();
    if (inner instanceof Items i) {
      return new Bracket(open, close.symbol(), i.items());
    }
    if (inner instanceof Matrix || (open == '(' && close.is(")"))) {
      return inner;
    }
    return new Bracket(open, close.symbol(), List.of(inner));
  }

  /** {@code \{…\}}: elements, or an element with its condition. */
  Expr set() {
    t.enter();
    t.next();
    Terms.Context outer = terms.inside('⦃');
    if (t.accept("⦄")) {
      terms.restore(outer);
      t.leave();
      return new SetOf(List.of());
    }
    Expr first = parser.items();
    Expr set;
    if (t.peek().is("|") || t.peek().is(":")) {
      t.next();
      terms.inside('(');
      set = new Expr.Builder(first, parser.items());
    } else {
      set = new SetOf(first instanceof Items i ? i.items() : List.of(first));
    }
    if (t.isEnd() && first instanceof Call c && c.function().equals("cases")) {
      set = first; // \left\{ … \right.
    } else if (!t.accept("⦄") && !t.accept("}")) {
      throw new Unreadable("a set that is not closed");
    }
    terms.restore(outer);
    t.leave();
    return set;
  }

  /** A LaTeX group; with commas in it, somebody forgot the backslashes of a set. */
  Expr group() {
    t.enter();
    t.expect("{");
    if (t.accept("}")) {
      t.leave();
      return new SetOf(List.of());
    }
    Terms.Context outer = terms.inside('{');
    Expr inner = parser.items();
    if (t.peek().isCommand("choose") || t.peek().isCommand("over") || t.peek().isCommand("atop")) {
      boolean over = t.next().isCommand("over");
      Expr second = parser.items();
      inner = over ? Expr.over(inner, second) : new Call("binom", inner, second);
    }
    t.expect("}");
    terms.restore(outer);
    t.leave();
    return inner instanceof Items i && i.joint() == Joint.COMMA ? new SetOf(i.items()) : inner;
  }

  /** {@code \begin{pmatrix} … \end{pmatrix}}. */
  Expr grid() {
    t.enter();
    String name = Tokens.plain(t.next().text());
    Terms.Context outer = terms.inside('(');
    List<List<Expr>> rows = new ArrayList<>();
    List<Expr> row = new ArrayList<>();
    while (t.peek().kind() != Kind.FINISH) {
      Token token = t.peek();
      if (token.kind() == Kind.END) {
        throw new Unreadable("\\begin{" + name + "} is not ended");
      }
      if (token.is("&") || token.isCommand("hline")) {
        t.next();
      } else if (token.is("⏎")) {
        t.next();
        if (!row.isEmpty()) {
          rows.add(List.copyOf(row));
          row.clear();
        }
      } else {
        row.add(parser.logic());
        while (t.accept(",")) { // cases: "x + 1, & x > 0"
          if (t.peek().kind() != Kind.FINISH && !t.peek().is("&") && !t.peek().is("⏎")) {
            row.add(parser.logic());
          }
        }
      }
    }
    t.next();
    if (!row.isEmpty()) {
      rows.add(List.copyOf(row));
    }
    terms.restore(outer);
    t.leave();
    if (rows.isEmpty()) {
      throw new Unreadable("an empty matrix");
    }
    if (name.endsWith("cases")
        || rows.stream().allMatch(r -> r.size() == 1 && r.getFirst() instanceof Relation)) {
      return new Call(
          "cases",
          rows.stream()
              .<Expr>map(r -> r.size() == 1 ? r.getFirst() : new Bracket('(', ')', r))
              .toList());
    }
    Matrix matrix = new Matrix(List.copyOf(rows));
    return name.equals("vmatrix") ? new Call("det", matrix) : matrix;
  }
}
