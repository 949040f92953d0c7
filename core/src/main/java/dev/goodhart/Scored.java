package dev.goodhart;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A finite reward.
 *
 * @param value the reward, higher is better; its unit is the signal's (log-odds for a Bradley–Terry
 *     model, a share for a verifier)
 * @param deviation one standard deviation of the reward's uncertainty in the same unit, where it is
 *     known (an ensemble); at least 0
 * @param parts the named components behind it
 */
public record Scored(double value, OptionalDouble deviation, Map<String, Reward> parts)
    implements Reward {
  public Scored {
    if (!Double.isFinite(value)) {
      throw new ArithmeticException("a reward must be finite, not " + value);
    }
    if (deviation.isPresent()
        && !(deviation.getAsDouble() >= 0 && Double.isFinite(deviation.getAsDouble()))) {
      throw new ArithmeticException(
          "a reward's deviation must be finite and at least 0, not " + deviation.getAsDouble());
    }
    parts = parts.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  public Scored(double value) {
    this(value, OptionalDouble.empty(), Map.of());
  }

  public Scored(double value, double deviation) {
    this(value, OptionalDouble.of(deviation), Map.of());
  }

  @Override
  public Scored withParts(Map<String, Reward> other) {
    return new Scored(value, deviation, other);
  }

  /**
   * The same deviation and parts with another value: what a transform that keeps the scale returns.
   */
  public Scored withValue(double other) {
    return new Scored(other, deviation, parts);
  }
}
