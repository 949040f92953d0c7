package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.PlusMinus;
import dev.goodhart.verify.math.Expr.Sym;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Questions to whole expressions. */
final class Trees {
  static boolean any(Expr e, Predicate<Expr> test) {
    if (test.test(e)) {
      return true;
    }
    for (Expr child : e.children()) {
      if (any(child, test)) {
        return true;
      }
    }
    return false;
  }

  /** Rewrites from the leaves up. */
  static Expr map(Expr e, UnaryOperator<Expr> rewrite) {
    List<Expr> children = e.children();
    if (children.isEmpty()) {
      return rewrite.apply(e);
    }
    return rewrite.apply(e.withChildren(children.stream().map(c -> map(c, rewrite)).toList()));
  }

  static Expr substitute(Expr e, String name, Expr value) {
    return map(e, x -> x instanceof Sym s && s.name().equals(name) ? value : x);
  }

  /** The free variables, in alphabetical order. */
  static Set<String> variables(Expr e) {
    Set<String> names = new TreeSet<>();
    collect(e, names);
    return names;
  }

  private static void collect(Expr e, Set<String> names) {
    if (e instanceof Sym s) {
      names.add(s.name());
    }
    boolean bound = e instanceof Call c && isBinding(c);
    for (Expr child : e.children()) {
      collect(child, names);
    }
    if (bound && e instanceof Call c && c.arguments().get(1) instanceof Sym s) {
      names.remove(s.name());
    }
  }

  private static boolean isBinding(Call c) {
    return switch (c.function()) {
      case "sum", "prod", "limit" -> c.arguments().size() > 2;
      case "integral" -> c.arguments().size() == 4;
      default -> false;
    };
  }

  static boolean hasDecimal(Expr e) {
    return any(e, x -> x instanceof Num n && !n.isExact());
  }

  static boolean hasPlusMinus(Expr e) {
    return any(e, x -> x instanceof PlusMinus);
  }

  /** With ± as plus and ∓ as minus, or the other way round. */
  static Expr sign(Expr e, boolean plus) {
    return map(
        e,
        x ->
            x instanceof PlusMinus p
                ? (p.plusFirst() == plus ? p.value() : Expr.negate(p.value()))
                : x);
  }

  private Trees() {}
}
