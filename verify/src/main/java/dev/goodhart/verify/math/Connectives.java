package dev.goodhart.verify.math;

import java.util.Locale;

/** Whether what stands between two formulas joins them to a list. */
final class Connectives {
  /**
   * Commas, "and", "or", and the names in {@code x_1 = … , x_2 = …}; at least one of the first
   * three.
   */
  static boolean join(String text, int from, int to, int maximum) {
    if (to - from > maximum || to < from) {
      return false;
    }
    String between =
        text.substring(from, to)
            .replace("\\text{", " ")
            .replace("\\mathrm{", " ")
            .replace("\\quad", " ");
    boolean joins = false;
    for (int i = 0; i < between.length(); i++) {
      char c = between.charAt(i);
      if (Character.isLetter(c)) {
        int end = i;
        while (end < between.length() && Character.isLetter(between.charAt(end))) {
          end++;
        }
        String word = between.substring(i, end).toLowerCase(Locale.ROOT);
        if (word.equals("and") || word.equals("or")) {
          joins = true;
        } else if (word.length() > 1 || !nameOnly(between, end)) {
          return false;
        } else {
          end = between.indexOf('=', end) + 1;
        }
        i = end - 1;
      } else if (c == ',' || c == ';' || c == '&') {
        joins = true;
      } else if (c == '\\') {
        i++; // \) \( \[ \] \, \;
      } else if (!Character.isWhitespace(c) && c != '$' && c != '}' && c != '{' && c != '*') {
        return false;
      }
    }
    return joins;
  }

  /** Whether {@code _1 =} follows: the rest of a name and an equals sign. */
  private static boolean nameOnly(String s, int at) {
    while (at < s.length()
        && (s.charAt(at) == '_'
            || s.charAt(at) == '{'
            || s.charAt(at) == '}'
            || s.charAt(at) == ' '
            || Lexer.isDigit(s.charAt(at)))) {
      at++;
    }
    return at < s.length() && s.charAt(at) == '=';
  }

  private Connectives() {}
}
