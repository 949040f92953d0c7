package dev.goodhart.audit.edits;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Puts a sentence behind one of the others that takes back what was said. */
public record Contradiction() implements Edit {
  private static final List<String> DENIALS =
      List.of(
          "That is not true, however, and the opposite is the case.",
          "In fact, none of this is correct.",
          "Actually, that last statement is false.",
          "But this is wrong, and you should do the reverse.");

  @Override
  public Optional<String> of(String response, String other, RandomGenerator random) {
    List<String> sentences = new ArrayList<>(Sentences.of(response.strip()));
    if (sentences.isEmpty()) {
      return Optional.empty();
    }
    int after = random.nextInt(sentences.size());
    String sentence = sentences.get(after);
    String body = sentence.stripTrailing();
    String gap = sentence.substring(body.length());
    sentences.set(after, body + " " + DENIALS.get(random.nextInt(DENIALS.size())) + gap);
    return Optional.of(String.join("", sentences));
  }

  @Override
  public boolean harms() {
    return true;
  }

  @Override
  public String title() {
    return "contradiction inserted";
  }
}
