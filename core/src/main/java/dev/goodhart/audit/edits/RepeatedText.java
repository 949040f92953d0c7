package dev.goodhart.audit.edits;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Says the last sentence again.
 *
 * @param times how often more
 */
public record RepeatedText(int times) implements Edit {
  @Override
  public Optional<String> of(String response, String other, RandomGenerator random) {
    List<String> sentences = Sentences.of(response.strip());
    if (sentences.isEmpty() || times < 1) {
      return Optional.empty();
    }
    String last = sentences.getLast().strip();
    return Optional.of(
        Sentences.append(response, String.join(" ", Collections.nCopies(times, last))));
  }

  @Override
  public boolean harms() {
    return false;
  }

  @Override
  public String title() {
    return "last sentence repeated";
  }
}
