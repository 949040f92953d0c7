package dev.goodhart.audit;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.List;

/**
 * Watches a run from where a reward server stands: it sees responses and their rewards as they
 * arrive, never the gold reward. The record holds the thresholds; {@link #start()} gives the memory
 * of one run.
 */
public interface Monitor {
  Watch start();

  /** The memory of one run, bounded however long the run is. Not thread-safe. */
  interface Watch {
    /**
     * @param samples of one step of the run
     * @param rewards theirs, in the same order
     * @return alarms, empty for nearly every step
     */
    List<Finding> step(List<Sample> samples, List<Reward> rewards);

    /**
     * A sample's second opinion, where the monitor asks for some ({@link AuditedSample}). It comes
     * when it is ready, between any two steps.
     *
     * @param reward what the sample earned
     * @param trusted what the trusted signal says of it
     */
    default List<Finding> audited(Reward reward, Reward trusted) {
      return List.of();
    }
  }
}
