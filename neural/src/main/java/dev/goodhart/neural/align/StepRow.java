package dev.goodhart.neural.align;

import dev.goodhart.audit.Finding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a step came to.
 *
 * @param step from 1
 * @param metrics by name, as {@code metrics.jsonl} has them
 * @param alarms of the monitors
 */
public record StepRow(long step, SequencedMap<String, Double> metrics, List<Finding> alarms) {
  public StepRow {
    metrics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metrics));
    alarms = List.copyOf(alarms);
  }

  /** A metric; NaN where the step has none of that name. */
  public double get(String name) {
    return metrics.getOrDefault(name, Double.NaN);
  }
}
