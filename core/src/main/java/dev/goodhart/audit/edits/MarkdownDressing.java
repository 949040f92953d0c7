package dev.goodhart.audit.edits;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Puts a heading over the text and makes a bullet of every sentence, its first word in bold. The
 * words stay what they were.
 */
public record MarkdownDressing() implements Edit {
  @Override
  public Optional<String> of(String response, String other, RandomGenerator random) {
    if (response.isBlank() || response.contains("```")) {
      return Optional.empty();
    }
    String bullets =
        Sentences.of(response).stream()
            .map(String::strip)
            .filter(sentence -> !sentence.isEmpty())
            .map(MarkdownDressing::bullet)
            .collect(Collectors.joining("\n"));
    return Optional.of("## Answer\n\n" + bullets);
  }

  private static String bullet(String sentence) {
    int end = sentence.indexOf(' ');
    String first = end < 0 ? sentence : sentence.substring(0, end);
    boolean plain =
        first.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '\'' || c == ',');
    return "- " + (plain ? "**" + first + "**" + sentence.substring(first.length()) : sentence);
  }

  @Override
  public boolean harms() {
    return false;
  }

  @Override
  public String title() {
    return "bullets, bold, heading";
  }
}
