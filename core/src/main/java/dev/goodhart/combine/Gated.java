package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One reward only where another is high enough: style counts once the answer is correct, and cannot
 * buy off a wrong one.
 *
 * <p>An unscored gate leaves the whole unscored; an unscored {@code then} matters only when the
 * gate is open.
 *
 * @param gate what must reach the threshold
 * @param threshold the gate is open at this value and above
 * @param then the reward behind the gate
 * @param otherwise the reward when the gate is shut
 */
@Method
public record Gated(
    Combine gate, @Default("0.5") double threshold, Combine then, @Default("0") double otherwise)
    implements Combine {
  public Gated {
    if (Double.isNaN(threshold)) {
      throw new IllegalArgumentException("threshold must be a number");
    }
    if (!Double.isFinite(otherwise)) {
      throw new IllegalArgumentException("otherwise must be finite, not " + otherwise);
    }
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    return switch (gate.of(parts)) {
      case Unscored unknown -> unknown;
      case Scored scored -> scored.value() >= threshold ? then.of(parts) : new Scored(otherwise);
    };
  }

  @Override
  public Set<String> parts() {
    Set<String> all = new LinkedHashSet<>(gate.parts());
    all.addAll(then.parts());
    return all;
  }
}
