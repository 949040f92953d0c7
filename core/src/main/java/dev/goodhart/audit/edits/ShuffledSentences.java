package dev.goodhart.audit.edits;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Puts the sentences in another order; the white space between them stays where it is. */
public record ShuffledSentences() implements Edit {
  @Override
  public Optional<String> of(String response, String other, RandomGenerator random) {
    List<String> sentences = Sentences.of(response.strip());
    if (sentences.size() < 3) {
      return Optional.empty();
    }
    List<String> bodies = new ArrayList<>(sentences.stream().map(String::stripTrailing).toList());
    for (int i = bodies.size() - 1; i > 0; i--) {
      int j = random.nextInt(i); // Sattolo's algorithm: one cycle, so that every sentence moves
      bodies.set(i, bodies.set(j, bodies.get(i)));
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < sentences.size(); i++) {
      String sentence = sentences.get(i);
      out.append(bodies.get(i)).append(sentence.substring(sentence.stripTrailing().length()));
    }
    return Edit.changed(response.strip(), out.toString());
  }

  @Override
  public boolean harms() {
    return true;
  }

  @Override
  public String title() {
    return "sentences shuffled";
  }
}
