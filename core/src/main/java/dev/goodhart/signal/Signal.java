package dev.goodhart.signal;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.Collections;
import java.util.List;

/**
 * Where a raw reward comes from: a verifier, a learned reward model, a judge, a likelihood.
 *
 * <p>A signal that is only its hyper-parameters (a verifier) implements {@link #of(Sample)} and
 * nothing else. One that needs something loaded (a model) does that in {@link #open()}, which a
 * {@link dev.goodhart.spec.Scorer} calls once before the first sample. Signals are called from
 * several threads at once.
 */
public interface Signal extends AutoCloseable {
  /**
   * Rewards one sample. When no verdict is possible the answer is {@link dev.goodhart.Unscored}
   * with the reason, never 0.
   */
  Reward of(Sample sample);

  /**
   * Rewards a batch, in its order; override where a batch is cheaper than its samples one by one.
   */
  default List<Reward> of(List<Sample> batch) {
    if (batch.size() == 1) { // as a server asks, thousands of times a second
      return Collections.singletonList(of(batch.getFirst()));
    }
    return batch.stream().map(this::of).toList();
  }

  /**
   * Loads what the signal needs and returns the signal to score with; the default needs nothing.
   *
   * @throws dev.goodhart.GoodhartException if something it needs is missing, saying what to do
   */
  default Signal open() {
    return this;
  }

  /** How long it takes; whoever does not say is taken to be slow. */
  default Pace pace() {
    return Pace.SLOW;
  }

  /** Gives back what {@link #open()} took. */
  @Override
  default void close() {}
}
