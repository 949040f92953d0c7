package dev.goodhart.audit;

/**
 * Whoever may stop an action after having seen what it is worth, and mistakes that now and then:
 *
 * <pre>{@code pi(u) = 1 / (1 + exp(-u / noise))       lets an action of utility u run}</pre>
 *
 * @param noise beta, in the unit of the utility: at {@code u = -noise} a bad action is let through
 *     in 27 % of cases; 0 is an overseer who never errs and lets 0 through
 */
public record Overseer(double noise) {
  /** Never errs. */
  public static final Overseer RATIONAL = new Overseer(0);

  public Overseer {
    if (!(noise >= 0 && Double.isFinite(noise))) {
      throw new IllegalArgumentException("noise must be finite and at least 0, not " + noise);
    }
  }

  /** The probability that an action of this utility is let run. */
  public double allows(double utility) {
    if (noise == 0) return utility >= 0 ? 1 : 0;
    return 1 / (1 + Math.exp(-utility / noise));
  }

  /** The probability that it is stopped, {@code 1 - pi(u)} without its cancellation. */
  public double stops(double utility) {
    if (noise == 0) return utility >= 0 ? 0 : 1;
    return 1 / (1 + Math.exp(utility / noise));
  }
}
