package dev.goodhart.audit.exact;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;

/**
 * Where a policy spends its time in a Markov decision process that is written out:
 *
 * <pre>{@code
 * d(s, a) = (1 - gamma) sum_t gamma^t P(s_t = s, a_t = a)
 * sum_a d(s, a) = (1 - gamma) start(s) + gamma sum_{s', a'} P(s | s', a') d(s', a')
 * return = sum d(s, a) r(s, a) / (1 - gamma)
 * }</pre>
 *
 * <p>The return is linear in d, and {@code d(s, a) / sum_a d(s, a)} gives the policy back wherever
 * it comes by: a policy and its occupancy measure say the same.
 */
public final class Occupancy {
  /**
   * The occupancy measure of a policy.
   *
   * @param start probabilities of the first state, {@code [states]}
   * @param transitions of the next state, {@code [states][actions][states]}
   * @param policy {@code [states][actions]}
   * @param gamma the discount, in [0, 1)
   * @return {@code [states][actions]}, summing to 1
   */
  public static double[][] of(
      double[] start, double[][][] transitions, double[][] policy, double gamma) {
    int states = start.length;
    check(states, transitions, policy, gamma);
    Tables.distribution("start", start);
    double[][] flow = new double[states][states]; // (I - gamma P') d = (1 - gamma) start
    double[] source = new double[states];
    for (int s = 0; s < states; s++) {
      flow[s][s] += 1;
      source[s] = (1 - gamma) * start[s];
      for (int a = 0; a < policy[s].length; a++) {
        for (int next = 0; next < states; next++) {
          flow[next][s] -= gamma * policy[s][a] * transitions[s][a][next];
        }
      }
    }
    double[] visits = solve(flow, source);
    double[][] occupancy = new double[states][];
    for (int s = 0; s < states; s++) {
      double mass = Math.max(0, visits[s]);
      occupancy[s] = Arrays.stream(policy[s]).map(p -> mass * p).toArray();
    }
    return occupancy;
  }

  /**
   * The policy that has this occupancy; uniform in states that it never comes to.
   *
   * @param occupancy {@code [states][actions]}
   */
  public static double[][] policy(double[][] occupancy) {
    double[][] policy = new double[occupancy.length][];
    for (int s = 0; s < occupancy.length; s++) {
      int actions = occupancy[s].length;
      double sum = Arrays.stream(occupancy[s]).sum();
      policy[s] = Arrays.stream(occupancy[s]).map(d -> sum > 0 ? d / sum : 1.0 / actions).toArray();
    }
    return policy;
  }

  /** The expected discounted return of the occupancy's policy. */
  public static double value(double[][] occupancy, double[][] rewards, double gamma) {
    double sum = 0;
    for (int s = 0; s < occupancy.length; s++) {
      Tables.match("occupancy", occupancy[s], "rewards", rewards[s]);
      sum += Tables.dot(occupancy[s], rewards[s]);
    }
    return sum / (1 - gamma);
  }

  /**
   * What each state is worth under a policy, {@code v = r_pi + gamma P_pi v}.
   *
   * @param rewards {@code [states][actions]}
   * @return {@code [states]}
   */
  public static double[] values(
      double[][][] transitions, double[][] policy, double[][] rewards, double gamma) {
    int states = policy.length;
    check(states, transitions, policy, gamma);
    double[][] system = new double[states][states];
    double[] earned = new double[states];
    for (int s = 0; s < states; s++) {
      system[s][s] += 1;
      earned[s] = Tables.dot(policy[s], rewards[s]);
      for (int a = 0; a < policy[s].length; a++) {
        for (int next = 0; next < states; next++) {
          system[s][next] -= gamma * policy[s][a] * transitions[s][a][next];
        }
      }
    }
    return solve(system, earned);
  }

  private static void check(int states, double[][][] transitions, double[][] policy, double gamma) {
    if (!(gamma >= 0 && gamma < 1)) {
      throw new IllegalArgumentException("gamma must be in [0, 1), not " + gamma);
    }
    if (transitions.length != states || policy.length != states) {
      throw new IllegalArgumentException(
          "states must match: %d at the start, %d in transitions, %d in the policy"
              .formatted(states, transitions.length, policy.length));
    }
    for (int s = 0; s < states; s++) {
      if (transitions[s].length != policy[s].length) {
        throw new IllegalArgumentException(
            "state %d has %d actions in transitions, %d in the policy"
                .formatted(s, transitions[s].length, policy[s].length));
      }
      Tables.distribution("policy of state " + s, policy[s]);
      for (double[] next : transitions[s]) {
        if (next.length != states) {
          throw new IllegalArgumentException(
              "a transition from state %d leads to %d states, not %d"
                  .formatted(s, next.length, states));
        }
        Tables.distribution("transitions from state " + s, next);
      }
    }
  }

  private static double[] solve(double[][] matrix, double[] right) {
    return new LUDecomposition(new Array2DRowRealMatrix(matrix, false))
        .getSolver()
        .solve(new ArrayRealVector(right, false))
        .toArray();
  }

  private Occupancy() {}
}
