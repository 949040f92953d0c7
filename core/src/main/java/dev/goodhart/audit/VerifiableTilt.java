package dev.goodhart.audit;

/**
 * What reinforcement learning with a verifiable reward and a KL penalty converges to, from one
 * number: the base policy's probability p of a right response. For choosing the penalty, and for
 * telling what training did beyond it.
 *
 * <p>With reward 1 on the right responses C and 0 elsewhere, the optimum of {@code E[R] - tau KL(pi
 * || q)} is the base policy q tilted, which changes the odds of C and nothing within C or without:
 *
 * <pre>{@code
 * pi(y)      = q(y) exp(R(y) / tau) / Z
 * pi(C)      = p e^(1/tau) / (p e^(1/tau) + 1 - p)               logit pi(C) = logit p + 1 / tau
 * KL(pi||q)  = pi(C) log(pi(C) / p) + (1 - pi(C)) log((1 - pi(C)) / (1 - p))     <= -log p   nats
 * H(pi)      = h(pi(C)) + pi(C) H(q | C) + (1 - pi(C)) H(q | not C)
 * }</pre>
 *
 * <p>where {@code h(x) = -x log x - (1 - x) log(1 - x)}. As tau goes to 0 it is q restricted to C:
 * no right response is lost and none is found. So a trained policy that did lose some ({@link
 * SupportDynamics}) was not brought there by its objective but by finite sampling.
 *
 * <p>Entropy need not fall: {@code dH / d pi(C) = H(q | C) - H(q | not C) - logit pi(C)}, so it
 * rises until {@code logit pi(C) = H(q | C) - H(q | not C)}, where the right responses are more
 * spread out than the wrong ones, and falls only from there ({@link #entropyPeak}).
 *
 * <p>Source: arXiv 2507.14843; derived again. A response of probability 0 keeps it at any tau.
 *
 * @param correct p, in (0, 1): base policies that are never or always right are not tilted
 */
public record VerifiableTilt(double correct) {
  public VerifiableTilt {
    if (!(correct > 0 && correct < 1)) {
      throw new IllegalArgumentException("correct must lie between 0 and 1, not " + correct);
    }
  }

  /**
   * pi(C).
   *
   * @param tau the KL penalty, in units of the reward, above 0
   */
  public double correct(double tau) {
    if (!(tau > 0)) throw new IllegalArgumentException("tau must be above 0, not " + tau);
    // By way of log-odds: e^(1/tau) overflows from tau = 0.0014 on downwards.
    return 1 / (1 + Math.exp(-(logit(correct) + 1 / tau)));
  }

  /** KL(pi || q) in nats. */
  public double divergence(double tau) {
    double more = correct(tau);
    double less = 1 / (1 + Math.exp(logit(correct) + 1 / tau)); // 1 - more, which would be 0
    return more * Math.log(more / correct)
        + (less == 0 ? 0 : less * (Math.log(less) - Math.log1p(-correct)));
  }

  /**
   * The penalty under which the optimum is right with a probability.
   *
   * @param wanted above {@link #correct()} and below 1
   */
  public double tau(double wanted) {
    if (!(wanted > correct && wanted < 1)) {
      throw new IllegalArgumentException(
          "wanted must lie between " + correct + " and 1, not " + wanted);
    }
    return 1 / (logit(wanted) - logit(correct));
  }

  /**
   * H(pi) in nats.
   *
   * @param right H(q | C), the entropy of the base policy's right responses
   * @param wrong H(q | not C)
   */
  public double entropy(double tau, double right, double wrong) {
    double more = correct(tau);
    return binary(more) + more * right + (1 - more) * wrong;
  }

  /** The probability of a right response up to which tilting raises the entropy. */
  public static double entropyPeak(double right, double wrong) {
    return 1 / (1 + Math.exp(wrong - right));
  }

  private static double binary(double x) {
    return x <= 0 || x >= 1 ? 0 : -x * Math.log(x) - (1 - x) * Math.log1p(-x);
  }

  private static double logit(double p) {
    return Math.log(p) - Math.log1p(-p);
  }
}
