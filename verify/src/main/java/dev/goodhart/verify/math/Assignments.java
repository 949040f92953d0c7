package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Items;
import dev.goodhart.verify.math.Expr.Relation;
import java.util.List;

/**
 * Compares where one side or both give their values names: {@code x = 5}, {@code x = 1, y = 2},
 * {@code f(x) = x²}.
 */
final class Assignments {
  private final boolean strict;
  private final Values values;
  private final Relations relations;
  private final Lists lists;
  private final Lists.Elements elements;

  Assignments(
      boolean strict, Values values, Relations relations, Lists lists, Lists.Elements elements) {
    this.strict = strict;
    this.values = values;
    this.relations = relations;
    this.lists = lists;
    this.elements = elements;
  }

  /** Both name their values. */
  Outcome both(List<Assignment> r, List<Assignment> a) {
    if (r.size() != a.size()) {
      return r.size() == 1 && a.size() == 1 ? Outcome.UNKNOWN : Outcome.DIFFERENT;
    }
    Outcome outcome = Outcome.EQUAL;
    boolean[] used = new boolean[a.size()];
    for (Assignment x : r) {
      Outcome best = Outcome.DIFFERENT;
      for (int k = 0; k < used.length && best != Outcome.EQUAL; k++) {
        if (!used[k] && (sameName(x.name(), a.get(k).name()) || !strict)) {
          Outcome found = candidates(x, a.get(k));
          if (found == Outcome.EQUAL) {
            used[k] = true;
          }
          best = best.or(found);
        }
      }
      outcome = outcome.and(best);
    }
    if (outcome == Outcome.DIFFERENT && r.size() > 1 && Assignment.areValuesOfOne(r, a)) {
      return lists.anyOrder(
          r.stream().map(Assignment::value).toList(), a.stream().map(Assignment::value).toList());
    }
    if (outcome == Outcome.DIFFERENT
        && r.size() == 1
        && !Trees.variables(r.getFirst().value()).isEmpty()) {
      // y = 2x + 1 may also be said as x = (y − 1)/2.
      Relation x = new Relation(List.of(r.getFirst().name(), r.getFirst().value()), List.of('='));
      Relation y = new Relation(List.of(a.getFirst().name(), a.getFirst().value()), List.of('='));
      return relations.compare(x, y);
    }
    return outcome;
  }

  /** The same name, or y for f(x). */
  private static boolean sameName(Expr r, Expr a) {
    return r.equals(a) || isFunctionValue(r) && isFunctionValue(a) && (isY(r) || isY(a));
  }

  private static boolean isY(Expr e) {
    return e instanceof Expr.Sym s && s.name().equals("y");
  }

  private static boolean isFunctionValue(Expr e) {
    return isY(e)
        || (e instanceof Expr.Sym s && s.name().endsWith("(x)"))
        || (e instanceof Call c && c.function().equals("f"));
  }

  private Outcome candidates(Assignment r, Assignment a) {
    Outcome outcome = elements.compare(Shapes.normal(r.value()), Shapes.normal(a.value()));
    if (r.exact() != null) {
      outcome = outcome.or(elements.compare(r.exact(), a.value()));
    }
    if (a.exact() != null && outcome != Outcome.EQUAL && consistent(a.exact(), a.value())) {
      outcome = outcome.or(elements.compare(r.value(), a.exact()));
    }
    return outcome;
  }

  /** The answer names its values, the reference does not. */
  Outcome answered(Expr r, List<Assignment> answers) {
    if (answers.size() == 1) {
      Assignment a = answers.getFirst();
      Outcome outcome = elements.compare(r, Shapes.normal(a.value()));
      return a.exact() != null && consistent(a.exact(), a.value())
          ? outcome.or(elements.compare(r, Shapes.normal(a.exact())))
          : outcome;
    }
    if (!Assignment.sameName(answers)) {
      if (!(r instanceof Bracket) && !(r instanceof Items)) {
        return Outcome.DIFFERENT;
      }
      Outcome written =
          lists.compare(r, new Bracket('(', ')', answers.stream().map(Assignment::value).toList()));
      return written.or(lists.compare(r, new Bracket('(', ')', Assignment.sorted(answers))));
    }
    return elements.compare(r, Shapes.normal(Assignment.values(answers)));
  }

  /** The reference names its values, the answer does not. */
  Outcome asked(List<Assignment> named, Expr a) {
    if (named.size() == 1) {
      Outcome outcome = elements.compare(Shapes.normal(named.getFirst().value()), a);
      Expr exact = named.getFirst().exact();
      return exact == null ? outcome : outcome.or(elements.compare(Shapes.normal(exact), a));
    }
    if (!Assignment.sameName(named)) {
      Outcome written =
          lists.compare(new Bracket('(', ')', named.stream().map(Assignment::value).toList()), a);
      return written.or(lists.compare(new Bracket('(', ')', Assignment.sorted(named)), a));
    }
    return elements.compare(Shapes.normal(Assignment.values(named)), a);
  }

  /**
   * An equation between numbers, or an identity, states its last side; any other only restates a
   * relation.
   */
  Outcome stated(Expr r, Relation a) {
    Expr first = a.sides().getFirst();
    boolean constant = a.sides().stream().allMatch(s -> Trees.variables(s).isEmpty());
    boolean stated =
        constant ? consistent(first, a.last()) : values.compare(first, a.last()) == Outcome.EQUAL;
    if (!stated) {
      return Outcome.DIFFERENT;
    }
    Outcome outcome = elements.compare(r, Shapes.normal(a.last()));
    return a.ops().getLast() == '≈'
        ? outcome.or(elements.compare(r, Shapes.normal(a.sides().get(a.sides().size() - 2))))
        : outcome;
  }

  /** Whether one number is about the other, so that a chain of guesses is not a chain of steps. */
  private static boolean consistent(Expr a, Expr b) {
    double x = Regions.place(a);
    double y = Regions.place(b);
    return Math.abs(x - y) <= 0.01 * Math.max(Math.abs(x), Math.abs(y));
  }

  /**
   * The reference is an equation, the answer a value: it is the last side if the first only names
   * something, or is a number too. The equation of a curve is not answered by a number.
   */
  Outcome lastSide(Relation r, Expr a) {
    Expr first = r.sides().getFirst();
    boolean named = Assignment.isRatio(first) || Assignment.isSumOfParameters(first);
    if (!named && !Trees.variables(first).isEmpty()) {
      return Outcome.DIFFERENT;
    }
    boolean rounded = r.ops().getLast() == '≈';
    Outcome outcome =
        elements.compare(Shapes.normal(rounded ? new Call("approx", r.last()) : r.last()), a);
    return rounded
        ? outcome.or(elements.compare(Shapes.normal(r.sides().get(r.sides().size() - 2)), a))
        : outcome;
  }
}
