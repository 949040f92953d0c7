package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Items;
import dev.goodhart.verify.math.Expr.Joint;
import dev.goodhart.verify.math.Expr.Matrix;
import dev.goodhart.verify.math.Expr.Quantity;
import dev.goodhart.verify.math.Expr.Relation;
import dev.goodhart.verify.math.Expr.SetOf;
import dev.goodhart.verify.math.Expr.Sum;
import dev.goodhart.verify.math.Expr.Text;
import java.util.ArrayList;
import java.util.List;

/** Brings what was read into the few shapes that {@link Comparison} knows. */
final class Shapes {
  private static final int MAX_ITEMS = 400;

  static Expr normal(Expr e) {
    Expr shape = Calculus.done(Matrices.evaluated(e));
    if (Trees.hasPlusMinus(shape) && !(shape instanceof Items)) {
      if (shape instanceof SetOf s) {
        shape = new SetOf(spread(s.items()));
      } else {
        shape = new Items(Joint.OR, List.of(Trees.sign(shape, true), Trees.sign(shape, false)));
      }
    }
    return switch (shape) {
      case Items i -> items(i);
      case Call c
          when c.function().equals("cases")
              && c.arguments().stream().allMatch(r -> r instanceof Relation) ->
          items(new Items(Joint.AND, c.arguments()));
      case Text t -> {
        Const constant = Texts.constant(t.words());
        yield constant == null ? t : constant;
      }
      case SetOf s when s.items().isEmpty() -> Const.EMPTY;
      case SetOf s ->
          new SetOf(
              s.items().stream()
                  .map(Shapes::normal)
                  .flatMap(
                      x ->
                          x instanceof Items i ? i.items().stream() : java.util.stream.Stream.of(x))
                  .toList());
      case Bracket b when b.items().size() == 1 -> normal(b.items().getFirst());
      case Bracket b when b.open() == ']' || b.close() == '[' ->
          new Bracket(
              b.open() == ']' ? '(' : b.open(), b.close() == '[' ? ')' : b.close(), b.items());
      case Sum s when s.terms().stream().allMatch(t -> t instanceof Quantity) -> compound(s);
      case Relation r -> flipped(r);
      default -> shape;
    };
  }

  private static Expr items(Items i) {
    List<Expr> flat = new ArrayList<>();
    for (Expr item : spread(i.items())) {
      Expr shape = normal(item);
      if (shape instanceof Items inner) {
        flat.addAll(inner.items());
      } else {
        flat.add(shape);
      }
      if (flat.size() > MAX_ITEMS) {
        throw new TooLarge("a list of too many items");
      }
    }
    // "x = π/4 + kπ, k ∈ ℤ": the range of the parameter is a remark.
    boolean remarks =
        flat.stream().anyMatch(Shapes::isRange) && !flat.stream().allMatch(Shapes::isMembership);
    if (remarks) {
      flat.removeIf(Shapes::isRange);
    }
    return flat.size() == 1 ? flat.getFirst() : new Items(i.joint(), List.copyOf(flat));
  }

  /** Each item with ± as two. */
  private static List<Expr> spread(List<Expr> items) {
    List<Expr> all = new ArrayList<>();
    for (Expr item : items) {
      if (Trees.hasPlusMinus(item)) {
        all.add(Trees.sign(item, true));
        all.add(Trees.sign(item, false));
      } else {
        all.add(item);
      }
    }
    return all;
  }

  /** 2 hours 30 minutes as one quantity of the base unit. */
  private static Expr compound(Sum s) {
    List<Expr> terms = new ArrayList<>();
    Unit first = ((Quantity) s.terms().getFirst()).unit();
    for (Expr term : s.terms()) {
      Quantity q = (Quantity) term;
      if (first.dimension() == null || !first.dimension().equals(q.unit().dimension())) {
        return s;
      }
      terms.add(Expr.times(q.value(), Expr.number(q.unit().factor())));
    }
    return new Quantity(Expr.sum(terms), new Unit(first.words(), first.dimension(), Rational.ONE));
  }

  /** {@code 5 = x} as {@code x = 5}. */
  private static Expr flipped(Relation r) {
    boolean turn =
        r.ops().equals(List.of('='))
            && !Assignment.isName(r.sides().getFirst())
            && r.last() instanceof Expr.Sym
            && Trees.variables(r.sides().getFirst()).isEmpty();
    return turn ? new Relation(List.of(r.last(), r.sides().getFirst()), r.ops()) : r;
  }

  static boolean isEquation(Expr e) {
    return e instanceof Relation r
        && r.ops().stream().allMatch(op -> op == '=' || op == '≈' || op == '→');
  }

  /** Inequalities, and lists that are joined of them. */
  static boolean isInequality(Expr e) {
    return switch (e) {
      case Relation r -> r.ops().stream().anyMatch(op -> "<>≤≥≠".indexOf(op) >= 0);
      case Items i -> i.items().stream().allMatch(Shapes::isInequality);
      default -> false;
    };
  }

  /** What can only be a set on the real line, not a list or a value. */
  static boolean isRegion(Expr e) {
    return switch (e) {
      case Call c ->
          switch (c.function()) {
            case "union", "intersection", "difference", "positive", "negative" -> true;
            default -> false;
          };
      case Const c -> c == Const.REALS;
      case Expr.Builder b -> true;
      case Bracket b -> b.items().size() == 2 && (b.open() == '(') != (b.close() == ')');
      case Sum s -> s.terms().size() == 2 && Regions.of(s) != null;
      default -> isInequality(e);
    };
  }

  private static boolean isRange(Expr e) {
    return isMembership(e)
        && e instanceof Relation r
        && (r.last() == Const.INTEGERS || r.last() == Const.NATURALS || r.last() == Const.REALS);
  }

  static boolean isMembership(Expr e) {
    return e instanceof Relation r
        && r.ops().equals(List.of('∈'))
        && !(r.sides().getFirst() instanceof Matrix);
  }

  private Shapes() {}
}
