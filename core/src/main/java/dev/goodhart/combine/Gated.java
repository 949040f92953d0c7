package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.HashSet;
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
  @Override
  public Reward of(Map<String, Reward> parts) {
    return switch (gate.of(parts)) {
      case Unscored unknown -> unknown;
      case Scored scored -> scored.value() >= threshold ? then.of(parts) : new Scored(otherwise);
    };
  }

  @Override
  public Set<String> parts() {
    Set<String> all = new HashSet<>(gate.parts());
    all.addAll(then.parts());
    return all;
  }
}
