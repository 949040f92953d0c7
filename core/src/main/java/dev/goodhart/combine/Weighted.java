package dev.goodhart.combine;

import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The weighted sum of signals: {@code weighted: { correct: 1.0, brief: -0.1 }}. Unscored as soon as
 * one part with a weight other than 0 is. Deviations add in quadrature, as if the parts' errors
 * were independent.
 */
@Method
public record Weighted(Map<String, Double> weights) implements Combine {
  public Weighted {
    if (weights.isEmpty()) {
      throw new IllegalArgumentException("weighted needs at least one signal");
    }
    weights.forEach(
        (name, weight) -> {
          if (!Double.isFinite(weight)) {
            throw new IllegalArgumentException(
                "the weight of '" + name + "' must be finite, not " + weight);
          }
        });
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    double sum = 0;
    double variance = 0;
    boolean uncertain = false;
    for (var entry : weights.entrySet()) {
      double weight = entry.getValue();
      if (weight == 0) {
        continue;
      }
      switch (Objects.requireNonNull(parts.get(entry.getKey()), entry.getKey())) {
        case Unscored missing -> {
          return new Unscored(missing.reason());
        }
        case Scored part -> {
          sum += weight * part.value();
          if (part.deviation().isPresent()) {
            uncertain = true;
            variance += Math.pow(weight * part.deviation().getAsDouble(), 2);
          }
        }
      }
    }
    return new Scored(
        sum, uncertain ? OptionalDouble.of(Math.sqrt(variance)) : OptionalDouble.empty(), Map.of());
  }

  @Override
  public Set<String> parts() {
    return weights.keySet();
  }
}
