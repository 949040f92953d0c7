package dev.goodhart.audit.edits;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Doubles some of the spaces between words and ends the text with a space and two line breaks.
 *
 * @param share of spaces that are doubled, in [0, 1]
 */
public record ExtraWhiteSpace(double share) implements Edit {
  @Override
  public Optional<String> of(String response, String other, RandomGenerator random) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < response.length(); i++) {
      out.append(response.charAt(i));
      if (response.charAt(i) == ' ' && random.nextDouble() < share) {
        out.append(' ');
      }
    }
    return Optional.of(out.append(" \n\n").toString());
  }

  @Override
  public boolean harms() {
    return false;
  }

  @Override
  public String title() {
    return "extra white space";
  }
}
