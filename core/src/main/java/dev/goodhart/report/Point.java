package dev.goodhart.report;

/**
 * One value of a series with its uncertainty.
 *
 * @param low the lower end of the interval; NaN where there is none
 * @param high the upper end
 */
public record Point(double x, double y, double low, double high) {
  public static Point of(double x, double y) {
    return new Point(x, y, Double.NaN, Double.NaN);
  }

  boolean drawn() {
    return Double.isFinite(x) && Double.isFinite(y);
  }

  boolean hasInterval() {
    return drawn() && Double.isFinite(low) && Double.isFinite(high);
  }
}
