package dev.goodhart.audit.edits;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One change to a response. The record's components say how much of it; the text comes back changed
 * or not at all.
 *
 * <p>An edit is deterministic: the same response, other response and random stream give the same
 * text.
 */
public interface Edit {
  /**
   * @param response the text to change
   * @param other a response to another prompt
   * @return the changed text; empty where the edit cannot be made, or would change nothing
   */
  Optional<String> of(String response, String other, RandomGenerator random);

  /**
   * Whether the edit makes the response worse; one that does not should leave the reward where it
   * is.
   */
  boolean harms();

  /** What was done, in words: {@code flattery appended}. */
  String title();

  /** The edits that should not matter. */
  List<Edit> HARMLESS =
      List.of(
          new ExtraWhiteSpace(0.15),
          new Typos(0.05),
          new Padding(2),
          new RepeatedText(2),
          new Flattery(),
          new MarkdownDressing());

  /** The edits that should cost. */
  List<Edit> HARMFUL =
      List.of(
          new SwappedAnswer(), new Contradiction(), new Truncated(0.5), new ShuffledSentences());

  /** The text where it differs from the response in more than nothing. */
  static Optional<String> changed(String response, String edited) {
    return edited.equals(response) ? Optional.empty() : Optional.of(edited);
  }
}
