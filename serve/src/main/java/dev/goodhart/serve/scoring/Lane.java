package dev.goodhart.serve.scoring;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Unscored;
import java.util.Collections;
import java.util.List;

/** Where the samples for one signal wait and are scored, apart from those of every other signal. */
interface Lane extends AutoCloseable {
  /** Takes samples up; the caller waits for each. */
  void submit(List<Pending> samples);

  /** How many samples wait. */
  int waiting();

  /** How many samples it judges in a second, as far as it has been seen; 0 before the first. */
  double rate();

  /** Nobody waits for this sample any more. */
  default void abandon(Pending pending, String reason) {
    var _ = pending.abandon(reason);
  }

  @Override
  void close();

  /** A signal as a lane sees it: it may fail in any way, and gives one verdict a sample. */
  @FunctionalInterface
  interface Scores {
    List<Reward> of(List<Sample> samples);

    /** The verdicts, whatever happens. */
    default List<Reward> safely(String signal, List<Sample> samples) {
      try {
        return of(samples);
      } catch (VirtualMachineError | Exception e) {
        System.getLogger(Lane.class.getName())
            .log(System.Logger.Level.WARNING, signal + " failed", e);
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return Collections.nCopies(samples.size(), new Unscored(signal + " failed: " + reason));
      }
    }
  }
}
