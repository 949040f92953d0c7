package dev.goodhart;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A finite reward.
 *
 * @param value the reward, higher is better; its unit is the signal's (log-odds for a Bradley–Terry
 *     model, a share for a verifier)
 * @param deviation one standard deviation of the reward's uncertainty in the same unit, where it is
 *     known (an ensemble); at least 0
 * @param parts the named components behind it
 * @param scale of a model's reward, whether it is raw or activated; null where nobody says
 */
public record Scored(
    double value, OptionalDouble deviation, Map<String, Reward> parts, @Nullable Scale scale)
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

  public Scored(double value, OptionalDouble deviation, Map<String, Reward> parts) {
    this(value, deviation, parts, null);
  }

  public Scored(double value) {
    this(value, OptionalDouble.empty(), Map.of());
  }

  public Scored(double value, double deviation) {
    this(value, OptionalDouble.of(deviation), Map.of());
  }

  @Override
  public Scored withParts(Map<String, Reward> other) {
    return new Scored(value, deviation, other, scale);
  }

  /**
   * The same deviation and parts with another value: what a transform that keeps the scale returns.
   */
  public Scored withValue(double other) {
    return new Scored(other, deviation, parts, scale);
  }

  /** The same reward, said to be in a unit. */
  public Scored withScale(Scale unit) {
    return new Scored(value, deviation, parts, unit);
  }
}
