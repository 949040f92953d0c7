package dev.goodhart.spec;

import dev.goodhart.Method;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One number until a step, another from there on: {@code stepwise: { 0: 1.0, 100: 0.5 }}.
 *
 * @param values by the step from which they hold; one of them from step 0
 */
@Method
public record Stepwise(Map<String, Double> values) implements Schedule {
  public Stepwise {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    NavigableMap<Long, Double> byStep = byStep(values);
    if (byStep.isEmpty() || byStep.firstKey() != 0) {
      throw new IllegalArgumentException("values must begin at step 0");
    }
    if (byStep.size() < values.size()) {
      throw new IllegalArgumentException("values has a step twice: " + values.keySet());
    }
    for (double value : values.values()) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("values must be finite, not " + value);
      }
    }
  }

  @Override
  public double at(long step) {
    return byStep(values).floorEntry(Math.max(0, step)).getValue();
  }

  @Override
  public long[] turns() {
    return byStep(values).keySet().stream().mapToLong(Long::longValue).toArray();
  }

  private static NavigableMap<Long, Double> byStep(Map<String, Double> values) {
    NavigableMap<Long, Double> byStep = new TreeMap<>();
    values.forEach(
        (step, value) -> {
          if (!step.matches("\\d{1,15}")) {
            throw new IllegalArgumentException(
                "values are by the step from which they hold, a whole number, not '" + step + "'");
          }
          byStep.put(Long.parseLong(step), value);
        });
    return byStep;
  }
}
