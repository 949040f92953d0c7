package dev.goodhart.steer;

import dev.goodhart.Method;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Takes the response with the highest reward; equal ones with equal probability. */
@Method
public record BestOfN() implements Steer {
  @Override
  public int choose(double[] rewards, RandomGenerator random) {
    if (rewards.length == 0) {
      throw new IllegalArgumentException("there is no response to choose from");
    }
    int best = 0;
    int ties = 1;
    for (int i = 1; i < rewards.length; i++) {
      if (rewards[i] > rewards[best]) {
        best = i;
        ties = 1;
      } else if (rewards[i] == rewards[best] && random.nextInt(++ties) == 0) {
        best = i;
      }
    }
    return best;
  }

  /**
   * How far best-of-n moves the policy from its base, at most, in nats: {@code log n - (n-1)/n}.
   * Exact where no two responses of the base policy tie and none carries more than vanishing
   * probability; an upper bound otherwise.
   */
  public static double kl(int n) {
    atLeastOne(n);
    return Math.log(n) - (n - 1.0) / n;
  }

  /**
   * How far best-of-n moves a base policy of known responses, exactly, in nats. With the
   * probability P of drawing a reward and F of drawing that or a lower one, over the rewards that
   * there are,
   *
   * <pre>{@code KL = sum Q log(Q / P),   Q = F^n - (F - P)^n}</pre>
   *
   * <p>Responses that tie keep their proportions and so count as one.
   *
   * @param probabilities of the responses under the base policy, {@code [responses]}, summing to 1
   * @param rewards of the responses, {@code [responses]}
   * @return in [0, {@link #kl(int)}]
   */
  public static double kl(double[] probabilities, double[] rewards, int n) {
    double[] best = distribution(probabilities, rewards, n);
    double kl = 0;
    for (int y = 0; y < best.length; y++) {
      kl += best[y] > 0 ? best[y] * Math.log(best[y] / probabilities[y]) : 0;
    }
    return Math.max(0, kl);
  }

  /**
   * With which probability best-of-n takes each response of a base policy of known responses.
   *
   * @param probabilities of the responses under the base policy, {@code [responses]}, summing to 1
   * @param rewards of the responses, {@code [responses]}
   * @return {@code [responses]}, summing to 1
   */
  public static double[] distribution(double[] probabilities, double[] rewards, int n) {
    atLeastOne(n);
    if (probabilities.length != rewards.length) {
      throw new IllegalArgumentException(
          "probabilities [%d] and rewards [%d] must match"
              .formatted(probabilities.length, rewards.length));
    }
    if (!(Math.abs(Arrays.stream(probabilities).sum() - 1) < 1e-9)
        || Arrays.stream(probabilities).anyMatch(p -> p < 0)) {
      throw new IllegalArgumentException("probabilities must be at least 0 and sum to 1");
    }
    if (Arrays.stream(rewards).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("a reward that is NaN has no rank");
    }
    TreeMap<Double, Double> levels = new TreeMap<>();
    for (int y = 0; y < rewards.length; y++) {
      levels.merge(rewards[y] + 0.0, probabilities[y], Double::sum); // -0 is 0
    }
    TreeMap<Double, Double> stretch = new TreeMap<>();
    double below = 0;
    for (var level : levels.entrySet()) {
      double p = level.getValue();
      double up = below + p;
      // (up^n - below^n) / p; the difference of two near powers would lose its digits
      double power = Math.exp(n * Math.log(up)) * -Math.expm1(n * Math.log1p(-p / up));
      stretch.put(level.getKey(), p == 0 ? 0 : power / p);
      below = up;
    }
    double[] best = new double[rewards.length];
    Arrays.setAll(best, y -> probabilities[y] * stretch.getOrDefault(rewards[y] + 0.0, Double.NaN));
    return best;
  }

  private static void atLeastOne(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1, not " + n);
    }
  }
}
