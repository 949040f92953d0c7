package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.Power;
import dev.goodhart.verify.math.Expr.Product;
import dev.goodhart.verify.math.Expr.Quantity;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * When a decimal stands for a number. With tolerance t (1e-6), reference r and difference d, either
 *
 * <ul>
 *   <li>d ≤ t·|r| and d is at most half a unit in the last place that the decimal shows, or
 *   <li>d ≤ t/2 and d ≤ |r|/1000: rounding to six places, as is the custom of the field, but not
 *       for numbers that rounding wipes out.
 * </ul>
 *
 * So 0.333333 is 1/3 and 3.14159265 is π, but 0.33 and 3.14 are not, nor is 1234567.0 equal to
 * 1234568. A reference with ≈ or … takes everything that rounds to it.
 */
final class Closeness {
  private final MathOptions options;
  private final double lastPlace;
  private final double leeway;
  private final boolean lenient;

  private Closeness(MathOptions options, double lastPlace, double leeway, boolean lenient) {
    this.options = options;
    this.lastPlace = lastPlace;
    this.leeway = leeway;
    this.lenient = lenient;
  }

  static Closeness between(Expr reference, Expr answer, MathOptions options) {
    boolean decimals = Trees.hasDecimal(reference) || Trees.hasDecimal(answer);
    double last = Math.max(lastPlace(reference), lastPlace(answer));
    double leeway =
        Math.max(
            leeway(reference, 0.5),
            answer instanceof Call c && c.function().equals("ellipsis") ? leeway(answer, 1) : 0);
    boolean lenient =
        decimals
            || options.significantDigits() > 0
            || options.tolerance() > MathOptions.DEFAULT_TOLERANCE;
    return new Closeness(options, last == 0 ? Double.POSITIVE_INFINITY : last, leeway, lenient);
  }

  /** Whether anything but the exact value may be equal. */
  boolean isLenient() {
    return lenient;
  }

  boolean close(double reference, double answer) {
    double d = Math.abs(reference - answer);
    double size = Math.abs(reference);
    if (!Double.isFinite(d)) {
      return false;
    }
    if (options.significantDigits() > 0) {
      return rounded(reference).compareTo(rounded(answer)) == 0;
    }
    if (d <= leeway * (1 + 1e-9)) {
      return true;
    }
    double t = options.tolerance();
    boolean shown = t > MathOptions.DEFAULT_TOLERANCE || d <= lastPlace / 2 * (1 + 1e-9);
    return (d <= t * size * (1 + 1e-9) && shown) || (d <= t / 2 && d <= size / 1000);
  }

  private BigDecimal rounded(double value) {
    return new BigDecimal(value)
        .round(new MathContext(options.significantDigits(), RoundingMode.HALF_UP));
  }

  /** One unit in the last place that a decimal shows; 0 for what is not one decimal. */
  private static double lastPlace(Expr e) {
    return switch (e) {
      case Num n -> n.isExact() ? 0 : Math.pow(10, -n.places());
      case Quantity q -> lastPlace(q.value());
      case Call c when c.function().equals("approx") || c.function().equals("ellipsis") ->
          lastPlace(c.arguments().getFirst());
      case Product p -> {
        // 1.25 · 10^3
        double last = 0;
        double scale = 1;
        for (Expr factor : p.factors()) {
          last = Math.max(last, lastPlace(factor));
          Rational power = factor instanceof Power ? Exact.bounded(factor) : null;
          scale *= power == null ? 1 : Math.abs(power.doubleValue());
        }
        yield last * scale;
      }
      default -> 0;
    };
  }

  private static double leeway(Expr e, double units) {
    return e instanceof Call c && (c.function().equals("approx") || c.function().equals("ellipsis"))
        ? (c.function().equals("ellipsis") ? 1 : units) * lastPlace(c)
        : 0;
  }
}
