package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a role demands before anyone's wishes count: helpfulness inside the norms, and below
 * everything inside them whatever breaks one, by how much it does. For requirements that no amount
 * of helpfulness pays for, attached to a role (tutor, clerk) rather than to a user.
 *
 * <pre>{@code
 * excess = sum_k max(0, least_k - c_k) + max(0, c_k - most_k)
 * R = max(floor, r_objective)     if excess = 0
 *   = floor - 1 - excess          otherwise
 * }</pre>
 *
 * <p>What is required is {@code least: 1} of a signal in {0, 1}, what is forbidden {@code most: 0}.
 * The step of 1 at the border keeps the order strict; outside, the slope leads back. The floor must
 * lie below what the objective says of responses that matter: all below it are one. Unscored as
 * soon as a norm is, or the objective inside the norms.
 *
 * @param objective the signal to maximise
 * @param norms by the signal that they bind, at least one
 * @param floor the least reward inside the norms
 */
@Method(source = "arXiv 2408.16984")
public record RoleNorms(String objective, Map<String, Norm> norms, @Default("-10") double floor)
    implements Combine {
  /**
   * A range that a signal must lie in.
   *
   * @param least no bound by default
   * @param most no bound by default
   */
  public record Norm(OptionalDouble least, OptionalDouble most) {
    public Norm {
      if (!(low(least) <= high(most)) || least.isEmpty() && most.isEmpty()) {
        throw new IllegalArgumentException(
            "a norm needs a least or a most, and the least at most the most; not %s and %s"
                .formatted(least, most));
      }
    }

    /** By how much a value breaks it, at least 0. */
    public double excess(double value) {
      return Math.max(0, Math.max(low(least) - value, value - high(most)));
    }

    private static double low(OptionalDouble least) {
      return least.orElse(Double.NEGATIVE_INFINITY);
    }

    private static double high(OptionalDouble most) {
      return most.orElse(Double.POSITIVE_INFINITY);
    }
  }

  public RoleNorms {
    norms = Collections.unmodifiableMap(new LinkedHashMap<>(norms));
    if (norms.isEmpty()) {
      throw new IllegalArgumentException("norms needs at least one signal");
    }
    if (!Double.isFinite(floor)) {
      throw new IllegalArgumentException("floor must be finite, not " + floor);
    }
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    double excess = 0;
    for (var norm : norms.entrySet()) {
      switch (Objects.requireNonNull(parts.get(norm.getKey()), norm.getKey())) {
        case Unscored missing -> {
          return new Unscored(missing.reason());
        }
        case Scored part -> excess += norm.getValue().excess(part.value());
      }
    }
    if (excess > 0) return new Scored(floor - 1 - excess);
    return switch (Objects.requireNonNull(parts.get(objective), objective)) {
      case Unscored missing -> new Unscored(missing.reason());
      case Scored part -> part.value() > floor ? part.withParts(Map.of()) : new Scored(floor);
    };
  }

  @Override
  public Set<String> parts() {
    Set<String> names = new LinkedHashSet<>();
    names.add(objective);
    names.addAll(norms.keySet());
    return names;
  }
}
