package dev.goodhart.audit.edits;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a text into sentences, each with the white space behind it, so that joining them gives the
 * text again.
 */
final class Sentences {
  static List<String> of(String text) {
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
    breaks.setText(text);
    List<String> sentences = new ArrayList<>();
    int from = breaks.first();
    for (int to = breaks.next(); to != BreakIterator.DONE; from = to, to = breaks.next()) {
      sentences.add(text.substring(from, to));
    }
    return sentences;
  }

  /**
   * The text with more sentences behind it, on the same line or, where the text has several
   * paragraphs, in a new one.
   */
  static String append(String text, String more) {
    return text.stripTrailing() + (text.contains("\n\n") ? "\n\n" : " ") + more;
  }

  private Sentences() {}
}
