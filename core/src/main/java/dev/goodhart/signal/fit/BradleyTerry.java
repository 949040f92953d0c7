package dev.goodhart.signal.fit;

/**
 * The Bradley–Terry likelihood of a comparison, with soft labels and a margin. With {@code d} the
 * reward of the first response minus that of the second, {@code p} the probability that the first
 * is the better one, and {@code m} the margin by which it should win:
 *
 * <pre>{@code
 * loss      = -p log sigmoid(d - m) - (1 - p) log sigmoid(-(d - m))
 * dloss/dd  = sigmoid(d - m) - p
 * }</pre>
 *
 * <p>A tie is {@code p = 0.5}, {@code m = 0}. The loss of a single labelled response is the same
 * with {@code d} its reward plus an intercept.
 */
public final class BradleyTerry {
  private BradleyTerry() {}

  /** The loss in nats, at least 0. */
  public static double loss(double d, double p, double m) {
    double z = d - m;
    return p * softplus(-z) + (1 - p) * softplus(z);
  }

  /** The loss's derivative by {@code d}, in [-1, 1]. */
  public static double gradient(double d, double p, double m) {
    return sigmoid(d - m) - p;
  }

  /** {@code 1 / (1 + exp(-z))}. */
  public static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  /**
   * {@code log(1 + exp(z))}, which is {@code -log sigmoid(-z)}; the plain form overflows from 710
   * on.
   */
  private static double softplus(double z) {
    return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }
}
