package dev.goodhart.verify.text;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text at its white space into passages that have letters enough to tell a language. */
final class Passages {
  private Passages() {}

  /**
   * @param letters that each passage has at least; what is left at the end joins the last one, so
   *     that a text with letters gives at least one passage
   */
  static List<String> of(String text, int letters) {
    List<String> passages = new ArrayList<>();
    int start = 0;
    long count = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      count += weight(c);
      // Scripts without spaces end anywhere.
      boolean mayEnd = i == text.length() || !Character.isLetterOrDigit(text.codePointAt(i));
      if (count >= letters && (mayEnd || count >= 3L * letters)) {
        passages.add(text.substring(start, i));
        start = i;
        count = 0;
      }
    }
    if (start < text.length()) {
      String rest = text.substring(start);
      passages.add(passages.isEmpty() ? rest : passages.removeLast() + rest);
    }
    return passages;
  }

  /** Letters; one that stands for a syllable or a word says as much as three. */
  static long letters(String text) {
    return text.codePoints().mapToLong(Passages::weight).sum();
  }

  private static int weight(int c) {
    int type = Character.getType(c);
    // Vowel signs are marks, and half of what an Indian text is made of.
    boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    if (!Character.isLetter(c) && !mark) {
      return 0;
    }
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL -> 3;
      default -> 1;
    };
  }
}
