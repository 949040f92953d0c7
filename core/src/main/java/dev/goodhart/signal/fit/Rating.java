package dev.goodhart.signal.fit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What people said of a response by attribute. Prompt and response are meant by their numbers in
 * {@link PreferenceData}.
 *
 * @param attributes by name, in the data set's unit; those that nobody rated are not there
 */
public record Rating(int prompt, int response, Map<String, Double> attributes) {
  public Rating {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** All attributes together. */
  public double sum() {
    return attributes.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
