package dev.goodhart.curate;

import dev.goodhart.Method;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps the first of the pairs that have the same prompt, chosen and rejected response. */
@Method
public record Deduplicated() implements Curate {
  private record Key(Prompt prompt, String chosen, String rejected) {}

  @Override
  public List<Preference> of(List<Preference> preferences) {
    Set<Key> seen = new HashSet<>();
    return preferences.stream()
        .filter(p -> seen.add(new Key(p.prompt(), p.chosen(), p.rejected())))
        .toList();
  }
}
