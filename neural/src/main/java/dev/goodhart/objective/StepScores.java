package dev.goodhart.objective;

import java.util.Arrays;

/**
 * How a process reward model's verdicts on the steps of a response become one reward. Each verdict
 * is the probability that the step is right.
 *
 * <p>{@link #MIN} (a chain is as good as its worst step) and {@link #PRODUCT} (the probability that
 * all are right, were they independent) are those of Lightman et al. 2023; a product falls with the
 * number of steps, a minimum does not. {@link #LAST} suits models whose later verdicts take the
 * earlier steps into account; {@link #MEAN} forgives single mistakes, and can be raised by adding
 * easy steps.
 */
public enum StepScores {
  MIN,
  PRODUCT,
  MEAN,
  LAST;

  /**
   * @param probabilities one a step, in [0, 1]; at least one
   * @return in [0, 1]
   */
  public double of(double[] probabilities) {
    if (probabilities.length == 0) throw new IllegalArgumentException("there are no steps");
    return switch (this) {
      case MIN -> Arrays.stream(probabilities).min().orElseThrow();
      case PRODUCT -> Arrays.stream(probabilities).reduce(1, (a, b) -> a * b);
      case MEAN -> Arrays.stream(probabilities).average().orElseThrow();
      case LAST -> probabilities[probabilities.length - 1];
    };
  }
}
