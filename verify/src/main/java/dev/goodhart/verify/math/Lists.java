package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Items;
import dev.goodhart.verify.math.Expr.Joint;
import dev.goodhart.verify.math.Expr.SetOf;
import java.util.ArrayList;
import java.util.List;

/**
 * Tuples, lists and sets. In a tuple and a list the order counts, in a set neither order nor
 * repetition does, without brackets the order does not. A set may be answered by a list, not by a
 * tuple; a tuple not by a set.
 */
final class Lists {
  private static final int MAX_UNORDERED = 120;

  /** Compares two elements. */
  interface Elements {
    Outcome compare(Expr reference, Expr answer);
  }

  private final boolean strict;
  private final Elements elements;

  Lists(boolean strict, Elements elements) {
    this.strict = strict;
    this.elements = elements;
  }

  static boolean isList(Expr e) {
    return e instanceof Bracket
        || e instanceof SetOf
        || e instanceof Items
        || e == Expr.Const.EMPTY;
  }

  Outcome compare(Expr r, Expr a) {
    if (!isList(r) || !isList(a)) {
      // One value may stand for the set or list of it alone.
      Expr list = isList(r) ? r : a;
      if (list.children().size() != 1 || list == Expr.Const.EMPTY) {
        return Outcome.DIFFERENT;
      }
      Expr only = list.children().getFirst();
      return isList(r) ? elements.compare(only, a) : elements.compare(r, only);
    }
    List<Expr> x = r.children();
    List<Expr> y = a.children();
    // {(1, 2)} and (1, 2)
    if (r instanceof SetOf
        && a instanceof Bracket
        && x.size() == 1
        && x.getFirst() instanceof Bracket) {
      return elements.compare(x.getFirst(), a);
    }
    if (a instanceof SetOf
        && r instanceof Bracket
        && y.size() == 1
        && y.getFirst() instanceof Bracket) {
      return elements.compare(r, y.getFirst());
    }
    if (r instanceof SetOf) {
      // [a, b] would rather be an interval
      boolean tuple = a instanceof Bracket b && (b.open() != '[' || b.items().size() == 2);
      return strict && tuple ? Outcome.DIFFERENT : asSets(x, y);
    }
    if (!strict) {
      return anyOrder(x, y);
    }
    return switch (r) {
      case Items i when a instanceof Bracket ->
          i.joint() == Joint.OR ? Outcome.DIFFERENT : inOrder(x, y);
      case Items i -> anyOrder(x, y);
      case Bracket b when a instanceof Bracket c ->
          sameBrackets(b, c) ? inOrder(x, y) : Outcome.DIFFERENT;
      case Bracket b when a instanceof Items -> inOrder(x, y);
      default -> Outcome.DIFFERENT;
    };
  }

  /**
   * Of two elements the brackets may be those of an interval and count; of others only that they
   * are brackets.
   */
  private static boolean sameBrackets(Bracket r, Bracket a) {
    return r.items().size() != 2
        || (shape(r.open()) == shape(a.open()) && shape(r.close()) == shape(a.close()));
  }

  private static char shape(char bracket) {
    return bracket == '⟨' ? '(' : bracket == '⟩' ? ')' : bracket;
  }

  private Outcome inOrder(List<Expr> x, List<Expr> y) {
    if (x.size() != y.size()) {
      return Outcome.DIFFERENT;
    }
    Outcome outcome = Outcome.EQUAL;
    for (int k = 0; k < x.size() && outcome != Outcome.DIFFERENT; k++) {
      outcome = outcome.and(elements.compare(x.get(k), y.get(k)));
    }
    return outcome;
  }

  /** One for one, in any order. */
  Outcome anyOrder(List<Expr> x, List<Expr> y) {
    if (x.size() != y.size()) {
      return Outcome.DIFFERENT;
    }
    if (x.size() > MAX_UNORDERED) {
      return inOrder(x, y);
    }
    List<Expr> left = new ArrayList<>(y);
    Outcome outcome = Outcome.EQUAL;
    for (Expr element : x) {
      Outcome found = Outcome.DIFFERENT;
      for (int k = 0; k < left.size() && found != Outcome.EQUAL; k++) {
        Outcome here = elements.compare(element, left.get(k));
        if (here == Outcome.EQUAL) {
          left.remove(k);
        }
        found = found.or(here);
      }
      outcome = outcome.and(found);
      if (outcome == Outcome.DIFFERENT) {
        return outcome;
      }
    }
    return outcome;
  }

  private Outcome asSets(List<Expr> x, List<Expr> y) {
    if (Math.max(x.size(), y.size()) > MAX_UNORDERED) {
      return inOrder(x, y);
    }
    return contained(x, y, true).and(contained(y, x, false));
  }

  /** Whether each element of one is among the other's. */
  private Outcome contained(List<Expr> these, List<Expr> those, boolean theseAreReferences) {
    Outcome outcome = Outcome.EQUAL;
    for (Expr element : these) {
      Outcome found = Outcome.DIFFERENT;
      for (Expr other : those) {
        found =
            found.or(
                theseAreReferences
                    ? elements.compare(element, other)
                    : elements.compare(other, element));
        if (found == Outcome.EQUAL) {
          break;
        }
      }
      outcome = outcome.and(found);
      if (outcome == Outcome.DIFFERENT) {
        return outcome;
      }
    }
    return outcome;
  }
}
