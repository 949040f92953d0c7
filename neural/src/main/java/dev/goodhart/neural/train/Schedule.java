package dev.goodhart.neural.train;

import dev.goodhart.Default;

/**
 * How the learning rate changes over a training: it rises in a line to its peak, then falls along a
 * half cosine to its floor. With w = ⌈warmUp · steps⌉, step t of n (from 0) takes
 *
 * <pre>{@code
 * peak · (t + 1) / w                                                    if t < w
 * peak · (floor + (1 − floor) · (1 + cos(π (t − w) / (n − w))) / 2)      otherwise
 * }</pre>
 *
 * @param peak the largest rate, at least 0
 * @param warmUp the share of the steps in which it rises, in [0, 1]
 * @param floor where it ends, as a share of the peak, in [0, 1]; 1 keeps it at its peak
 */
public record Schedule(double peak, @Default("0.05") double warmUp, @Default("0.1") double floor) {
  public Schedule {
    if (!(peak >= 0 && peak < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("peak must be finite and at least 0, not " + peak);
    }
    if (!(warmUp >= 0 && warmUp <= 1)) {
      throw new IllegalArgumentException("warm-up must lie in [0, 1], not " + warmUp);
    }
    if (!(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException("floor must lie in [0, 1], not " + floor);
    }
  }

  /** The same rate in every step. */
  public static Schedule constant(double rate) {
    return new Schedule(rate, 0, 1);
  }

  /**
   * The learning rate of one step.
   *
   * @param step from 0
   * @param steps of the whole training
   */
  public double rate(long step, long steps) {
    if (step < 0 || step >= steps) {
      throw new IllegalArgumentException("step " + step + " is not one of " + steps);
    }
    long rising = (long) Math.ceil(warmUp * steps);
    if (step < rising) return peak * (step + 1) / rising;
    // StrictMath, so that a resumed training computes the same bits whoever compiled it.
    double cosine = StrictMath.cos(Math.PI * (step - rising) / (steps - rising));
    return peak * (floor + (1 - floor) * (1 + cosine) / 2);
  }
}
