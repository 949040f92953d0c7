package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.audit.exact.Softmax;
import java.util.Arrays;

/**
 * Where one step of policy gradient moves the probability mass of a softmax policy: which answers
 * grow, at whose expense, and why a better one that is rare falls first. For telling whether a run
 * that narrows its policy would widen it later ({@link CapabilityBoundary} labels checkpoints).
 *
 * <pre>{@code
 * one draw y of advantage A:         d theta_k = step A (1[k = y] - pi_k)
 * on average, centred by the group:  d theta_k = step (1 - 1/G) pi_k (r_k - mean r),   mean r = sum pi r
 * first order:                       d log pi_k = d theta_k - sum_j pi_j d theta_j
 * }</pre>
 *
 * <p>An answer k grows on average if and only if {@code pi_k (r_k - mean r) > sum_j pi_j² (r_j -
 * mean r)}: not if its reward is above the mean but if its <em>mass times</em> advantage is above
 * that of the policy. Stage 1: what is drawn and better than the rest grows, and a rare answer
 * falls however good it is. Stage 2: the frequent answer has saturated (its own gradient is {@code
 * pi (1 - pi)}), and the rare one grows, if it is still there to be drawn; a draw of it makes the
 * frequent one worse than the group.
 *
 * <p>It holds for tokens of one state as for answers of one prompt; say which one you count.
 * Source: arXiv 2510.04028; derived again. Published without the factor {@code 1 - 1/G}, which the
 * group's own mean brings.
 *
 * @param step of the gradient on the logits, above 0
 * @param group responses whose updates are averaged, at least 1; with 1 there is no baseline of the
 *     group, and the mean reward of the policy takes its place
 */
@Method(id = 107, source = "arXiv 2510.04028")
public record MassFlow(@Default("0.05") double step, @Default("8") int group) {
  private static final long MOST = 2_000_000;

  public MassFlow {
    if (!(step > 0)) throw new IllegalArgumentException("step must be above 0, not " + step);
    if (group < 1) throw new IllegalArgumentException("group must be at least 1, not " + group);
  }

  /**
   * The change of the logits by one drawn answer.
   *
   * @param policy probabilities, {@code [answer]}
   * @param drawn the answer's index
   */
  public double[] update(double[] policy, int drawn, double advantage) {
    return Arrays.stream(Softmax.score(policy, drawn)).map(g -> step * advantage * g).toArray();
  }

  /**
   * The expected change of the logits by a group, advantages being centred and not divided.
   *
   * @param rewards {@code [answer]}
   */
  public double[] expected(double[] policy, double[] rewards) {
    double own = group == 1 ? 1 : 1 - 1.0 / group;
    return Arrays.stream(Softmax.gradient(policy, rewards)).map(g -> step * own * g).toArray();
  }

  /**
   * The same with advantages divided by the group's deviation (divisor G - 1, 0 for equal rewards),
   * exactly: the mean over all ways in which a group can fall. Rare answers move further than
   * without the division: the group's only good one gets up to {@code sqrt(G) - 1 / sqrt(G)}.
   *
   * @throws IllegalArgumentException if there are more than two million ways
   */
  public double[] expectedNormalised(double[] policy, double[] rewards) {
    same(policy, rewards);
    if (group < 2) throw new IllegalArgumentException("a group of one has no deviation");
    double ways = 1;
    for (int k = 1; k < policy.length; k++) ways *= (group + k) / (double) k;
    if (ways > MOST) {
      throw new IllegalArgumentException(
          "a group of "
              + group
              + " over "
              + policy.length
              + " answers falls in too many ways; simulate it");
    }
    double[] change = new double[policy.length];
    fall(0, group, 1, new int[policy.length], policy, rewards, change);
    // Advantages of a group add up to 0, so the term -pi_k drops out.
    for (int k = 0; k < change.length; k++) change[k] *= step / group;
    return change;
  }

  /** Every way to split what is left of the group over the answers from the k-th on. */
  private void fall(
      int k,
      int left,
      double weight,
      int[] counts,
      double[] policy,
      double[] rewards,
      double[] to) {
    if (k == policy.length - 1) {
      counts[k] = left;
      add(weight * Math.pow(policy[k], left), counts, rewards, to);
      return;
    }
    double of = weight; // weight of the counts so far: a product of C(left, n) pi^n
    for (int n = 0; n <= left; n++) {
      counts[k] = n;
      fall(k + 1, left - n, of, counts, policy, rewards, to);
      of *= policy[k] * (left - n) / (n + 1);
    }
  }

  private void add(double weight, int[] counts, double[] rewards, double[] to) {
    double mean = 0;
    for (int k = 0; k < counts.length; k++) mean += counts[k] * rewards[k] / group;
    double squares = 0;
    for (int k = 0; k < counts.length; k++) {
      squares += counts[k] * (rewards[k] - mean) * (rewards[k] - mean);
    }
    double deviation = Math.sqrt(squares / (group - 1));
    if (deviation < 1e-12 || weight == 0) return;
    for (int k = 0; k < counts.length; k++) {
      to[k] += weight * counts[k] * (rewards[k] - mean) / deviation;
    }
  }

  /**
   * The rate at which each answer's log-probability changes, to first order in the change of the
   * logits: below 0 for what loses mass.
   */
  public static double[] growth(double[] policy, double[] change) {
    same(policy, change);
    double mean = 0;
    for (int k = 0; k < policy.length; k++) mean += policy[k] * change[k];
    double centre = mean;
    return Arrays.stream(change).map(c -> c - centre).toArray();
  }

  private static void same(double[] policy, double[] other) {
    if (policy.length != other.length || policy.length == 0) {
      throw new IllegalArgumentException(
          "expected one number an answer, not " + policy.length + " and " + other.length);
    }
  }
}
