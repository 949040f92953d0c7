package dev.goodhart.lab.experiment;

import dev.goodhart.audit.exact.Divergence;
import dev.goodhart.audit.exact.Tilt;
import java.util.SplittableRandom;

/**
 * A policy with few weights that all responses share, trained by policy gradients:
 *
 * <pre>{@code
 * pi(y) = pi_0(y) exp(w . phi(y)) / Z
 * w <- w + rate / n sum_j A_j (phi(y_j) - E_pi phi)
 * }</pre>
 *
 * With weights shared, what is learned on some responses moves others, as in a real model and
 * unlike in a table.
 */
final class LogLinearPolicy {
  private final double[] base;
  private final double[][] features;
  private final double[] weights;
  private final double[] probabilities;
  private final double[] cumulative;

  /**
   * The base policy itself: all weights are 0.
   *
   * @param base probabilities, {@code [responses]}
   * @param features {@code [responses][weights]}
   */
  LogLinearPolicy(double[] base, double[][] features) {
    this.base = base;
    this.features = features;
    this.weights = new double[features[0].length];
    this.probabilities = base.clone();
    this.cumulative = new double[base.length];
    update();
  }

  /** The probabilities of all responses; the array is the policy's own. */
  double[] probabilities() {
    return probabilities;
  }

  double[] weights() {
    return weights.clone();
  }

  /** What a reward of each response comes to on average. */
  double mean(double[] rewards) {
    return Tilt.mean(probabilities, rewards);
  }

  /** {@code KL(pi || pi_0)} in nats. */
  double kl() {
    return Divergence.kl(probabilities, base);
  }

  /** {@code log(pi(y) / pi_0(y))}. */
  double logRatio(int y) {
    return Math.log(probabilities[y] / base[y]);
  }

  int draw(SplittableRandom random) {
    double u = random.nextDouble() * cumulative[cumulative.length - 1];
    int low = 0;
    int high = cumulative.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (u < cumulative[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  int[] draw(int n, SplittableRandom random) {
    int[] drawn = new int[n];
    for (int j = 0; j < n; j++) {
      drawn[j] = draw(random);
    }
    return drawn;
  }

  /** One step of the policy gradient on responses drawn from the policy as it is. */
  void step(int[] drawn, double[] advantages, double rate) {
    double[] expected = new double[weights.length];
    for (int y = 0; y < base.length; y++) {
      for (int i = 0; i < weights.length; i++) {
        expected[i] += probabilities[y] * features[y][i];
      }
    }
    for (int j = 0; j < drawn.length; j++) {
      double weight = rate * advantages[j] / drawn.length;
      for (int i = 0; i < weights.length; i++) {
        weights[i] += weight * (features[drawn[j]][i] - expected[i]);
      }
    }
    update();
  }

  private void update() {
    double most = Double.NEGATIVE_INFINITY;
    for (int y = 0; y < base.length; y++) {
      double logit = 0;
      for (int i = 0; i < weights.length; i++) {
        logit += weights[i] * features[y][i];
      }
      probabilities[y] = logit;
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (int y = 0; y < base.length; y++) {
      probabilities[y] = base[y] * Math.exp(probabilities[y] - most);
      sum += probabilities[y];
    }
    double below = 0;
    for (int y = 0; y < base.length; y++) {
      probabilities[y] /= sum;
      below += probabilities[y];
      cumulative[y] = below;
    }
  }
}
