package dev.goodhart.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as a reader wants them: the same in every locale, an en dash for what is not known. */
public final class Figure {
  /** What stands in a table where there is no number. */
  public static final String NONE = "–";

  /**
   * Three significant digits without an exponent between 0.0001 and a million: {@code 0.123},
   * {@code 12.3}, {@code 1230}.
   */
  public static String of(double value) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-4 || size >= 1e6)) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    if (value == Math.rint(value)) {
      return Long.toString((long) value);
    }
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 5;
    return fixed(value, decimals);
  }

  /** A fixed number of decimals, with no minus before a zero. */
  public static String fixed(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_UP);
    return rounded.toPlainString();
  }

  /** A share of one as a percentage: {@code 83.1 %}. */
  public static String percent(double share) {
    return Double.isFinite(share) ? fixed(100 * share, 1) + " %" : NONE;
  }

  /** A count in groups of three digits: {@code 12,345}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** The shortest text for a tick at a round number. */
  static String tick(double value) {
    if (value != 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4)) {
      return String.format(Locale.ROOT, "%.0e", value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    return rounded.signum() == 0 ? "0" : rounded.toPlainString();
  }

  private Figure() {}
}
