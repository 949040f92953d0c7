package dev.goodhart.lab;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an experiment measured under one seed.
 *
 * @param figures by name, finite; the claims compare these
 * @param curves by the name of the arm, one value for each point of the experiment's axis
 */
public record Outcome(Map<String, Double> figures, Map<String, List<Double>> curves) {
  public Outcome {
    figures.forEach(
        (name, value) -> {
          if (!Double.isFinite(value)) {
            throw new ArithmeticException("figure " + name + " is " + value);
          }
        });
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    curves = Collections.unmodifiableMap(new LinkedHashMap<>(curves));
  }

  double figure(String name) {
    Double value = figures.get(name);
    if (value == null) {
      throw new IllegalStateException(
          "the experiment measured no figure " + name + ", only " + figures.keySet());
    }
    return value;
  }

  /** The value of an arm's curve at a point of the axis. */
  double at(String arm, int point) {
    List<Double> curve = curves.get(arm);
    if (curve == null) {
      throw new IllegalStateException(
          "the experiment drew no curve " + arm + ", only " + curves.keySet());
    }
    return curve.get(point);
  }
}
