package dev.goodhart.audit;

/**
 * How far a figure of a run's steps has moved from where the run began, beside what wandering makes
 * of it. A policy that learns drifts in everything; where its steps lead nowhere in particular, the
 * distance goes with the square root of their number. So a move of step t is
 *
 * <pre>{@code
 * (mean of the last window steps - mean of the first baseline) / (s √(t / (baseline + window)))
 * s² = variance over the first steps + grain²,   √ at least 1
 * }</pre>
 *
 * <p>in deviations of a single step. A step without the figure is passed over, but counts in t.
 */
final class Drift {
  private final StepBaseline steps;
  private final int compared;
  private final double grain;
  private boolean ready;

  /**
   * @param baseline how many steps the run begins with, at least 2
   * @param window how many steps are averaged, at least 1
   * @param grain what a step varies by at least, in the figure's unit: so that the noise of a
   *     figure that was exactly the same in all first steps is not taken for nothing
   */
  Drift(int baseline, int window, double grain) {
    this.steps = new StepBaseline(baseline, window);
    this.compared = baseline + window;
    this.grain = grain;
  }

  /** Adds a step's figure; one that is not finite is passed over. */
  void add(double value) {
    if (Double.isFinite(value) && steps.add(value)) ready = true;
  }

  /**
   * The move, up above 0 and down below; 0 until the first steps and a window after them are over.
   *
   * @param step of the run, from 1
   */
  double moved(long step) {
    if (!ready) return 0;
    double noise = Math.sqrt(steps.variance() + grain * grain);
    double walk = Math.sqrt(Math.max(1, step / (double) compared));
    return (steps.now() - steps.before()) / noise / walk;
  }
}
