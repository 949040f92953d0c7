package dev.goodhart.audit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.goodhart.report.Figure;

/**
 * An estimate with its uncertainty. What is not known (too little data, a statistic that is not
 * defined there) is NaN and written as {@code null} in JSON.
 *
 * @param estimate on the data as it is
 * @param low the interval's lower end
 * @param high the interval's upper end
 */
public record Interval(double estimate, double low, double high) {
  /** Nothing is known. */
  public static final Interval NONE = new Interval(Double.NaN, Double.NaN, Double.NaN);

  /** A figure without uncertainty, or with one that nobody asked for. */
  public static Interval exactly(double estimate) {
    return new Interval(estimate, Double.NaN, Double.NaN);
  }

  @JsonIgnore
  public boolean isKnown() {
    return Double.isFinite(estimate);
  }

  @JsonIgnore
  public boolean isBounded() {
    return Double.isFinite(low) && Double.isFinite(high);
  }

  /** Whether the interval lies wholly above a value; false where it is not known. */
  public boolean isAbove(double value) {
    return low > value;
  }

  /** Whether the interval lies wholly below a value; false where it is not known. */
  public boolean isBelow(double value) {
    return high < value;
  }

  /** As shares of one: {@code 83.1 % [81.0, 85.1]}. */
  public String percent() {
    String range =
        isBounded()
            ? " [" + Figure.fixed(100 * low, 1) + ", " + Figure.fixed(100 * high, 1) + "]"
            : "";
    return Figure.percent(estimate) + range;
  }

  /** As plain numbers: {@code 0.31 [0.22, 0.40]}. */
  public String text() {
    String range =
        isBounded() ? " [" + Figure.fixed(low, 2) + ", " + Figure.fixed(high, 2) + "]" : "";
    return Figure.fixed(estimate, 2) + range;
  }
}
