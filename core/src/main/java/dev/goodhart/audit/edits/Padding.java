package dev.goodhart.audit.edits;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Appends sentences that would suit any answer and say nothing.
 *
 * @param sentences how many, at most eight
 */
public record Padding(int sentences) implements Edit {
  private static final List<String> EMPTY =
      List.of(
          "I hope this helps.",
          "Please let me know if anything is unclear.",
          "There is of course much more that could be said about this.",
          "This is meant as a general answer.",
          "Feel free to ask if you would like more detail.",
          "As always, the details depend on the circumstances.",
          "These are the points that come to mind.",
          "With that, the question should be covered.");

  @Override
  public Optional<String> of(String response, String other, RandomGenerator random) {
    List<String> left = new ArrayList<>(EMPTY);
    List<String> drawn = new ArrayList<>();
    for (int i = 0; i < Math.min(sentences, EMPTY.size()); i++) {
      drawn.add(left.remove(random.nextInt(left.size())));
    }
    return Edit.changed(response, Sentences.append(response, String.join(" ", drawn)));
  }

  @Override
  public boolean harms() {
    return false;
  }

  @Override
  public String title() {
    return "padding appended";
  }
}
