package dev.goodhart.verify.math;

import java.util.ArrayList;
import java.util.List;

/**
 * What a piece of mathematics says, as a tree. Subtraction is a sum with a factor −1, division a
 * power −1; fractions of whole numbers are folded into one {@link Num} as they are built, nothing
 * else is.
 */
sealed interface Expr {
  /**
   * A number.
   *
   * @param places how many decimal places it was written with (negative for round powers of ten),
   *     or {@link #EXACT} when it was not written as a decimal
   */
  record Num(Rational value, int places) implements Expr {
    static final int EXACT = Integer.MAX_VALUE;

    boolean isExact() {
      return places == EXACT;
    }
  }

  /** A variable, or the name of anything else: {@code x}, {@code x_1}, {@code AB}, {@code f'}. */
  record Sym(String name) implements Expr {}

  enum Const implements Expr {
    PI,
    E,
    I,
    INFINITY,
    REALS,
    INTEGERS,
    NATURALS,
    RATIONALS,
    COMPLEXES,
    EMPTY,
    DOTS
  }

  record Sum(List<Expr> terms) implements Expr {}

  record Product(List<Expr> factors) implements Expr {}

  record Power(Expr base, Expr exponent) implements Expr {}

  record Call(String function, List<Expr> arguments) implements Expr {
    Call(String function, Expr... arguments) {
      this(function, List.of(arguments));
    }
  }

  /** ±value, or ∓value, which takes the other sign at the same time. */
  record PlusMinus(boolean plusFirst, Expr value) implements Expr {}

  /**
   * A chain {@code a = b < c}: one more side than operators, each of {@code = ≠ < > ≤ ≥ ≈ ≡ ∈ ∉ ⊂
   * ⊆}.
   */
  record Relation(List<Expr> sides, List<Character> ops) implements Expr {
    Expr last() {
      return sides.getLast();
    }
  }

  /**
   * A tuple, a list or an interval: which of them, only the other side of the comparison may tell.
   */
  record Bracket(char open, char close, List<Expr> items) implements Expr {}

  record SetOf(List<Expr> items) implements Expr {}

  /** {@code {element | condition}}. */
  record Builder(Expr element, Expr condition) implements Expr {}

  record Matrix(List<List<Expr>> rows) implements Expr {}

  enum Joint {
    COMMA,
    AND,
    OR
  }

  /** Several things side by side without brackets. */
  record Items(Joint joint, List<Expr> items) implements Expr {}

  /**
   * A value with what stands behind it: {@code 5 cm}, {@code 30°}, {@code 50 %}, {@code 3 apples}.
   */
  record Quantity(Expr value, Unit unit) implements Expr {}

  record Text(String words) implements Expr {}

  Num ZERO = number(Rational.ZERO);
  Num ONE = number(Rational.ONE);
  Num MINUS_ONE = number(Rational.MINUS_ONE);

  static Num number(Rational value) {
    return new Num(value, Num.EXACT);
  }

  static Num number(long value) {
    return number(Rational.of(value));
  }

  static Expr sum(List<Expr> terms) {
    return terms.size() == 1 ? terms.getFirst() : new Sum(List.copyOf(terms));
  }

  static Expr sum(Expr... terms) {
    return sum(List.of(terms));
  }

  static Expr minus(Expr a, Expr b) {
    return sum(a, negate(b));
  }

  static Expr product(List<Expr> factors) {
    return factors.size() == 1 ? factors.getFirst() : new Product(List.copyOf(factors));
  }

  static Expr times(Expr a, Expr b) {
    if (a instanceof Num x && b instanceof Num y && x.isExact() && y.isExact()) {
      return number(x.value().times(y.value()));
    }
    List<Expr> factors = new ArrayList<>();
    for (Expr side : List.of(a, b)) {
      if (side instanceof Product p) {
        factors.addAll(p.factors());
      } else {
        factors.add(side);
      }
    }
    return product(factors);
  }

  static Expr over(Expr a, Expr b) {
    if (a instanceof Num x
        && b instanceof Num y
        && x.isExact()
        && y.isExact()
        && !y.value().isZero()) {
      return number(x.value().over(y.value()));
    }
    return times(a, power(b, MINUS_ONE));
  }

  static Expr negate(Expr a) {
    return switch (a) {
      case Num n -> new Num(n.value().negate(), n.places());
      case Quantity q -> new Quantity(negate(q.value()), q.unit());
      default -> times(MINUS_ONE, a);
    };
  }

  static Expr power(Expr base, Expr exponent) {
    if (exponent instanceof Num n && n.value().isOne()) {
      return base;
    }
    return new Power(base, exponent);
  }

  static Expr sqrt(Expr base) {
    return power(base, number(Rational.HALF));
  }

  /** The parts that this is made of, in order; empty for a leaf. */
  default List<Expr> children() {
    return switch (this) {
      case Sum s -> s.terms();
      case Product p -> p.factors();
      case Power p -> List.of(p.base(), p.exponent());
      case Call c -> c.arguments();
      case PlusMinus p -> List.of(p.value());
      case Relation r -> r.sides();
      case Bracket b -> b.items();
      case SetOf s -> s.items();
      case Builder b -> List.of(b.element(), b.condition());
      case Matrix m -> m.rows().stream().flatMap(List::stream).toList();
      case Items i -> i.items();
      case Quantity q -> List.of(q.value());
      case Num n -> List.of();
      case Sym s -> List.of();
      case Const c -> List.of();
      case Text t -> List.of();
    };
  }

  /** The same thing with other children, one for one. */
  default Expr withChildren(List<Expr> c) {
    return switch (this) {
      case Sum s -> sum(c);
      case Product p -> product(c);
      case Power p -> power(c.get(0), c.get(1));
      case Call call -> new Call(call.function(), c);
      case PlusMinus p -> new PlusMinus(p.plusFirst(), c.getFirst());
      case Relation r -> new Relation(c, r.ops());
      case Bracket b -> new Bracket(b.open(), b.close(), c);
      case SetOf s -> new SetOf(c);
      case Builder b -> new Builder(c.get(0), c.get(1));
      case Matrix m -> {
        List<List<Expr>> rows = new ArrayList<>();
        int at = 0;
        for (List<Expr> row : m.rows()) {
          rows.add(c.subList(at, at + row.size()));
          at += row.size();
        }
        yield new Matrix(rows);
      }
      case Items i -> new Items(i.joint(), c);
      case Quantity q -> new Quantity(c.getFirst(), q.unit());
      case Num n -> n;
      case Sym s -> s;
      case Const k -> k;
      case Text t -> t;
    };
  }
}
