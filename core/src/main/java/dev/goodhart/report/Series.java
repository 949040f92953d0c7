package dev.goodhart.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A named line of a chart.
 *
 * @param points in drawing order; a point with a NaN leaves a gap
 * @param style how it is drawn
 */
public record Series(String name, List<Point> points, Style style) {
  /** How a series is drawn. */
  public enum Style {
    /** A line; intervals as a band. */
    LINE,
    /** A thin grey line without intervals, for the many behind the few. */
    QUIET,
    /** Dots; intervals as whiskers. */
    DOTS
  }

  public Series {
    points = List.copyOf(points);
  }

  /** A line without intervals. */
  public static Series line(String name, double[] x, double[] y) {
    return new Series(name, points(x, y), Style.LINE);
  }

  /** A line with a band from low to high. */
  public static Series band(String name, double[] x, double[] y, double[] low, double[] high) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      points.add(new Point(x[i], y[i], low[i], high[i]));
    }
    return new Series(name, points, Style.LINE);
  }

  /** A thin grey line. */
  public static Series quiet(String name, double[] x, double[] y) {
    return new Series(name, points(x, y), Style.QUIET);
  }

  private static List<Point> points(double[] x, double[] y) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      points.add(Point.of(x[i], y[i]));
    }
    return points;
  }
}
