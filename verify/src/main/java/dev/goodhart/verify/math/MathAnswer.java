package dev.goodhart.verify.math;

import java.util.List;
import java.util.Optional;

/**
 * The answer in a model's free text.
 *
 * @param text the answer as it was written, without delimiters: LaTeX, plain mathematics or words
 * @param source where it was found
 */
public record MathAnswer(String text, AnswerSource source) {
  /** Every source, the most deliberate first. */
  public static final List<AnswerSource> DEFAULT_ORDER = List.of(AnswerSource.values());

  private static final int MAX_RESPONSE = 2_000_000;

  /** The answer from the first source that has one; empty when none has. */
  public static Optional<MathAnswer> extract(String response) {
    return extract(response, DEFAULT_ORDER);
  }

  /**
   * The answer from the first of these sources that has one; empty when none has. Takes time in
   * proportion to the length.
   */
  public static Optional<MathAnswer> extract(String response, List<AnswerSource> order) {
    String text =
        response.length() > MAX_RESPONSE
            ? response.substring(response.length() - MAX_RESPONSE)
            : response;
    int thought = text.lastIndexOf("</think>");
    if (thought >= 0) {
      text = text.substring(thought + "</think>".length());
    }
    for (AnswerSource source : order) {
      String answer =
          switch (source) {
            case BOXED -> Boxes.last(text);
            case HASHES -> Phrases.afterHashes(text);
            case TAG -> Phrases.tagged(text);
            case WHOLE -> Phrases.whole(text);
            case PHRASE -> Phrases.announced(text);
            case EXPRESSION -> Formulas.last(text);
          };
      if (!answer.isBlank()) {
        return Optional.of(new MathAnswer(answer, source));
      }
    }
    return Optional.empty();
  }
}
