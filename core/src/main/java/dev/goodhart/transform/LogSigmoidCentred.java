package dev.goodhart.transform;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.Arrays;

/**
 * LSC: the log-probability that the response is good, where good means preferred to an acceptable
 * reference answer of the same prompt.
 *
 * <pre>{@code u = log sigmoid(r - r_ref(x)),  r_ref = a high quantile of the references' rewards}
 * </pre>
 *
 * <p>When you would want it: several properties must all hold. The sum of transformed rewards is
 * the log-probability that all are good (a logical and), while a sum of raw rewards lets one huge
 * score buy off a failed property. Below the reference u is almost linear, above it almost flat.
 * Rewards must be on the Bradley–Terry logit scale; the reference is per prompt, a global constant
 * is not equivalent.
 *
 * @param quantile which quantile of the references' rewards counts as acceptable, in [0, 1]
 * @param samples how many reference rewards are needed for it, at least 1
 */
@Method(id = 9, source = "arXiv 2402.00742")
public record LogSigmoidCentred(@Default("0.85") double quantile, @Default("32") int samples)
    implements Transform {
  public LogSigmoidCentred {
    if (!(quantile >= 0 && quantile <= 1)) {
      throw new IllegalArgumentException("quantile must lie in [0, 1], not " + quantile);
    }
    if (samples < 1) {
      throw new IllegalArgumentException("samples must be at least 1, not " + samples);
    }
  }

  @Override
  public int references() {
    return samples;
  }

  @Override
  public double of(double reward, double[] references) {
    return Logistic.logSigmoid(reward - acceptable(references));
  }

  /**
   * How much a unit of reward still counts, {@code sigmoid(r_ref - r)} in (0, 1): near 1 for
   * answers far below the reference, near 0 far above. Where its mean over base responses is below
   * 0.2, the reference is too low and the transform says little; above 0.9 it is nearly the raw
   * reward.
   */
  public double slope(double reward, double[] references) {
    return Logistic.sigmoid(acceptable(references) - reward);
  }

  /**
   * The reward of an acceptable answer: the quantile by linear interpolation between order
   * statistics.
   */
  double acceptable(double[] references) {
    double[] sorted = references.clone();
    Arrays.sort(sorted);
    double position = quantile * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
