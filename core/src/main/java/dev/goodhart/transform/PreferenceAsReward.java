package dev.goodhart.transform;

import dev.goodhart.Default;
import dev.goodhart.Method;

/**
 * PAR: the reward model's own estimate of the probability that the response beats a reference
 * response to the same prompt.
 *
 * <p>When you would want it: a learned reward is optimised hard and its extreme values are not to
 * be trusted. The result lies in (0, 1), rises fastest where the response is about as good as the
 * references, and flattens above them, so a huge raw reward buys next to nothing.
 *
 * <pre>{@code PAR = 1/M sum_m sigmoid(k (r - r_ref_m))}</pre>
 *
 * Do not divide it by a group's deviation afterwards: where all responses lie in the flat part that
 * blows tiny differences up again.
 *
 * @param references M, at least 1: how many reference rewards to compare with (the first M given).
 *     1 is reported to be enough; 10 is smoother
 * @param k the slope, above 0; 1 keeps the Bradley–Terry reading
 */
@Method(id = 31, source = "arXiv 2502.18770")
public record PreferenceAsReward(@Default("1") int references, @Default("1") double k)
    implements Transform {
  public PreferenceAsReward {
    if (references < 1) {
      throw new IllegalArgumentException("references must be at least 1, not " + references);
    }
    if (!(k > 0)) {
      throw new IllegalArgumentException("k must be above 0, not " + k);
    }
  }

  @Override
  public double of(double reward, double[] references) {
    double sum = 0;
    for (int m = 0; m < this.references; m++) {
      sum += Logistic.sigmoid(k * (reward - references[m]));
    }
    return sum / this.references;
  }
}
