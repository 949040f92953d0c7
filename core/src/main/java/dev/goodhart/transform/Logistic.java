package dev.goodhart.transform;

/** The logistic function and its logarithm in the forms that neither overflow nor cancel. */
public final class Logistic {
  /** {@code 1 / (1 + exp(-x))}. */
  public static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  /**
   * {@code log sigmoid(x) = -log(1 + exp(-x))}; equals x for very negative x instead of minus
   * infinity.
   */
  public static double logSigmoid(double x) {
    return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
  }

  private Logistic() {}
}
