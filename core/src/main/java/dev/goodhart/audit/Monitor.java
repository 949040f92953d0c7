package dev.goodhart.audit;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.List;
import java.util.Optional;

/**
 * Watches a run from where a reward server stands: it sees responses and their rewards as they
 * arrive, never the gold reward. The record holds the thresholds; {@link #start()} gives the memory
 * of one run.
 */
public interface Monitor {
  Watch start();

  /** The memory of one run. Not thread-safe: one step after the other. */
  interface Watch {
    /**
     * @param samples of one step of the run
     * @param rewards theirs, in the same order
     * @return an alarm when there is one
     */
    Optional<Finding> step(List<Sample> samples, List<Reward> rewards);
  }
}
