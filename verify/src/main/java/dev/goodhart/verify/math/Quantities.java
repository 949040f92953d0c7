package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Quantity;
import dev.goodhart.verify.math.Expr.Sym;
import org.jspecify.annotations.Nullable;

/**
 * Values with units. Known units of one kind are converted, of different kinds they differ; a unit
 * on one side only, and words that are no unit, decide nothing. A percentage is its hundredth, and,
 * against a bare number of at least 1, also its number.
 */
final class Quantities {
  private final Values values;

  Quantities(Values values) {
    this.values = values;
  }

  Outcome compare(Expr reference, Expr answer) {
    Quantity r = reference instanceof Quantity q ? q : null;
    Quantity a = answer instanceof Quantity q ? q : null;
    if (r == null && a == null) {
      return values.compare(reference, answer);
    }
    if (r != null && a != null) {
      return both(r, a);
    }
    return r != null
        ? one(r, answer, true)
        : one(java.util.Objects.requireNonNull(a), reference, false);
  }

  private Outcome both(Quantity r, Quantity a) {
    String kind = r.unit().dimension();
    String other = a.unit().dimension();
    if (kind == null || other == null) {
      return values.compare(r.value(), a.value());
    }
    if (!kind.equals(other)) {
      boolean angles =
          (kind.equals("angle") && other.equals("radian"))
              || (kind.equals("radian") && other.equals("angle"));
      return angles ? values.compare(inRadians(r), inRadians(a)) : Outcome.DIFFERENT;
    }
    if (r.unit().factor().equals(a.unit().factor())) {
      return values.compare(r.value(), a.value());
    }
    return values.compare(scaled(r), scaled(a));
  }

  private static Expr inRadians(Quantity q) {
    return q.unit().isAngle() ? q : q.value();
  }

  private static Expr scaled(Quantity q) {
    return Expr.times(q.value(), Expr.number(q.unit().factor()));
  }

  private Outcome one(Quantity q, Expr bare, boolean isReference) {
    Expr letter = asProduct(q, bare);
    if (letter != null) {
      return ordered(letter, bare, isReference);
    }
    Outcome plain = ordered(q.value(), bare, isReference);
    if (q.unit().isPercent()) {
      Outcome hundredth = ordered(new Quantity(q.value(), q.unit()), bare, isReference);
      Complex size = size(bare);
      return hundredth == Outcome.EQUAL || (size != null && size.abs() < 1)
          ? hundredth
          : hundredth.or(plain);
    }
    if (q.unit().isAngle()) {
      return plain.or(ordered(q, bare, isReference));
    }
    if ("dollar".equals(q.unit().dimension()) && !q.unit().factor().isOne()) {
      return plain.or(ordered(scaled(q), bare, isReference));
    }
    return plain;
  }

  private Outcome ordered(Expr x, Expr bare, boolean isReference) {
    return isReference ? values.compare(x, bare) : values.compare(bare, x);
  }

  /** 5 m where the other side has a variable m. */
  private static @Nullable Expr asProduct(Quantity q, Expr bare) {
    String unit = q.unit().words();
    return unit.length() == 1 && Trees.variables(bare).contains(unit)
        ? Expr.times(q.value(), new Sym(unit))
        : null;
  }

  private static @Nullable Complex size(Expr e) {
    if (!Trees.variables(e).isEmpty()) {
      return null;
    }
    try {
      return new Numeric(name -> Double.NaN, false).of(e);
    } catch (TooLarge tooLarge) {
      return null;
    }
  }
}
