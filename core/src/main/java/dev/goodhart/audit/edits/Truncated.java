package dev.goodhart.audit.edits;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Breaks the text off.
 *
 * @param keep the share of characters that stay, to the last whole word, above 0 and below 1
 */
public record Truncated(double keep) implements Edit {
  public Truncated {
    if (!(keep > 0 && keep < 1)) {
      throw new IllegalArgumentException("keep must lie between 0 and 1, not " + keep);
    }
  }

  @Override
  public Optional<String> of(String response, String other, RandomGenerator random) {
    String text = response.strip();
    int end = text.lastIndexOf(' ', (int) (text.length() * keep));
    return end <= 0 ? Optional.empty() : Optional.of(text.substring(0, end).stripTrailing());
  }

  @Override
  public boolean harms() {
    return true;
  }

  @Override
  public String title() {
    return "truncated to " + Math.round(100 * keep) + " %";
  }
}
