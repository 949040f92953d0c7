package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Items;
import dev.goodhart.verify.math.Expr.Joint;
import dev.goodhart.verify.math.Expr.Product;
import dev.goodhart.verify.math.Expr.Relation;
import dev.goodhart.verify.math.Expr.Sym;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name with its value.
 *
 * @param name what stands left of the first equals sign
 * @param value the last side of the chain
 * @param exact the side before it when the last step was ≈, else null
 */
record Assignment(Expr name, Expr value, @Nullable Expr exact) {

  /**
   * All of them when an expression consists of nothing else: {@code x = 1, y = 2}, {@code x = 1,
   * 2}; else null.
   */
  static @Nullable List<Assignment> all(Expr e) {
    List<Assignment> found = new ArrayList<>();
    switch (e) {
      case Relation r -> {
        if (!add(r, true, found)) {
          return null;
        }
      }
      case Items i -> {
        for (Expr item : i.items()) {
          boolean more =
              !found.isEmpty() && !(item instanceof Relation) && !(item instanceof Expr.Text);
          if (more) {
            found.add(new Assignment(found.getLast().name(), item, null));
          } else if (!(item instanceof Relation r) || !add(r, false, found)) {
            return null;
          }
        }
      }
      default -> {
        return null;
      }
    }
    return found;
  }

  private static boolean add(Relation r, boolean alone, List<Assignment> found) {
    Expr name = r.sides().getFirst();
    if (!Shapes.isEquation(r) || !isName(name)) {
      return false;
    }
    if (alone
        && name instanceof Bracket names
        && r.sides().size() == 2
        && r.last() instanceof Bracket values
        && names.items().size() == values.items().size()) {
      for (int k = 0; k < names.items().size(); k++) {
        found.add(new Assignment(names.items().get(k), values.items().get(k), null));
      }
      return true;
    }
    int size = r.sides().size();
    if (size > 2 && !isOneChain(r.sides().subList(1, size))) {
      return false;
    }
    boolean rounded = size > 2 && r.ops().getLast() == '≈';
    Expr value = r.ops().getLast() == '≈' ? new Call("approx", r.last()) : r.last();
    found.add(new Assignment(name, value, rounded ? r.sides().get(size - 2) : null));
    return true;
  }

  /** Numbers in a chain of steps are about the same; others make it a chain of guesses. */
  private static boolean isOneChain(List<Expr> sides) {
    double last = Regions.place(sides.getLast());
    for (Expr side : sides) {
      double place = Regions.place(side);
      if (Math.abs(place - last) > 0.01 * Math.max(Math.abs(place), Math.abs(last))) {
        return false;
      }
    }
    return true;
  }

  /** {@code x = y = 2} as {@code x = 2, y = 2}; the same expression when it is no such chain. */
  static Expr spread(Expr e) {
    if (!(e instanceof Relation r) || r.sides().size() < 3 || !Shapes.isEquation(r)) {
      return e;
    }
    List<Expr> names = r.sides().subList(0, r.sides().size() - 1);
    return names.stream().allMatch(n -> n instanceof Sym) && !(r.last() instanceof Sym)
        ? new Items(
            Joint.COMMA,
            names.stream()
                .<Expr>map(n -> new Relation(List.of(n, r.last()), List.of('=')))
                .toList())
        : e;
  }

  /**
   * Whether an expression only names something: a symbol, a segment {@code AB}, a function of
   * symbols, a tuple of them. {@code x + y} and {@code 2x} do not: an equation with them states a
   * relation.
   */
  static boolean isName(Expr e) {
    return switch (e) {
      case Sym s -> true;
      case Call c
          when c.function().equals("ratio")
              || c.function().equals("union")
              || c.function().equals("intersection")
              || c.function().equals("difference") ->
          c.arguments().stream().allMatch(x -> x instanceof Sym);
      case Call c ->
          isFunction(c.function()) && c.arguments().stream().allMatch(Assignment::isAtomic);
      case Product p ->
          p.factors().stream()
                  .allMatch(
                      f ->
                          f instanceof Sym
                              || f == Const.E
                              || f == Const.I
                              || (f instanceof Bracket b
                                  && b.items().stream().allMatch(Assignment::isAtomic)))
              && p.factors().stream()
                  .anyMatch(
                      f ->
                          f instanceof Sym s
                                  && (Character.isUpperCase(s.name().charAt(0))
                                      || s.name().length() > 1)
                              || f == Const.E);
      case Bracket b ->
          b.items().stream().allMatch(x -> x instanceof Sym)
              || (b.items().size() == 1 && isName(b.items().getFirst()));
      default -> false;
    };
  }

  /** {@code m + n}, but no line {@code x + y}. */
  static boolean isSumOfParameters(Expr e) {
    return e instanceof Expr.Sum s
        && s.terms().stream().allMatch(x -> x instanceof Sym n && !isCoordinate(n));
  }

  private static boolean isCoordinate(Sym s) {
    return "xyz".indexOf(s.name().charAt(0)) >= 0;
  }

  /** {@code m/n}. */
  static boolean isRatio(Expr e) {
    return e instanceof Product p
        && p.factors().size() == 2
        && p.factors().stream()
            .allMatch(
                f ->
                    f instanceof Sym
                        || (f instanceof Expr.Power q
                            && q.base() instanceof Sym
                            && q.exponent().equals(Expr.MINUS_ONE)))
        && p.factors().getFirst() instanceof Sym
        && !(p.factors().get(1) instanceof Sym);
  }

  private static boolean isFunction(String name) {
    return switch (name) {
      case "union",
          "intersection",
          "difference",
          "ratio",
          "and",
          "or",
          "not",
          "cases",
          "modulus",
          "approx",
          "ellipsis",
          "sum",
          "prod",
          "integral" ->
          false;
      default -> true;
    };
  }

  private static boolean isAtomic(Expr e) {
    return switch (e) {
      case Sym s -> true;
      case Expr.Num n -> true;
      case Const c -> true;
      case Product p -> p.factors().stream().allMatch(f -> f instanceof Sym);
      default -> false;
    };
  }

  static boolean sameName(List<Assignment> all) {
    return all.stream().map(a -> plain(a.name())).distinct().count() == 1;
  }

  /** {@code x_1 = 1, x_2 = 3} beside {@code x = 1 or x = 3}: the indices only count. */
  static boolean areValuesOfOne(List<Assignment> r, List<Assignment> a) {
    return sameName(r)
        && sameName(a)
        && plain(r.getFirst().name()).equals(plain(a.getFirst().name()))
        && (isOneName(r) || isOneName(a));
  }

  private static boolean isOneName(List<Assignment> all) {
    return all.stream().map(Assignment::name).distinct().count() == 1;
  }

  /** A name without its index: x_1 and x_2 are both values of x. */
  private static String plain(Expr name) {
    String text = name instanceof Sym s ? s.name() : name.toString();
    int index = text.indexOf('_');
    return index > 0 ? text.substring(0, index) : text;
  }

  static Expr values(List<Assignment> all) {
    return all.size() == 1
        ? all.getFirst().value()
        : new Items(Joint.OR, all.stream().map(Assignment::value).toList());
  }

  /** The values in the alphabetical order of the names. */
  static List<Expr> sorted(List<Assignment> all) {
    return all.stream()
        .sorted(
            java.util.Comparator.comparing(
                a -> a.name() instanceof Sym s ? s.name() : a.name().toString()))
        .map(Assignment::value)
        .toList();
  }
}
