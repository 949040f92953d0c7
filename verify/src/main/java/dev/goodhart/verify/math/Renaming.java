package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Const;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Brings the names of an answer's variables to those of the reference, as far as they do not count.
 */
final class Renaming {
  /** The constant of integration and the whole number of a family of solutions go by many names. */
  static Expr constant(Expr r, Expr a) {
    Set<String> mine = new TreeSet<>(Trees.variables(r));
    Set<String> other = new TreeSet<>(Trees.variables(a));
    Set<String> both = new TreeSet<>(mine);
    both.retainAll(other);
    mine.removeAll(both);
    other.removeAll(both);
    if (mine.size() != 1 || other.size() != 1) {
      return a;
    }
    String from = other.iterator().next();
    String to = mine.iterator().next();
    Set<String> integration = Set.of("C", "c", "K", "C_1", "c_1");
    Set<String> whole = Set.of("n", "k", "m", "l", "j");
    boolean turns = Trees.any(r, x -> x == Const.PI) && whole.contains(from) && whole.contains(to);
    boolean constants = integration.contains(from) && integration.contains(to);
    return turns || constants ? Trees.substitute(a, from, new Expr.Sym(to)) : a;
  }

  /**
   * Without regard to names: the answer's variables become the reference's, in alphabetical order.
   */
  static Expr all(Expr r, Expr a) {
    List<String> to = List.copyOf(Trees.variables(r));
    List<String> from = List.copyOf(Trees.variables(a));
    if (to.size() != from.size() || to.equals(from)) {
      return a;
    }
    return Trees.map(
        a,
        x ->
            x instanceof Expr.Sym s && from.contains(s.name())
                ? new Expr.Sym(to.get(from.indexOf(s.name())))
                : x);
  }

  /** The variable of a set's definition may have any name. */
  static Expr.Builder bound(Expr.Builder r, Expr.Builder a) {
    Set<String> to = Trees.variables(r);
    Set<String> from = Trees.variables(a);
    if (to.size() != 1 || from.size() != 1) {
      return a;
    }
    Expr name = new Expr.Sym(to.iterator().next());
    String old = from.iterator().next();
    return new Expr.Builder(
        Trees.substitute(a.element(), old, name), Trees.substitute(a.condition(), old, name));
  }

  private Renaming() {}
}
