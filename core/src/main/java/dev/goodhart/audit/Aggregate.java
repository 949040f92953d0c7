package dev.goodhart.audit;

import java.util.Arrays;

/**
 * How a process model's scores of a response's steps become one. Product and geometric mean are
 * taken over logarithms and need scores above 0; a product falls with every further step, so it
 * also judges length.
 */
public enum Aggregate {
  LAST("last") {
    @Override
    public double of(double... steps) {
      return steps[steps.length - 1];
    }
  },
  MIN("min") {
    @Override
    public double of(double... steps) {
      return Arrays.stream(steps).min().orElse(Double.NaN);
    }
  },
  PRODUCT("product") {
    @Override
    public double of(double... steps) {
      return Math.exp(logs(steps));
    }
  },
  GEOMETRIC_MEAN("geometric mean") {
    @Override
    public double of(double... steps) {
      return Math.exp(logs(steps) / steps.length);
    }
  };

  private final String title;

  Aggregate(String title) {
    this.title = title;
  }

  /** Its name in words. */
  public String title() {
    return title;
  }

  /**
   * Makes one score of the steps' scores.
   *
   * @param steps in order, at least one, finite
   * @return NaN where it is not defined
   */
  public abstract double of(double... steps);

  private static double logs(double[] steps) {
    return Arrays.stream(steps).map(s -> s > 0 ? Math.log(s) : Double.NaN).sum();
  }
}
