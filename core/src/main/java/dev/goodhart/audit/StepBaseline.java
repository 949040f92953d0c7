package dev.goodhart.audit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How a figure of a run's steps stands against where the run began: the mean of the last {@code
 * window} steps beside the mean of the first {@code baseline}. A step without the figure is passed
 * over.
 */
final class StepBaseline {
  private final int baseline;
  private final int window;
  private final Deque<Double> recent = new ArrayDeque<>();
  private int seen;
  private double mean;
  private double squares; // sum of squared deviations from the mean, by Welford's recursion
  private boolean raised;

  StepBaseline(int baseline, int window) {
    this.baseline = baseline;
    this.window = window;
  }

  /**
   * Adds a step's figure; NaN passes the step over. Returns whether there is something to compare
   * now.
   */
  boolean add(double value) {
    if (Double.isNaN(value)) {
      return false;
    }
    if (seen < baseline) {
      seen++;
      double delta = value - mean;
      mean += delta / seen;
      squares += delta * (value - mean);
      return false;
    }
    recent.addLast(value);
    if (recent.size() > window) {
      recent.removeFirst();
    }
    return recent.size() == window;
  }

  /** The mean of the first steps. */
  double before() {
    return mean;
  }

  /** The mean of the last steps. */
  double now() {
    return recent.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** How much the first steps varied, squared. */
  double variance() {
    return squares / Math.max(1, seen - 1);
  }

  /** The difference of the two means in its standard errors, by how much the first steps varied. */
  double errors() {
    double error = Math.sqrt(variance() * (1.0 / baseline + 1.0 / window));
    return error == 0
        ? (now() == before() ? 0 : Double.POSITIVE_INFINITY)
        : Math.abs(now() - before()) / error;
  }

  /** Whether to raise an alarm: when the condition begins to hold, not again while it goes on. */
  boolean raise(boolean condition) {
    boolean begins = condition && !raised;
    raised = condition;
    return begins;
  }

  /** Errors in a monitor's thresholds, said as a spec's reader needs them. */
  static void check(int baseline, int window, double threshold, String name) {
    if (baseline < 2) {
      throw new IllegalArgumentException("baseline must be at least 2 steps, not " + baseline);
    }
    if (window < 1) {
      throw new IllegalArgumentException("window must be at least 1 step, not " + window);
    }
    if (!(threshold > 0 && Double.isFinite(threshold))) {
      throw new IllegalArgumentException(name + " must be above 0, not " + threshold);
    }
  }
}
