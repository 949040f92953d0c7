package dev.goodhart.serve.scoring;

import dev.goodhart.Sample;
import dev.goodhart.audit.Finding;
import java.util.List;
import java.util.Optional;

/**
 * Hears of every batch that was scored before its client does. The journal is one, the monitors are
 * another. Called from many threads at once.
 */
public interface Listener {
  /**
   * @return alarms of the run, for the client to hear
   * @throws Refusal if the client must not get these rewards: they could not be journalled
   */
  List<Finding> scored(Asked asked, List<Scoring> scorings, String version);

  /**
   * What was scored before for a request that its client repeats.
   *
   * @return empty if nothing was
   * @throws Refusal if the request is not the same
   */
  default Optional<List<Scoring>> recall(Asked asked, List<Sample> samples) {
    return Optional.empty();
  }
}
