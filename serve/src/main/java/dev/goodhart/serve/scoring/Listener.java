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
   * What a request with this {@code Idempotency-Key} was told before, where the listener remembers
   * longer than the server lives.
   *
   * @throws Refusal 422 if the key was used for other samples
   */
  default Optional<List<Scoring>> recall(Asked asked, List<Sample> samples) {
    return Optional.empty();
  }
}
