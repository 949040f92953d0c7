package dev.goodhart.audit.edits;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** Gives the answer to another prompt instead. */
public record SwappedAnswer() implements Edit {
  @Override
  public Optional<String> of(String response, String other, RandomGenerator random) {
    return other.isBlank() ? Optional.empty() : Edit.changed(response, other);
  }

  @Override
  public boolean harms() {
    return true;
  }

  @Override
  public String title() {
    return "another prompt's answer";
  }
}
