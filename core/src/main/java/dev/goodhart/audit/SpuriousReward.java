package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.audit.exact.Divergence;

/**
 * What group-relative training does with a reward that says nothing: each response earns 1 with a
 * fixed probability, whatever it says. A gain under such labels is not the reward's doing, so
 * before a reward is credited with a gain, run the same training on coins and compare.
 *
 * <p>With G rewards drawn independently of the responses, {@code A_i = (r_i - mean r) / std r} and
 * 0 where all are equal:
 *
 * <pre>{@code
 * |A_i|    <= sqrt(G) - 1 / sqrt(G)     sample deviation, divisor G - 1
 *          <= sqrt(G - 1)               population deviation, divisor G
 * E A_i     = 0
 * v = E A²  = 1 - q^G - (1 - q)^G       population; times (G - 1) / G with the sample deviation
 * }</pre>
 *
 * <p><b>Entropy.</b> One step without clipping changes the entropy of a policy over K actions, on
 * average over responses and coins. With X the change of the logits at step size 1, {@code pi'
 * proportional to pi exp(eta X)}:
 *
 * <pre>{@code
 * E dH = -(eta² / 2) E [ Var_pi(X) + sum_a pi_a (X_a - mean X)² (log pi_a + H) ] + O(eta^4)
 *
 * X_a = (1/G) sum_i 1[a_i = a] A_i / pi_a   (importance-weighted):
 *       -(eta² v / 2 G) [ K - 1 + sum_a (log pi_a + H) ]
 * X_a = (1/G) sum_i 1[a_i = a] A_i          (a gradient step on the logits, what trainers take):
 *       -(eta² v / 2 G) [ s2 - 2 s3 + s2² + sum_a pi_a (log pi_a + H) w_a ]
 *       w_a = pi_a (1 - pi_a) - 2 pi_a (pi_a - s2) + s3 - s2²,     s2 = sum pi², s3 = sum pi³
 * }</pre>
 *
 * <p>The term of first order, {@code -eta Cov_pi(X, log pi)}, is 0 on average and much larger in a
 * single step. So a coin lowers the entropy of a flat policy and <em>raises</em> that of a peaked
 * one. For q other than 1/2 the remainder is O(eta³).
 *
 * <p><b>Misalignment.</b> Of the G responses c are truly right. The sum of centred advantages that
 * the right ones would earn from the truth, less what coins give them, has
 *
 * <pre>{@code
 * mean = c (G - c) / G        variance = q (1 - q) c (G - c) / G
 * }</pre>
 *
 * <p>which vanish both for c = G and for c = 0: coins cost a policy most that is right half of the
 * time. These hold for advantages that are not divided by the deviation.
 *
 * <p>Source: arXiv 2512.16912, for q = 1/2; derived again. The form on logits and the general q are
 * not from there. Its bound on the ratio of {@link ClipCorrection} has constants that could not be
 * derived, so that is measured instead.
 *
 * @param group G, at least 2
 * @param deviation by which advantages are divided
 * @param share q, the probability to earn 1, in (0, 1)
 */
@Method(id = 1, source = "arXiv 2512.16912")
public record SpuriousReward(
    @Default("16") int group,
    @Default("sample") Deviation deviation,
    @Default("0.5") double share) {
  /** The divisor of a group's squared deviations. */
  public enum Deviation {
    /** G. */
    POPULATION,
    /** G - 1. */
    SAMPLE
  }

  /** How advantages move a policy. */
  public enum Step {
    /** Each action's advantage is divided by its probability: a step of mirror descent. */
    IMPORTANCE_WEIGHTED,
    /** A gradient step on the logits. */
    ON_LOGITS
  }

  public SpuriousReward {
    if (group < 2) throw new IllegalArgumentException("group must be at least 2, not " + group);
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("share must lie between 0 and 1, not " + share);
    }
  }

  /** The largest advantage that one response can get. */
  public double bound() {
    return deviation == Deviation.SAMPLE
        ? Math.sqrt(group) - 1 / Math.sqrt(group)
        : Math.sqrt(group - 1);
  }

  /** v, the mean square of an advantage. */
  public double secondMoment() {
    double mixed = 1 - Math.pow(share, group) - Math.pow(1 - share, group);
    return deviation == Deviation.SAMPLE ? mixed * (group - 1) / group : mixed;
  }

  /**
   * The expected change of the entropy by one step, in nats; above 0 where coins spread the policy.
   *
   * @param policy probabilities, all above 0; {@code [action]}
   * @param eta the step size, small: {@code eta A / pi} must be well below 1 where steps are
   *     importance-weighted
   */
  public double entropyChange(double[] policy, double eta, Step step) {
    return -eta * eta * secondMoment() / (2 * group) * curvature(policy, step);
  }

  /** The bracket: below 0 where coins spread the policy. */
  static double curvature(double[] policy, Step step) {
    double entropy = Divergence.entropy(policy);
    double s2 = 0;
    double s3 = 0;
    for (double p : policy) {
      if (!(p > 0 && p <= 1)) {
        throw new IllegalArgumentException("probabilities must lie in (0, 1], not " + p);
      }
      s2 += p * p;
      s3 += p * p * p;
    }
    double sum = step == Step.ON_LOGITS ? s2 - 2 * s3 + s2 * s2 : policy.length - 1;
    for (double p : policy) {
      double weight =
          step == Step.ON_LOGITS ? p * (p * (1 - p) - 2 * p * (p - s2) + s3 - s2 * s2) : 1;
      sum += weight * (Math.log(p) + entropy);
    }
    return sum;
  }

  /** What coins withhold from c right responses: the mean of the misalignment. */
  public double misalignment(int correct) {
    if (correct < 0 || correct > group) {
      throw new IllegalArgumentException("correct must lie in [0, " + group + "], not " + correct);
    }
    return correct * (double) (group - correct) / group;
  }

  /** Its variance over the coins. */
  public double misalignmentVariance(int correct) {
    return share * (1 - share) * misalignment(correct);
  }

  /**
   * The mean misalignment of a group of a policy that is right with a probability: {@code (G - 1) p
   * (1 - p)}, as c is binomial.
   */
  public double misalignment(double accuracy) {
    PassAtK.probability(accuracy);
    return (group - 1) * accuracy * (1 - accuracy);
  }

  /**
   * The direction that lowers a policy's entropy fastest, {@code -dH / d logits = pi_a (log pi_a +
   * H)}: what training without any reward does that only makes the policy surer of itself. Largest
   * for the mode, below 0 for everything less likely than {@code e^-H}: it makes the policy right
   * where its mode is, and nowhere else.
   *
   * @param policy {@code [action]}
   */
  public static double[] entropyDescent(double[] policy) {
    double entropy = Divergence.entropy(policy);
    double[] direction = new double[policy.length];
    for (int a = 0; a < policy.length; a++) {
      direction[a] = policy[a] > 0 ? policy[a] * (Math.log(policy[a]) + entropy) : 0;
    }
    return direction;
  }
}
