package dev.goodhart.combine;

import dev.goodhart.Reward;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One signal's reward as it is: the leaf of a combination, written as the bare name. */
public record Part(String name) implements Combine {
  @Override
  public Reward of(Map<String, Reward> parts) {
    return Objects.requireNonNull(parts.get(name), name).withParts(Map.of());
  }

  @Override
  public Set<String> parts() {
    return Set.of(name);
  }
}
