package dev.goodhart.audit;

/**
 * What an amount of a good is worth to a chooser, {@code U(n) = slope ln n + intercept}, and so how
 * much of one good it would give for another. The rate does not depend on the utilities' zero or
 * unit.
 *
 * <pre>{@code n_X of X equals n_Y of Y where  a_X ln n_X + b_X = a_Y ln n_Y + b_Y}</pre>
 *
 * @param slope a, utility for each factor e of the amount
 * @param intercept b, the utility of one
 */
public record LogUtility(double slope, double intercept) {
  /**
   * By least squares.
   *
   * @param amounts above 0, at least two different ones
   * @param utilities of these amounts
   * @throws IllegalArgumentException otherwise
   */
  public static LogUtility fit(double[] amounts, double[] utilities) {
    double x = 0;
    double y = 0;
    for (int i = 0; i < amounts.length; i++) {
      if (!(amounts[i] > 0)) {
        throw new IllegalArgumentException("amount " + i + " must be above 0, not " + amounts[i]);
      }
      x += Math.log(amounts[i]) / amounts.length;
      y += utilities[i] / amounts.length;
    }
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < amounts.length; i++) {
      xx += Math.pow(Math.log(amounts[i]) - x, 2);
      xy += (Math.log(amounts[i]) - x) * (utilities[i] - y);
    }
    if (!(xx > 0)) {
      throw new IllegalArgumentException("expected at least two different amounts");
    }
    return new LogUtility(xy / xx, y - xy / xx * x);
  }

  /** The utility of an amount above 0. */
  public double of(double amount) {
    return slope * Math.log(amount) + intercept;
  }

  /**
   * How much of another good is worth as much as {@code amount} of this one.
   *
   * @throws IllegalArgumentException unless more of either good is better: there is no rate then
   */
  public double inTermsOf(LogUtility other, double amount) {
    if (!(slope > 0 && other.slope > 0)) {
      throw new IllegalArgumentException(
          "no exchange rate: more must be better of both goods, but slopes are %s and %s"
              .formatted(slope, other.slope));
    }
    return Math.exp((of(amount) - other.intercept) / other.slope);
  }
}
