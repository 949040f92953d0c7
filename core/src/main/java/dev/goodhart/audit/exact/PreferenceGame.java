package dev.goodhart.audit.exact;

import java.util.Arrays;

/**
 * What preferences say of policies when no reward need exist: the symmetric game in which two
 * policies each say a response to the same prompt and the preferred one wins.
 *
 * <pre>{@code
 * r(y)            = sum over y' of policy(y') P(y over y')          how often y wins against it
 * win(pi, pi')    = sum over y, y' of pi(y) pi'(y') P(y over y')
 * exploitability  = max over y of r(y) - 1/2                        0 for a Nash policy alone
 * }</pre>
 *
 * <p>For a judge that goes in circles, exploitability says how far a policy is from one that
 * nothing beats. No policy is below 0; a Bradley–Terry judge's Nash policy says its best responses.
 *
 * @param wins P(y over y'), {@code [responses][responses]}, in [0, 1], each two adding up to 1
 */
@SuppressWarnings("ArrayRecordComponent") // a table, copied at the door
public record PreferenceGame(double[][] wins) {
  private static final double SLACK = 1e-9;

  public PreferenceGame {
    int n = wins.length;
    if (n < 2) throw new IllegalArgumentException("a game needs two responses, not " + n);
    wins = Arrays.stream(wins).map(double[]::clone).toArray(double[][]::new);
    for (int y = 0; y < n; y++) {
      if (wins[y].length != n) {
        throw new IllegalArgumentException(
            "wins must be square: row %d of %d has %d".formatted(y, n, wins[y].length));
      }
      for (int other = 0; other <= y; other++) {
        double p = wins[y][other];
        if (!(p >= 0 && p <= 1) || Math.abs(p + wins[other][y] - 1) > SLACK) {
          throw new IllegalArgumentException(
              "P(%d over %d) = %s and P(%d over %d) = %s must lie in [0, 1] and add up to 1"
                  .formatted(y, other, p, other, y, wins[other][y]));
        }
      }
    }
  }

  /** How often each response wins against a policy, {@code [responses]}. */
  public double[] against(double[] policy) {
    double[] rates = new double[wins.length];
    Arrays.setAll(rates, y -> Tables.dot(expectLike(policy, y), policy));
    return rates;
  }

  private double[] expectLike(double[] policy, int y) {
    Tables.match("policy", policy, "wins", wins[y]);
    return wins[y];
  }

  /** How often a policy wins against another, ½ against itself. */
  public double winRate(double[] policy, double[] other) {
    return Tables.dot(against(other), policy);
  }

  /** By how much more than half of the time the best answer to a policy wins, in [0, ½]. */
  public double exploitability(double[] policy) {
    return Math.max(0, Arrays.stream(against(policy)).max().orElseThrow() - 0.5);
  }

  /**
   * The policies of {@code pi(t+1) ∝ pi(t) exp(r(t) / eta)} on average, by which the game is
   * solved: nothing beats it more often than {@code ½ + eta log(responses) / rounds + 1/(8 eta)}
   * from an even start. The last of them need not settle: see {@link #update}.
   *
   * @param start {@code [responses]}
   * @param rounds the number of policies averaged, the first included; at least 1
   */
  public double[] average(double[] start, double eta, int rounds) {
    double[] policy = start.clone();
    double[] mean = new double[policy.length];
    for (int t = 0; t < rounds; t++) {
      for (int y = 0; y < mean.length; y++) mean[y] += policy[y] / rounds;
      policy = update(policy, eta);
    }
    return mean;
  }

  /** The policy after one round, the tilt of a policy by its win rates. */
  public double[] update(double[] policy, double eta) {
    return Tilt.of(policy, against(policy), 1 / eta);
  }

  /** The largest exploitability that {@link #average} from an even start can have. */
  public static double bound(int responses, double eta, int rounds) {
    return eta * Math.log(responses) / rounds + 1 / (8 * eta);
  }
}
