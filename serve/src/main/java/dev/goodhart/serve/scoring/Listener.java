package dev.goodhart.serve.scoring;

import dev.goodhart.audit.Finding;
import java.util.List;

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
}
