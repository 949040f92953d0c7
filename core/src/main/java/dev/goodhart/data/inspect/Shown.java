package dev.goodhart.data.inspect;

import dev.goodhart.Preference;
import dev.goodhart.Prompt;

/**
 * A row to look at.
 *
 * @param line where it begins
 * @param earlier the line of the row that it repeats or contradicts; 0 when it is about one row
 * @param text the beginning of what it says
 */
public record Shown(long line, long earlier, String text) {
  private static final int LENGTH = 60;

  static Shown of(long line, long earlier, Preference p) {
    return new Shown(
        line, earlier, prompt(p.prompt()) + " ▸ " + cut(p.chosen()) + " ▹ " + cut(p.rejected()));
  }

  static Shown of(long line, long earlier, Prompt prompt) {
    return new Shown(line, earlier, prompt(prompt));
  }

  static Shown of(long line, long earlier, String text) {
    return new Shown(line, earlier, cut(text));
  }

  private static String prompt(Prompt prompt) {
    return prompt.messages().isEmpty() ? "" : cut(prompt.messages().getLast().content());
  }

  /** The beginning of a text on one line; a run of white space is one space. */
  private static String cut(String text) {
    StringBuilder line = new StringBuilder();
    int length = 0;
    int at = 0;
    while (at < text.length() && length <= LENGTH) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      boolean space = Character.isWhitespace(c) || Character.isISOControl(c);
      if (!space || (length > 0 && line.charAt(line.length() - 1) != ' ')) {
        line.appendCodePoint(space ? ' ' : c);
        length++;
      }
    }
    if (length <= LENGTH) {
      return "“" + line.toString().strip() + "”";
    }
    return "“" + line.substring(0, line.offsetByCodePoints(0, LENGTH)).strip() + "…”";
  }
}
