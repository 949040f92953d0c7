package dev.goodhart.verify.math;

import java.util.List;
import java.util.Locale;

/**
 * Answers that are announced: by {@code ####}, by a tag, by words. Each method returns the empty
 * string when there is none.
 */
final class Phrases {
  private static final int MAX_CUES = 12;
  private static final int MAX_TO_CONNECTIVE = 70;
  private static final int MAX_WHOLE = 400;
  private static final int MAX_SENTENCE = 600;

  static String afterHashes(String text) {
    int at = text.lastIndexOf("####");
    if (at < 0) {
      return "";
    }
    int from = at;
    while (from < text.length()
        && (text.charAt(from) == '#' || Character.isWhitespace(text.charAt(from)))) {
      from++;
    }
    int end = text.indexOf('\n', from);
    String line = text.substring(from, end < 0 ? text.length() : end).strip();
    return line.length() > 1
            && (line.toLowerCase(Locale.ROOT).contains("answer") || line.endsWith(":"))
        ? ""
        : line;
  }

  static String tagged(String text) {
    int close = text.lastIndexOf("</answer>");
    int open = close < 0 ? -1 : text.lastIndexOf("<answer>", close);
    if (open < 0) {
      return "";
    }
    String inside = text.substring(open + "<answer>".length(), close).strip();
    if (inside.length() <= MAX_WHOLE) {
      String announced = announced(inside);
      return announced.isEmpty() ? inside : announced;
    }
    String announced = announced(inside);
    return announced.isEmpty() ? Formulas.last(inside) : announced;
  }

  /** The whole response, when it is nothing but an answer. */
  static String whole(String text) {
    String s = text.strip();
    if (s.length() > MAX_WHOLE || s.isEmpty()) {
      return "";
    }
    if (PlainNumber.of(s, 0, s.length()) != PlainNumber.NONE) {
      return s;
    }
    if (s.indexOf("nswer") > 0 || s.indexOf("NSWER") > 0 || !option(s).isEmpty()) {
      return "";
    }
    int most = s.indexOf('\n') >= 0 ? 0 : 5;
    int words = Prose.words(s, most);
    if (words > most) {
      return "";
    }
    if (Choice.of(s) != null
        || Texts.time(s) >= 0
        || !Choice.several(s).isEmpty()
        || NumberWords.parse(Reading.bare(s)) != null) {
      return s;
    }
    Reading reading = Reading.of(s);
    if (reading.meanings().isEmpty()) {
      return "";
    }
    Expr first = reading.meanings().getFirst();
    if (first instanceof Expr.Text) {
      boolean label = s.indexOf('$') < 0 && (!Prose.hasDigit(s) || words == 1 || Texts.isDate(s));
      return label ? s : "";
    }
    boolean named = first == Expr.Const.EMPTY || first == Expr.Const.REALS;
    boolean answer =
        words == 0
            || named
            || Lexer.isDigit(s.charAt(0))
            || reading.text().startsWith("\\")
            || reading.text().startsWith("-")
            || reading.text().startsWith("Matrix(");
    return answer ? s : "";
  }

  /** What follows the last cue that is followed by an answer. */
  static String announced(String text) {
    String line = lastLine(text);
    if (line.startsWith("A:") && line.length() <= MAX_WHOLE) {
      return Prose.answer(line.substring(2).strip());
    }
    int at = text.length();
    for (int cue = 0; cue < MAX_CUES; cue++) {
      at = Math.max(text.lastIndexOf("nswer", at - 1), text.lastIndexOf("NSWER", at - 1));
      if (at <= 0) {
        return option(text);
      }
      char before = text.charAt(at - 1);
      if (before == 'a' || before == 'A') {
        String sentence = sentence(text, connective(text, at + 5));
        String answer = Prose.answer(sentence);
        // "The answer is Paris." ends a response; "the answer is consistent" does not.
        boolean words = !Prose.hasDigit(answer) && Reading.of(answer).isWords();
        if (!answer.isEmpty()
            && !(words && text.length() - text.lastIndexOf(sentence) - sentence.length() > 4)) {
          return answer;
        }
      }
    }
    return option(text);
  }

  /** The letter behind the last "option" or "choice" that is named: "the correct option is C". */
  private static String option(String text) {
    int at = Math.max(text.lastIndexOf("ption "), text.lastIndexOf("hoice "));
    if (at <= 0) {
      return "";
    }
    String answer = Prose.answer(sentence(text, connective(text, at + "ption".length())));
    return Choice.of(answer) != null ? answer : "";
  }

  private static String lastLine(String text) {
    int end = text.length();
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    int start = text.lastIndexOf('\n', Math.max(end - 1, 0)) + 1;
    return start >= end ? "" : text.substring(start, end);
  }

  /**
   * Where the answer begins behind "answer": after a colon, "is", "are", "be" or an equals sign; −1
   * when none comes soon.
   */
  private static int connective(String text, int from) {
    int limit = Math.min(text.length(), from + MAX_TO_CONNECTIVE);
    for (int i = from; i < limit; i++) {
      char c = text.charAt(i);
      if (c == ':' || c == '=') {
        return i + 1;
      }
      if (c == '\n') {
        boolean heading =
            text.substring(from, i)
                .strip()
                .chars()
                .allMatch(x -> x == '*' || x == '#' || x == '_' || x == 's');
        return heading ? i + 1 : -1;
      }
      if (c == '.' && i + 1 < text.length() && text.charAt(i + 1) == ' ') {
        return -1;
      }
      boolean starts = i > 0 && text.charAt(i - 1) == ' ';
      for (String word : List.of("is", "are", "be", "equals")) {
        int end = i + word.length();
        if (starts
            && text.startsWith(word, i)
            && end < text.length()
            && !Character.isLetter(text.charAt(end))) {
          while (end < text.length() && (text.charAt(end) == ':' || text.charAt(end) == ' ')) {
            end++;
          }
          return end;
        }
      }
    }
    return -1;
  }

  /** The sentence that begins here, or the next line when this one is empty. */
  private static String sentence(String text, int from) {
    if (from < 0) {
      return "";
    }
    int start = from;
    while (start < text.length()
        && (Character.isWhitespace(text.charAt(start))
            || (text.startsWith("**", start) && endsEmphasis(text, start)))) {
      start += text.startsWith("**", start) ? 2 : 1;
    }
    int limit = Math.min(text.length(), start + MAX_SENTENCE);
    boolean display = text.startsWith("$$", start) || text.startsWith("\\[", start);
    for (int i = start; i < limit; i++) {
      char c = text.charAt(i);
      boolean stop =
          c == '.'
              && i + 1 < limit
              && Character.isWhitespace(text.charAt(i + 1))
              && !abbreviated(text, i);
      if ((c == '\n' && !display) || stop) {
        return text.substring(start, i);
      }
      if (display && i > start + 1 && (text.startsWith("$$", i) || text.startsWith("\\]", i))) {
        return text.substring(start, i + 2);
      }
    }
    return text.substring(start, limit);
  }

  /** {@code **Answer:** 42}: these two stars end an emphasis, they begin none. */
  private static boolean endsEmphasis(String text, int at) {
    return at + 2 >= text.length() || Character.isWhitespace(text.charAt(at + 2));
  }

  private static boolean abbreviated(String text, int dot) {
    return dot > 1 && text.charAt(dot - 2) == '.'; // p.m.
  }

  private Phrases() {}
}
