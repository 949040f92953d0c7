package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Items;
import dev.goodhart.verify.math.Expr.Matrix;
import dev.goodhart.verify.math.Expr.Relation;
import dev.goodhart.verify.math.Expr.Text;
import java.util.List;

/**
 * Decides by shape whether an answer is the reference. The reference may say more than is asked of
 * the answer ({@code x = 5} is answered by {@code 5}, {@code 1 < x < 2} by {@code (1, 2)}), never
 * the other way round where an answer would only restate the question: {@code x + y = 5} is no
 * answer for {@code 5}, {@code 1 < x < 2} none for {@code (1, 2)}.
 */
final class Comparison {
  private static final int MAX_COMPARISONS = 5_000;

  private final MathOptions options;
  private final Values values;
  private final Quantities quantities;
  private final Relations relations;
  private final Lists lists;
  private final Assignments assignments;
  private int comparisons;

  Comparison(MathOptions options, Algebra algebra) {
    this.options = options;
    this.values = new Values(options, algebra);
    this.quantities = new Quantities(values);
    this.relations = new Relations(values);
    this.lists = new Lists(options.strict(), this::same);
    this.assignments = new Assignments(options.strict(), values, relations, lists, this::same);
  }

  Outcome compare(Expr reference, Expr answer) {
    Expr r = Shapes.normal(reference);
    Expr a = Shapes.normal(answer);
    a = options.strict() ? Renaming.constant(r, a) : Renaming.all(r, a);
    Outcome outcome = same(r, a);
    if (outcome == Outcome.DIFFERENT) {
      Expr x = Assignment.spread(r);
      Expr y = Assignment.spread(a);
      return x == r && y == a ? outcome : same(x, y);
    }
    return outcome;
  }

  private Outcome same(Expr r, Expr a) {
    if (r.equals(a)) {
      return Outcome.EQUAL;
    }
    if (++comparisons > MAX_COMPARISONS) {
      throw new TooLarge("too many comparisons");
    }
    if (r instanceof Text || a instanceof Text) {
      return text(r, a);
    }
    if (Shapes.isMembership(r) || Shapes.isMembership(a)) {
      return membership(r, a);
    }
    if (r instanceof Relation x && Shapes.isEquation(x) && Trees.variables(x).isEmpty()) {
      return assignments.lastSide(x, a); // 1 + 1 + 1 = 3 is 3
    }
    List<Assignment> named = Assignment.all(r);
    List<Assignment> answers = Assignment.all(a);
    if (named != null && answers != null) {
      return assignments.both(named, answers);
    }
    if (answers != null && !Shapes.isEquation(r)) {
      return assignments.answered(r, answers);
    }
    if (named != null && !Shapes.isEquation(a)) {
      return assignments.asked(named, a);
    }
    if (Shapes.isRegion(r) || Shapes.isRegion(a)) {
      Outcome region = region(r, a);
      if (region != Outcome.UNKNOWN) {
        return region;
      }
    }
    if (r instanceof Relation x && a instanceof Relation y) {
      boolean solved = named != null && Trees.variables(x.last()).isEmpty();
      return solved ? Outcome.DIFFERENT : relations.compare(x, y);
    }
    if (a instanceof Relation y) {
      return Shapes.isEquation(y) && !(r instanceof Items)
          ? assignments.stated(r, y)
          : Outcome.DIFFERENT;
    }
    if (r instanceof Relation x) {
      return Shapes.isEquation(x) ? assignments.lastSide(x, a) : Outcome.DIFFERENT;
    }
    return notRelations(r, a);
  }

  private Outcome notRelations(Expr r, Expr a) {
    if (r instanceof Matrix || a instanceof Matrix) {
      return matrix(r, a);
    }
    if (Lists.isList(r) || Lists.isList(a)) {
      return lists.compare(r, a);
    }
    if (r instanceof Const || a instanceof Const) {
      if (isSetName(r) || isSetName(a)) {
        return Outcome.DIFFERENT; // equal ones were found above
      }
    }
    if (r instanceof Call x && a instanceof Call y && x.function().equals(y.function())) {
      switch (x.function()) {
        case "base", "not" -> {
          return sideBySide(x.arguments(), y.arguments());
        }
        case "cases", "and", "or" -> {
          return lists.anyOrder(x.arguments(), y.arguments());
        }
        case "ratio" -> {
          return ratio(x.arguments(), y.arguments());
        }
        default -> {}
      }
    }
    if (isNoValue(r) || isNoValue(a)) {
      return Outcome.DIFFERENT;
    }
    if (r instanceof Call x && x.function().equals("base")) {
      return isDigits(x, a);
    }
    if (a instanceof Call y && y.function().equals("base")) {
      return Outcome.DIFFERENT; // 101_2 does not say what it is in base 10
    }
    return quantities.compare(fraction(r), fraction(a));
  }

  /** Logic, cases, ratios of more than two and to zero (5:00). */
  private static boolean isNoValue(Expr e) {
    return e instanceof Call c
        && switch (c.function()) {
          case "and", "or", "not", "cases" -> true;
          case "ratio" -> c.arguments().size() > 2 || Expr.ZERO.equals(c.arguments().getLast());
          default -> false;
        };
  }

  /** The digits of a number in a base, without the base. */
  private static Outcome isDigits(Call base, Expr answer) {
    return Outcome.of(
        base.arguments().getFirst() instanceof Expr.Sym digits
            && answer instanceof Expr.Num n
            && n.isExact()
            && n.value().toString().equals(digits.name()));
  }

  private static boolean isSetName(Expr e) {
    return e instanceof Const c
        && c != Const.PI
        && c != Const.E
        && c != Const.I
        && c != Const.INFINITY;
  }

  /** A ratio of two as the fraction that it is. */
  private static Expr fraction(Expr e) {
    return e instanceof Call c && c.function().equals("ratio") && c.arguments().size() == 2
        ? Expr.over(c.arguments().get(0), c.arguments().get(1))
        : e;
  }

  private Outcome sideBySide(List<Expr> r, List<Expr> a) {
    if (r.size() != a.size()) {
      return Outcome.DIFFERENT;
    }
    Outcome outcome = Outcome.EQUAL;
    for (int k = 0; k < r.size() && outcome != Outcome.DIFFERENT; k++) {
      outcome = outcome.and(same(r.get(k), a.get(k)));
    }
    return outcome;
  }

  /** Proportional: 3:4 is 6:8. */
  private Outcome ratio(List<Expr> r, List<Expr> a) {
    if (r.size() != a.size()) {
      return Outcome.DIFFERENT;
    }
    Outcome outcome = Outcome.EQUAL;
    for (int k = 1; k < r.size() && outcome != Outcome.DIFFERENT; k++) {
      outcome =
          outcome.and(
              values.compare(
                  Expr.times(r.get(k), a.getFirst()), Expr.times(a.get(k), r.getFirst())));
    }
    return outcome;
  }

  private Outcome text(Expr r, Expr a) {
    return Outcome.of(
        r instanceof Text x && a instanceof Text y && Texts.same(x.words(), y.words()));
  }

  private Outcome membership(Expr r, Expr a) {
    if (Shapes.isMembership(r) && Shapes.isInequality(a)) {
      return region(r, a) == Outcome.EQUAL ? Outcome.EQUAL : Outcome.DIFFERENT; // both relations
    }
    Relation x = Shapes.isMembership(r) ? (Relation) r : null;
    Relation y = Shapes.isMembership(a) ? (Relation) a : null;
    if (x != null
        && y != null
        && options.strict()
        && !x.sides().getFirst().equals(y.sides().getFirst())) {
      return Outcome.DIFFERENT;
    }
    return same(x == null ? r : Shapes.normal(x.last()), y == null ? a : Shapes.normal(y.last()));
  }

  private Outcome region(Expr r, Expr a) {
    boolean restates =
        Shapes.isInequality(a)
            && !Shapes.isInequality(r)
            && !Shapes.isMembership(r)
            && !(r instanceof Expr.Builder);
    if (restates && !options.restated()) {
      return Outcome.DIFFERENT;
    }
    RealSet x = Regions.of(r);
    RealSet y = x == null ? null : Regions.of(a);
    if (x == null || y == null) {
      return r instanceof Relation && a instanceof Relation ? Outcome.UNKNOWN : sameOperation(r, a);
    }
    if (x.variable() != null
        && y.variable() != null
        && !x.variable().equals(y.variable())
        && options.strict()) {
      return Outcome.DIFFERENT;
    }
    return x.compare(y, values);
  }

  /** Sets that are not on the real line: the same operation on the same sets. */
  private Outcome sameOperation(Expr r, Expr a) {
    if (r instanceof Call x && a instanceof Call y && x.function().equals(y.function())) {
      return x.function().equals("difference")
          ? sideBySide(x.arguments(), y.arguments())
          : lists.anyOrder(x.arguments(), y.arguments());
    }
    if (r instanceof Expr.Builder x && a instanceof Expr.Builder y) {
      Expr.Builder other = Renaming.bound(x, y);
      return same(x.element(), other.element()).and(same(x.condition(), other.condition()));
    }
    return r instanceof Items || a instanceof Items ? lists.compare(r, a) : Outcome.DIFFERENT;
  }

  private Outcome matrix(Expr r, Expr a) {
    Matrix x = Matrices.of(r);
    Matrix y = Matrices.of(a);
    if (x != null && y != null) {
      if (x.rows().size() != y.rows().size()) {
        return Outcome.DIFFERENT;
      }
      Outcome outcome = Outcome.EQUAL;
      for (int i = 0; i < x.rows().size() && outcome != Outcome.DIFFERENT; i++) {
        outcome = outcome.and(sideBySide(x.rows().get(i), y.rows().get(i)));
      }
      return outcome;
    }
    // A vector may also be written as a tuple.
    Matrix vector = x == null ? y : x;
    Expr tuple = x == null ? r : a;
    boolean row = vector != null && vector.rows().size() == 1;
    boolean column = vector != null && vector.rows().stream().allMatch(line -> line.size() == 1);
    if (vector == null
        || (!row && !column)
        || !(tuple instanceof Bracket
            || (tuple instanceof Items i && i.joint() != Expr.Joint.OR))) {
      return Outcome.DIFFERENT;
    }
    List<Expr> entries = vector.rows().stream().flatMap(List::stream).toList();
    return x == null
        ? sideBySide(tuple.children(), entries)
        : sideBySide(entries, tuple.children());
  }
}
