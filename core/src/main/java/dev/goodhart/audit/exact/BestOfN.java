package dev.goodhart.audit.exact;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What best-of-n does to a base policy whose responses are known: with P the probability of drawing
 * a reward and F that of drawing it or a lower one, over the distinct rewards,
 *
 * <pre>{@code
 * Q = F^n - (F - P)^n              the probability that the best of n has that reward
 * KL = sum Q log(Q / P)            <= log n - (n-1)/n, equal where no two responses tie and none has mass
 * }</pre>
 *
 * <p>Responses that tie share Q in the proportions that they have under the base policy. n need not
 * be whole: {@code F^n} is a distribution function for any n of 1 or more, which is what limits
 * with n = exp(budget) use; only whole n can be sampled.
 */
public final class BestOfN {
  /**
   * With which probability best-of-n takes each response.
   *
   * @param base probabilities of the responses, {@code [responses]}, summing to 1
   * @param rewards of the responses, {@code [responses]}; infinite ones have a rank too
   * @param n at least 1
   * @return {@code [responses]}, summing to 1
   */
  public static double[] distribution(double[] base, double[] rewards, double n) {
    atLeastOne(n);
    Tables.match("probabilities", base, "rewards", rewards);
    Tables.distribution("probabilities", base);
    if (Arrays.stream(rewards).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("a reward that is NaN has no rank");
    }
    TreeMap<Double, Double> levels = new TreeMap<>();
    for (int y = 0; y < rewards.length; y++) {
      levels.merge(rewards[y] + 0.0, base[y], Double::sum); // -0 is 0
    }
    Map<Double, Double> stretch = new HashMap<>();
    double below = 0;
    double[] above = fromTheTop(levels);
    int i = 0;
    for (var level : levels.entrySet()) {
      double p = level.getValue();
      below += p;
      // log F from the side on which it has digits: with n = exp(40) the last one counts
      double top = above[i++];
      double logF = top < 0.5 ? Math.log1p(-top) : Math.log(below);
      // (F^n - (F - P)^n) / P; the difference of two near powers would lose its digits
      double share = Math.min(1, p / Math.exp(logF));
      double power = p == 0 ? 0 : Math.exp(n * logF) * -Math.expm1(n * Math.log1p(-share));
      stretch.put(level.getKey(), p == 0 ? 0 : power / p);
    }
    double[] best = new double[rewards.length];
    Arrays.setAll(best, y -> base[y] * stretch.getOrDefault(rewards[y] + 0.0, Double.NaN));
    return best;
  }

  /** The probability above each level, from the lowest level on. */
  private static double[] fromTheTop(TreeMap<Double, Double> levels) {
    double[] above = new double[levels.size()];
    double sum = 0;
    int i = above.length;
    for (double p : levels.descendingMap().values()) {
      above[--i] = sum;
      sum += p;
    }
    return above;
  }

  /**
   * How far best-of-n moves the base policy, exactly, in nats.
   *
   * @return in [0, {@link #klBound}]
   */
  public static double kl(double[] base, double[] rewards, double n) {
    return Divergence.kl(distribution(base, rewards, n), base);
  }

  /**
   * What the chosen response is worth on average.
   *
   * @param rewards what the choice goes by
   * @param gold what counts
   */
  public static double expected(double[] base, double[] rewards, double[] gold, double n) {
    Tables.match("rewards", rewards, "gold", gold);
    return Tables.dot(distribution(base, rewards, n), gold);
  }

  /**
   * How far best-of-n moves any policy, at most, in nats: {@code log n - (n-1)/n}. Exact where no
   * two responses tie and none carries more than vanishing probability.
   */
  public static double klBound(double n) {
    atLeastOne(n);
    return Math.log(n) - (n - 1) / n;
  }

  /** The n whose {@link #klBound} is that many nats, not whole in general. */
  public static double nAtKl(double kl) {
    if (!(kl >= 0 && kl < 700)) {
      throw new IllegalArgumentException("a divergence must lie in [0, 700) nats, not " + kl);
    }
    double low = kl; // of log n: log n - 1 < kl < log n for n > 1
    double high = kl + 1;
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      if (klBound(Math.exp(middle)) < kl) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.exp(low);
  }

  private static void atLeastOne(double n) {
    if (!(n >= 1 && Double.isFinite(n))) {
      throw new IllegalArgumentException("n must be at least 1, not " + n);
    }
  }

  private BestOfN() {}
}
