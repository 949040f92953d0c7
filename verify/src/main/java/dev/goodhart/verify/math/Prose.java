package dev.goodhart.verify.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells mathematics from the words around it. */
final class Prose {
  private static final int MAX_TEXT_WORDS = 8;

  /** A piece of text between white space, with braces and brackets kept together. */
  private record Piece(String text, int start, int end) {}

  /**
   * How many words there are that cannot be part of an answer: not in commands, not units,
   * functions, numbers, connectives.
   */
  static int words(String s) {
    return words(s, Integer.MAX_VALUE);
  }

  /** The same, but stops counting when there are more than a maximum. */
  static int words(String s, int maximum) {
    int count = 0;
    for (int i = 0; i < s.length() && count <= maximum; i++) {
      char c = s.charAt(i);
      if (c == '\\') {
        int end = i + 1;
        while (end < s.length() && Lexer.isAsciiLetter(s.charAt(end))) {
          end++;
        }
        if (Symbols.TEXTUAL.contains(s.substring(i + 1, end))
            || s.startsWith("\\begin", i)
            || s.startsWith("\\end", i)) {
          int open = end < s.length() && s.charAt(end) == '{' ? Braces.closing(s, end) : -1;
          end = Math.max(end, open);
        }
        i = end - 1;
      } else if (Character.isLetter(c)) {
        int end = i;
        while (end < s.length() && Character.isLetter(s.charAt(end))) {
          end++;
        }
        String word = s.substring(i, end);
        String lower = word.toLowerCase(Locale.ROOT);
        boolean known =
            word.length() < 3
                || lower.equals("and")
                || lower.equals("infinity")
                || Symbols.PLAIN.contains(lower)
                || Unit.isKnown(word)
                || NumberWords.parse(word) != null;
        count += known ? 0 : 1;
        i = end - 1;
      }
    }
    return count;
  }

  static boolean hasDigit(String s) {
    return s.chars().anyMatch(c -> c >= '0' && c <= '9');
  }

  /** The answer at the beginning of a sentence; empty when there is none. */
  static String answer(String sentence) {
    String s = sentence.strip();
    if (s.isEmpty()) {
      return "";
    }
    if (PlainNumber.of(s, 0, s.length()) != PlainNumber.NONE) {
      return s;
    }
    if (s.startsWith("**") && s.indexOf("**", 2) > 0) {
      return s.substring(2, s.indexOf("**", 2)).strip();
    }
    int end = s.length();
    while (end > 0 && (s.charAt(end - 1) == '.' || s.charAt(end - 1) == '*')) {
      end--;
    }
    if (PlainNumber.of(s, 0, end) != PlainNumber.NONE) {
      return s.substring(0, end);
    }
    List<Formulas.Span> formulas = Formulas.all(s);
    if (!formulas.isEmpty()) {
      int last = 0;
      while (last + 1 < formulas.size()
          && Connectives.join(s, formulas.get(last).end(), formulas.get(last + 1).start(), 24)) {
        last++;
      }
      boolean leading = words(s.substring(0, formulas.getFirst().start())) <= MAX_TEXT_WORDS;
      if (leading && !hasDigit(s.substring(0, formulas.getFirst().start()))) {
        return Formulas.joined(s, formulas.subList(0, last + 1));
      }
    }
    String run = firstRun(s);
    if (!run.isEmpty()) {
      return run;
    }
    String plain = Reading.bare(s);
    return plain.split("\\s+").length <= MAX_TEXT_WORDS
            && plain.indexOf(',') < 0
            && !hasDigit(plain)
        ? plain
        : "";
  }

  /** The first stretch of mathematics in a sentence. */
  private static String firstRun(String s) {
    List<Piece> pieces = pieces(s);
    for (int k = 0; k < pieces.size(); k++) {
      if (isMath(pieces.get(k), k == 0)) {
        int last = k;
        while (last + 1 < pieces.size()
            && (isMath(pieces.get(last + 1), false) || joins(pieces, last + 1))
            && !endsSentence(pieces.get(last))) {
          last++;
        }
        return withUnit(s, pieces, k, last);
      }
    }
    return "";
  }

  /**
   * The last stretch of mathematics in a text that has a digit or an operator in it; empty when
   * there is none.
   */
  static Formulas.Span lastRun(String s, int from) {
    List<Piece> pieces = pieces(s.substring(from));
    for (int last = pieces.size() - 1; last >= 0; last--) {
      Piece piece = pieces.get(last);
      if (!isMath(piece, false) || !(hasDigit(piece.text()) || piece.text().length() > 1)) {
        continue;
      }
      int first = last;
      while (first > 0
          && isMath(pieces.get(first - 1), false)
          && !endsSentence(pieces.get(first - 1))
          && !pieces.get(first - 1).text().endsWith(",")) {
        first--;
      }
      first = listed(pieces, first);
      String run = withUnit(s.substring(from), pieces, first, last);
      int equals = run.lastIndexOf('=');
      boolean inequality = run.contains("<") || run.contains(">") || run.contains("\\");
      if (equals >= 0 && equals + 1 < run.length() && !inequality) {
        run = run.substring(equals + 1).strip();
      }
      if (!run.isEmpty()) {
        return new Formulas.Span(from + pieces.get(first).start(), from + piece.end(), run);
      }
    }
    return new Formulas.Span(-1, -1, "");
  }

  /**
   * Where the list begins that ends here, as in "the roots are 1, 2 and 3"; else the same place.
   */
  private static int listed(List<Piece> pieces, int last) {
    int k = last;
    while (k > 1 && (joins(pieces, k - 1) || pieces.get(k - 1).text().endsWith(","))) {
      k -= joins(pieces, k - 1) ? 2 : 1;
      if (!isMath(pieces.get(k), false)) {
        return last;
      }
    }
    return k > 0 && pieces.get(k - 1).text().equals("are") ? k : last;
  }

  private static String withUnit(String s, List<Piece> pieces, int first, int last) {
    String run = stripped(s.substring(pieces.get(first).start(), pieces.get(last).end()));
    if (last + 1 < pieces.size() && !endsSentence(pieces.get(last))) {
      String word = stripped(pieces.get(last + 1).text());
      String lower = word.toLowerCase(Locale.ROOT).replace(".", "");
      if (Unit.isKnown(word)
          || Unit.magnitude(word) != null
          || lower.equals("am")
          || lower.equals("pm")) {
        return run + " " + word;
      }
    }
    return run;
  }

  private static String stripped(String run) {
    int end = run.length();
    while (end > 0 && ".,;:?".indexOf(run.charAt(end - 1)) >= 0) {
      end--;
    }
    if (end > 1 && run.charAt(end - 1) == '!' && end < run.length()) {
      end--;
    }
    return run.substring(0, end);
  }

  private static boolean endsSentence(Piece piece) {
    String t = piece.text();
    return t.endsWith(".") || t.endsWith(";") || t.endsWith(":") || t.endsWith("?");
  }

  /** "and" or "or" between two stretches, the first of which is ended by it. */
  private static boolean joins(List<Piece> pieces, int k) {
    String t = pieces.get(k).text().toLowerCase(Locale.ROOT);
    return (t.equals("and") || t.equals("or"))
        && k + 1 < pieces.size()
        && isMath(pieces.get(k + 1), false)
        && isMath(pieces.get(k - 1), false);
  }

  private static boolean isMath(Piece piece, boolean first) {
    String t = stripped(piece.text());
    if (t.isEmpty() || t.contains("boxed{}")) {
      return false;
    }
    if (t.length() == 1) {
      char c = t.charAt(0);
      boolean article = c == 'a' || c == 'I' || (c == 'A' && !first);
      return !article && (Character.isLetterOrDigit(c) || "+-*/=<>≤≥±×÷∪∩−".indexOf(c) >= 0);
    }
    if (Choice.of(t) != null || Symbols.PLAIN.contains(t.toLowerCase(Locale.ROOT))) {
      return true;
    }
    boolean sign = false;
    int letters = 0;
    int longest = 0;
    for (int i = 0; i < t.length(); i++) {
      char c = t.charAt(i);
      if (c == '\\') {
        return true;
      }
      boolean letter = Character.isLetter(c);
      letters = letter ? letters + 1 : 0;
      longest = Math.max(longest, letters);
      sign |=
          Lexer.isDigit(c)
              || "+*/=^<>≤≥√∞±∪∩²³½¼¾%°π|[]{}".indexOf(c) >= 0
              || (c == '-' && i == 0)
              || (c == '(' && i + 2 < t.length());
    }
    boolean word = longest > 3 && !Symbols.PLAIN.contains(letterRun(t));
    boolean glued =
        Lexer.isDigit(t.charAt(0))
            || (t.charAt(0) == '$' && t.length() > 1 && Lexer.isDigit(t.charAt(1)));
    return sign && (!word || glued);
  }

  private static String letterRun(String t) {
    int i = 0;
    while (i < t.length() && !Character.isLetter(t.charAt(i))) {
      i++;
    }
    int end = i;
    while (end < t.length() && Character.isLetter(t.charAt(end))) {
      end++;
    }
    return t.substring(i, end).toLowerCase(Locale.ROOT);
  }

  private static List<Piece> pieces(String s) {
    List<Piece> pieces = new ArrayList<>();
    int depth = 0;
    int start = -1;
    for (int i = 0; i <= s.length(); i++) {
      char c = i < s.length() ? s.charAt(i) : ' ';
      boolean blank = Character.isWhitespace(c) && (depth <= 0 || c == '\n');
      if (blank || i == s.length()) {
        if (start >= 0) {
          pieces.add(new Piece(s.substring(start, i), start, i));
        }
        start = -1;
        depth = 0;
      } else {
        start = start < 0 ? i : start;
        depth += c == '{' || c == '(' || c == '[' ? 1 : c == '}' || c == ')' || c == ']' ? -1 : 0;
      }
    }
    return pieces;
  }

  private Prose() {}
}
