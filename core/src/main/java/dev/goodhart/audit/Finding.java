package dev.goodhart.audit;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an audit or a monitor has to say: one statement in plain words with the figures behind it.
 *
 * @param name what was measured, in kebab case: {@code length-bias}
 * @param level how much it should worry the reader
 * @param says one sentence with the numbers in it
 * @param figures the numbers by name, kept in the order of their names: {@code Map.of} has another
 *     order in every JVM, and reports must not
 */
public record Finding(String name, Level level, String says, Map<String, Double> figures) {
  /** How much a finding should worry its reader. */
  public enum Level {
    FINE,
    NOTE,
    ALARM
  }

  public Finding {
    figures = Collections.unmodifiableMap(new TreeMap<>(figures));
  }
}
