package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Items;
import dev.goodhart.verify.math.Expr.Joint;
import dev.goodhart.verify.math.Expr.Product;
import dev.goodhart.verify.math.Expr.Relation;
import dev.goodhart.verify.math.Expr.SetOf;
import dev.goodhart.verify.math.Expr.Sum;
import dev.goodhart.verify.math.Expr.Sym;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets on the real line in the many ways in which they are written. */
final class Regions {
  /** |ax + b| as a, b and the name of x. */
  private record Distance(String variable, Expr slope, Expr offset) {}

  /** The set that an expression describes, or null when it describes none on the real line. */
  static @Nullable RealSet of(Expr e) {
    return switch (e) {
      case Const c ->
          c == Const.REALS ? RealSet.all() : c == Const.EMPTY ? new RealSet(null, List.of()) : null;
      case Bracket b -> interval(b);
      case SetOf s -> points(s.items());
      case Call c -> call(c);
      case Sum s
          when s.terms().size() == 2
              && s.terms().get(1) instanceof Product p
              && p.factors().size() == 2
              && p.factors().getFirst().equals(Expr.MINUS_ONE) ->
          RealSet.difference(of(s.terms().getFirst()), of(p.factors().get(1)));
      case Relation r -> relation(r);
      case Items i -> items(i);
      case Expr.Builder b -> builder(b);
      default -> null;
    };
  }

  private static @Nullable RealSet interval(Bracket b) {
    if (b.items().size() != 2) {
      return null;
    }
    double from = place(b.items().get(0));
    double to = place(b.items().get(1));
    boolean lowClosed = b.open() == '[' && from != Double.NEGATIVE_INFINITY;
    boolean highClosed = b.close() == ']' && to != Double.POSITIVE_INFINITY;
    if (Double.isNaN(from) || Double.isNaN(to) || from > to) {
      return null;
    }
    return RealSet.merged(
        null,
        List.of(
            new RealSet.Piece(
                b.items().get(0), from, lowClosed, b.items().get(1), to, highClosed)));
  }

  private static @Nullable RealSet points(List<Expr> items) {
    List<RealSet.Piece> pieces = new ArrayList<>();
    for (Expr item : items) {
      double at = place(item);
      if (!Double.isFinite(at)) {
        return null;
      }
      pieces.add(new RealSet.Piece(item, at, true, item, at, true));
    }
    return RealSet.merged(null, pieces);
  }

  private static @Nullable RealSet call(Call c) {
    return switch (c.function()) {
      case "union" -> RealSet.union(of(c.arguments().get(0)), of(c.arguments().get(1)));
      case "intersection" ->
          RealSet.intersection(of(c.arguments().get(0)), of(c.arguments().get(1)));
      case "difference" -> RealSet.difference(of(c.arguments().get(0)), of(c.arguments().get(1)));
      case "positive", "negative" ->
          c.arguments().getFirst() == Const.REALS
              ? new RealSet(
                  null, List.of(RealSet.ray(c.function().equals("negative"), Expr.ZERO, 0, false)))
              : null;
      default -> null;
    };
  }

  private static @Nullable RealSet items(Items i) {
    RealSet result = null;
    boolean points = true;
    for (Expr item : i.items()) {
      points &= item instanceof Relation r && r.ops().equals(List.of('='));
    }
    for (Expr item : i.items()) {
      RealSet next = item instanceof Relation ? of(item) : null;
      if (next == null) {
        return null;
      }
      result =
          result == null
              ? next
              : i.joint() == Joint.OR || points
                  ? RealSet.union(result, next)
                  : RealSet.intersection(result, next);
      if (result == null) {
        return null;
      }
    }
    return result;
  }

  private static @Nullable RealSet builder(Expr.Builder b) {
    RealSet condition = of(b.condition());
    Expr element =
        b.element() instanceof Relation r && r.ops().equals(List.of('∈'))
            ? r.sides().getFirst()
            : b.element();
    if (condition == null
        || !(element instanceof Sym s)
        || (condition.variable() != null && !condition.variable().equals(s.name()))) {
      return null;
    }
    RealSet within = b.element() instanceof Relation ? of(b.element()) : RealSet.all();
    RealSet set = within == null ? null : RealSet.intersection(within, condition);
    return set == null ? null : new RealSet(null, set.pieces());
  }

  /**
   * A chain with one variable alone on a side and numbers on the others: {@code 1 < x ≤ 2}, {@code
   * x ≠ 3}, {@code x ∈ S}.
   */
  private static @Nullable RealSet relation(Relation r) {
    int at = -1;
    for (int k = 0; k < r.sides().size(); k++) {
      if (r.sides().get(k) instanceof Sym || distance(r.sides().get(k)) != null) {
        if (at >= 0) {
          return null;
        }
        at = k;
      }
    }
    if (at < 0) {
      return null;
    }
    if (!(r.sides().get(at) instanceof Sym variable)) {
      return r.sides().size() == 2
          ? ball(
              distance(r.sides().get(at)),
              at == 0 ? r.ops().getFirst() : mirrored(r.ops().getFirst()),
              r.sides().get(1 - at))
          : null;
    }
    RealSet set = new RealSet(variable.name(), RealSet.all().pieces());
    for (int k = 0; k < r.ops().size(); k++) {
      boolean right = k == at; // the variable stands left of this operator
      if (!right && k + 1 != at) {
        return null; // a < b < x says something about a and b too
      }
      Expr other = r.sides().get(right ? k + 1 : k);
      RealSet next = bound(right ? r.ops().get(k) : mirrored(r.ops().get(k)), other);
      set = next == null ? null : RealSet.intersection(set, next);
      if (set == null) {
        return null;
      }
    }
    return new RealSet(variable.name(), set.pieces());
  }

  private static @Nullable Distance distance(Expr e) {
    if (!(e instanceof Call c) || !c.function().equals("abs") || Trees.variables(e).size() != 1) {
      return null;
    }
    Expr inside = c.arguments().getFirst();
    String x = Trees.variables(e).iterator().next();
    try {
      Expr slope = Calculus.derivative(inside, x);
      boolean linear = Trees.variables(slope).isEmpty() && place(slope) != 0;
      return linear ? new Distance(x, slope, Trees.substitute(inside, x, Expr.ZERO)) : null;
    } catch (Unreadable notLinear) {
      return null;
    }
  }

  /** {@code |ax + b| < r} and its like. */
  private static @Nullable RealSet ball(@Nullable Distance d, char op, Expr radius) {
    if (d == null || !(place(radius) > 0)) {
      return null;
    }
    Expr one = Expr.over(Expr.minus(Expr.negate(radius), d.offset()), d.slope());
    Expr other = Expr.over(Expr.minus(radius, d.offset()), d.slope());
    boolean ascending = place(one) < place(other);
    boolean closed = op == '≤' || op == '>';
    Bracket inner =
        new Bracket(
            closed ? '[' : '(',
            closed ? ']' : ')',
            ascending ? List.of(one, other) : List.of(other, one));
    RealSet set =
        switch (op) {
          case '<', '≤' -> of(inner);
          case '>', '≥' -> RealSet.difference(RealSet.all(), of(inner));
          case '=' -> points(List.of(one, other));
          default -> null;
        };
    return set == null ? null : new RealSet(d.variable(), set.pieces());
  }

  private static char mirrored(char op) {
    return switch (op) {
      case '<' -> '>';
      case '>' -> '<';
      case '≤' -> '≥';
      case '≥' -> '≤';
      default -> op;
    };
  }

  private static @Nullable RealSet bound(char op, Expr other) {
    if (op == '∈') {
      return of(other);
    }
    if (op == '∉') {
      return RealSet.difference(RealSet.all(), of(other));
    }
    double at = place(other);
    if (Double.isNaN(at)) {
      return null;
    }
    return switch (op) {
      case '<', '≤' ->
          new RealSet(
              null, List.of(RealSet.ray(true, other, at, op == '≤' && Double.isFinite(at))));
      case '>', '≥' ->
          new RealSet(
              null, List.of(RealSet.ray(false, other, at, op == '≥' && Double.isFinite(at))));
      case '=' -> points(List.of(other));
      case '≠' -> RealSet.difference(RealSet.all(), points(List.of(other)));
      default -> null;
    };
  }

  /** Where a number stands on the real line; NaN when it does not. */
  static double place(Expr e) {
    if (!Trees.variables(e).isEmpty()) {
      return Double.NaN;
    }
    try {
      Complex value = new Numeric(name -> Double.NaN, false).of(e);
      return value.isNone() || (value.isFinite() && !value.isReal()) ? Double.NaN : value.re();
    } catch (TooLarge tooLarge) {
      return Double.NaN;
    }
  }

  private Regions() {}
}
