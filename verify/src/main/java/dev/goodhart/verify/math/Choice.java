package dev.goodhart.verify.math;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An option of a multiple-choice question.
 *
 * @param letter A to J
 * @param rest what stands behind it; empty when nothing does
 */
record Choice(char letter, String rest) {
  private static final String[] LABELS = {"option", "choice", "answer", "the answer is", "answer:"};

  /**
   * The letters of several options in alphabetical order: {@code A, C}, {@code ACD}, {@code (B) and
   * (A)}, {@code ①③}; empty when it is something else.
   */
  static String several(String text) {
    if (text.length() > 80) {
      return "";
    }
    String s = text.replace("\\text{", " ").replace("\\mathrm{", " ");
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (s.startsWith("and ", i)) {
        i += 3;
      } else if (((c >= 'A' && c <= 'H') || (c >= '①' && c <= '⑳'))
          && letters.indexOf(String.valueOf(c)) < 0) {
        letters.append(c);
      } else if (" ,;&(){}.$".indexOf(c) < 0) {
        return "";
      }
    }
    boolean run = text.indexOf(letters.toString()) >= 0; // AB and BA are not the same segment
    char[] sorted = letters.toString().toCharArray();
    Arrays.sort(sorted);
    String options = new String(sorted);
    return sorted.length < 2 || (run && !options.contentEquals(letters)) ? "" : options;
  }

  /**
   * Reads {@code (A)}, {@code A) 5}, {@code \text{(B)}}, {@code **C.** 12}, {@code Option D}; null
   * when it is something else.
   */
  static @Nullable Choice of(String text) {
    String s = text.strip();
    if (s.length() > 200) {
      return null;
    }
    for (String command :
        new String[] {
          "\\textbf{", "\\text{", "\\mathrm{", "\\mathbf{", "\\textrm{", "\\mathsf{", "**", "{"
        }) {
      if (s.startsWith(command)) {
        s = s.substring(command.length());
        int close = command.equals("**") ? s.indexOf("**") : s.indexOf('}');
        if (close >= 0) {
          s = s.substring(0, close) + s.substring(close + (command.equals("**") ? 2 : 1));
        }
      }
    }
    s = s.strip();
    for (String label : LABELS) {
      if (s.length() > label.length()
          && s.regionMatches(true, 0, label, 0, label.length())
          && !Character.isLetter(s.charAt(label.length()))) {
        s = s.substring(label.length()).strip();
      }
    }
    boolean open = s.startsWith("(") || s.startsWith("[");
    int at = open ? 1 : 0;
    if (s.length() <= at) {
      return null;
    }
    boolean lower = s.length() == 3 && open && s.charAt(2) == ')'; // (b)
    char letter = lower ? Character.toUpperCase(s.charAt(at)) : s.charAt(at);
    if (letter < 'A' || letter > 'J') {
      return null;
    }
    String rest = s.substring(at + 1);
    if (open) {
      if (rest.isEmpty() || (rest.charAt(0) != ')' && rest.charAt(0) != ']')) {
        return null;
      }
      rest = rest.substring(1);
    } else if (!rest.isEmpty()) {
      char mark = rest.charAt(0);
      boolean label =
          mark == ')'
              || ((mark == '.' || mark == ':') && (rest.length() == 1 || rest.charAt(1) == ' '));
      if (!label) {
        return null;
      }
      rest = rest.substring(1);
    }
    rest = rest.strip();
    while (rest.startsWith("\\ ")
        || rest.startsWith("\\,")
        || rest.startsWith("\\:")
        || rest.startsWith("\\;")
        || rest.startsWith("~")) {
      rest = rest.substring(rest.startsWith("~") ? 1 : 2).strip();
    }
    if (rest.startsWith("and ")
        || rest.startsWith("or ")
        || rest.startsWith(",")
        || rest.startsWith("&")) {
      return null; // several options
    }
    boolean operator = !rest.isEmpty() && "+-*/^=<>_|'".indexOf(rest.charAt(0)) >= 0;
    return operator ? null : new Choice(letter, rest.equals(".") ? "" : rest);
  }
}
