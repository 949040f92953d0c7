package dev.goodhart.spec;

/**
 * A number that changes over the steps of a training run. In a reward spec it may stand in the
 * place of any number below {@code transform} and {@code combine}:
 *
 * <pre>{@code
 * combine: { weighted: { correct: 1.0, brief: { linear: { from: 0, to: 0.3, steps: 200 } } } }
 * }</pre>
 *
 * <p>Where nobody trains there is no step, and it stands at its {@link #end()}.
 */
public interface Schedule {
  /**
   * The number at a step of training, finite.
   *
   * @param step counted from 0
   */
  double at(long step);

  /**
   * The steps at which it turns, rising, at least one: between two of them it only rises, only
   * falls or stays, from the last one on it stays.
   */
  long[] turns();

  /** What it comes to in the end. */
  default double end() {
    long[] turns = turns();
    return at(turns[turns.length - 1]);
  }
}
