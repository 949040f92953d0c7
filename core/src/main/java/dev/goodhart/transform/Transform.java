package dev.goodhart.transform;

import dev.goodhart.Sample;

/**
 * One reward made better: calibrated, centred, bounded or shaped.
 *
 * <p>Many transforms compare with what an ordinary policy earns on the same prompt. Those state how
 * many reference rewards they need; the scorer takes the reference responses from the sample's
 * {@code references} column and scores them with the same signal.
 */
public interface Transform {
  /**
   * @param reward a raw reward, finite
   * @param references rewards of reference responses to the same prompt, scored by the same signal;
   *     at least {@link #references()} of them
   * @return the transformed reward
   */
  double of(double reward, double[] references);

  /**
   * The same for a transform that needs to know more of the sample, such as which kind of answer it
   * holds; by default it makes no difference.
   *
   * @param sample the one that was rewarded
   */
  default double of(double reward, double[] references, Sample sample) {
    return of(reward, references);
  }

  /** The least number of reference rewards that {@link #of} needs. */
  default int references() {
    return 0;
  }
}
