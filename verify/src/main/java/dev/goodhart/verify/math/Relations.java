package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Relation;
import dev.goodhart.verify.math.Field.Atom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether two relations say the same: equations up to a factor, inequalities up to a positive one,
 * chains link by link.
 */
final class Relations {
  private final Values values;

  Relations(Values values) {
    this.values = values;
  }

  /** One link with everything on the left: {@code left op 0}, where op is one of = ≠ > ≥. */
  private record Link(Expr left, char op) {}

  Outcome compare(Relation reference, Relation answer) {
    List<Link> r = links(reference);
    List<Link> a = links(answer);
    if (r == null || a == null) {
      return Outcome.of(reference.equals(answer)).or(sideBySide(reference, answer));
    }
    if (r.size() != a.size()) {
      return Outcome.DIFFERENT;
    }
    Outcome forwards = Outcome.EQUAL;
    for (int k = 0; k < r.size(); k++) {
      Outcome any = Outcome.DIFFERENT;
      for (Link other : a) {
        any = any.or(compare(r.get(k), other));
        if (any == Outcome.EQUAL) {
          break;
        }
      }
      forwards = forwards.and(any);
    }
    return forwards;
  }

  /** Relations that no arithmetic joins (∈, ⊂, ≡ mod m): operator by operator, side by side. */
  private Outcome sideBySide(Relation reference, Relation answer) {
    if (reference.ops().equals(List.of('≡', '%')) && answer.ops().equals(List.of('%'))) {
      return sideBySide(without(reference), answer); // 2 (mod 5) for x ≡ 2 (mod 5)
    }
    if (answer.ops().equals(List.of('≡', '%')) && reference.ops().equals(List.of('%'))) {
      return sideBySide(reference, without(answer));
    }
    if (!reference.ops().equals(answer.ops())) {
      return Outcome.DIFFERENT;
    }
    Outcome outcome = Outcome.EQUAL;
    for (int k = 0; k < reference.sides().size() && outcome != Outcome.DIFFERENT; k++) {
      Expr r = reference.sides().get(k);
      Expr a = answer.sides().get(k);
      boolean modulus = k == reference.ops().size() - 1 && reference.ops().getLast() == '%';
      if (r instanceof Expr.Call x
          && a instanceof Expr.Call y
          && x.function().equals("modulus")
          && y.function().equals("modulus")) {
        r = x.arguments().getFirst();
        a = y.arguments().getFirst();
      }
      Outcome same = modulus ? congruent(r, a, reference.last()) : values.compare(r, a);
      outcome = outcome.and(same);
    }
    return outcome;
  }

  /** Without the first side. */
  private static Relation without(Relation r) {
    int size = r.sides().size();
    return new Relation(r.sides().subList(1, size), r.ops().subList(1, size - 1));
  }

  private Outcome congruent(Expr r, Expr a, Expr modulus) {
    Rational x = Exact.bounded(r);
    Rational y = Exact.bounded(a);
    Rational m = modulus.children().isEmpty() ? null : Exact.bounded(modulus.children().getFirst());
    if (x == null || y == null || m == null || m.signum() <= 0) {
      return values.compare(r, a);
    }
    return Outcome.of(x.minus(y).over(m).isInteger());
  }

  private static @Nullable List<Link> links(Relation r) {
    List<Link> links = new ArrayList<>();
    for (int k = 0; k < r.ops().size(); k++) {
      Expr left = r.sides().get(k);
      Expr right = r.sides().get(k + 1);
      switch (r.ops().get(k)) {
        case '=', '≈' -> links.add(new Link(Expr.minus(left, right), '='));
        case '≠' -> links.add(new Link(Expr.minus(left, right), '≠'));
        case '>' -> links.add(new Link(Expr.minus(left, right), '>'));
        case '≥' -> links.add(new Link(Expr.minus(left, right), '≥'));
        case '<' -> links.add(new Link(Expr.minus(right, left), '>'));
        case '≤' -> links.add(new Link(Expr.minus(right, left), '≥'));
        default -> {
          return null;
        }
      }
    }
    return links;
  }

  private Outcome compare(Link reference, Link answer) {
    if (reference.op() != answer.op()) {
      return Outcome.DIFFERENT;
    }
    Rational factor = factor(reference.left(), answer.left());
    boolean ordered = reference.op() == '>' || reference.op() == '≥';
    if (factor != null) {
      return Outcome.of(!factor.isZero() && (!ordered || factor.signum() > 0));
    }
    Outcome same = values.compare(reference.left(), answer.left());
    return ordered ? same : same.or(values.compare(Expr.negate(reference.left()), answer.left()));
  }

  /**
   * The number k with {@code reference = k · answer} as numerators (equations and inequalities may
   * be multiplied by their denominators; an inequality only by positive ones, so there these must
   * agree); 0 when there is none, null when the forms do not tell.
   */
  private static @Nullable Rational factor(Expr reference, Expr answer) {
    try {
      Field field = new Field();
      FormBuilder builder = new FormBuilder(field, false);
      Form r = builder.of(reference);
      Form a = builder.of(answer);
      if (r.isZero() || a.isZero()) {
        return Rational.of(r.isZero() && a.isZero() ? 1 : 0);
      }
      Polynomial p = cleared(r.num(), field);
      Polynomial q = cleared(a.num(), field);
      Rational k = ratio(p, q, field);
      if (k != null) {
        return k;
      }
      return field.isIndependent(p) && field.isIndependent(q) ? Rational.ZERO : null;
    } catch (TooLarge | Unreadable | ArithmeticException undecided) {
      return null;
    }
  }

  private static @Nullable Rational ratio(Polynomial p, Polynomial q, Field field) {
    if (p.terms().size() == q.terms().size()) {
      Rational under = q.terms().get(p.leading());
      Rational k =
          under == null ? null : p.terms().getOrDefault(p.leading(), Rational.ZERO).over(under);
      if (k != null && p.equals(new Polynomial(q.times(k).terms()))) {
        return k;
      }
    }
    // A factor such as √2: p/q is a number.
    Form quotient = field.over(Form.of(p), Form.of(q));
    for (Monomial m : p.terms().keySet()) {
      for (Monomial n : q.terms().keySet()) {
        Form ratio =
            field.over(
                Form.of(Polynomial.of(m, p.terms().getOrDefault(m, Rational.ONE))),
                Form.of(Polynomial.of(n, q.terms().getOrDefault(n, Rational.ONE))));
        Complex value = new Angles(field).value(ratio);
        if (value != null && value.isReal() && field.minus(quotient, ratio).isZero()) {
          return Rational.of(value.re() < 0 ? -1 : 1);
        }
      }
      break;
    }
    return null;
  }

  /** Multiplied by the powers of variables in the denominators of its terms. */
  private static Polynomial cleared(Polynomial p, Field field) {
    Monomial common = Monomial.ONE;
    for (Monomial m : p.terms().keySet()) {
      for (int k = 0; k < m.size(); k++) {
        Rational e = m.exponent(k);
        int atom = m.atom(k);
        Rational so = common.exponentOf(atom);
        if (e.signum() < 0
            && field.atom(atom) instanceof Atom.Variable
            && e.negate().compareTo(so) > 0) {
          common = common.without(atom).times(Monomial.of(atom, e.negate()));
        }
      }
    }
    return p.times(common);
  }
}
