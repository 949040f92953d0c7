package dev.goodhart.verify.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a text says, in every way that it may be meant.
 *
 * @param text without delimiters and punctuation around it
 * @param meanings the likeliest first; words when it is no mathematics; empty when it cannot be
 *     read at all
 * @param problem why it cannot be read
 */
record Reading(String text, List<Expr> meanings, @Nullable String problem) {
  private static final int MAX_WORDS = 300;

  static Reading of(String raw) {
    String text = signed(bare(raw));
    if (text.isEmpty()) {
      return new Reading(text, List.of(), "nothing in it");
    }
    Expr words = Texts.time(text) >= Texts.MARKED ? new Expr.Text(text) : words(text);
    boolean letters = words instanceof Expr.Text && text.length() == 3;
    if (words != null && !letters) {
      return new Reading(text, List.of(words), null);
    }
    List<Expr> meanings = new ArrayList<>();
    if (words != null) {
      meanings.add(words); // or three variables
    }
    String problem = null;
    for (Lexer.Commas commas : Lexer.Commas.values()) {
      if (commas != Lexer.Commas.GROUP && !hasDigitCommaDigit(text)) {
        break;
      }
      try {
        Expr meaning = Parser.parse(text, commas);
        if (!meanings.contains(meaning)) {
          meanings.add(meaning);
        }
      } catch (Unreadable | TooLarge | ArithmeticException unreadable) {
        problem = problem == null ? String.valueOf(unreadable.getMessage()) : problem;
      }
    }
    String closed = meanings.isEmpty() ? closed(text) : text;
    if (!closed.equals(text)) {
      try {
        meanings.add(Parser.parse(closed, Lexer.Commas.GROUP));
      } catch (Unreadable | TooLarge | ArithmeticException unreadable) {
        // then that was not what it lacked
      }
    }
    if (meanings.isEmpty() && isProse(text)) {
      return new Reading(text, List.of(new Expr.Text(text)), null);
    }
    return new Reading(text, List.copyOf(meanings), meanings.isEmpty() ? problem : null);
  }

  /** With the closing braces that it lacks, if these are few. */
  private static String closed(String s) {
    int open = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      i += c == '\\' ? 1 : 0;
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
    }
    return open > 0 && open <= 3 && !s.endsWith("{") ? s + "}".repeat(open) : s;
  }

  /** Without white space, dollar signs, emphasis, a box and punctuation around it. */
  static String bare(String raw) {
    String s = raw.strip();
    while (true) {
      String before = s;
      s = unwrapped(s, "$$", "$$");
      s = unwrapped(s, "$", "$");
      s = unwrapped(s, "\\(", "\\)");
      s = unwrapped(s, "\\[", "\\]");
      s = unwrapped(s, "**", "**");
      s = unwrapped(s, "`", "`");
      s = unwrapped(s, "\"", "\"");
      for (String box : List.of("\\boxed{", "\\fbox{", "\\boxed {")) {
        if (s.startsWith(box) && Braces.closing(s, box.length() - 1) == s.length() - 1) {
          s = s.substring(box.length(), s.length() - 1).strip();
        }
      }
      int end = s.length();
      while (end > 0
          && ".,;:".indexOf(s.charAt(end - 1)) >= 0
          && !s.endsWith("\\,")
          && !s.endsWith("\\;")
          && !s.endsWith("..")) {
        end--;
      }
      s = s.substring(0, end).strip();
      if (s.equals(before)) {
        return s;
      }
    }
  }

  /** With a sign in place of "minus" and "negative" before a number or formula. */
  private static String signed(String s) {
    for (String word : List.of("minus ", "negative ")) {
      if (s.length() > word.length()
          && s.regionMatches(true, 0, word, 0, word.length())
          && !Character.isLetter(s.charAt(word.length()))) {
        return "-" + s.substring(word.length());
      }
    }
    return s;
  }

  private static String unwrapped(String s, String open, String close) {
    boolean wrapped =
        s.length() > open.length() + close.length()
            && s.startsWith(open)
            && s.endsWith(close)
            && s.indexOf(close, open.length()) == s.length() - close.length();
    return wrapped ? s.substring(open.length(), s.length() - close.length()).strip() : s;
  }

  private static boolean hasDigitCommaDigit(String s) {
    for (int i = s.indexOf(','); i >= 0; i = s.indexOf(',', i + 1)) {
      if (i > 0
          && i + 1 < s.length()
          && Lexer.isDigit(s.charAt(i - 1))
          && Lexer.isDigit(s.charAt(i + 1))) {
        return true;
      }
    }
    return false;
  }

  /** Words, when there is nothing else; null when there may be mathematics in it. */
  private static @Nullable Expr words(String s) {
    if (s.length() > MAX_WORDS || s.length() < 2) {
      return null;
    }
    String inner = s;
    for (String command :
        List.of("\\text{", "\\textbf{", "\\mathrm{", "\\textit{", "\\mbox{", "\\textrm{")) {
      if (s.startsWith(command) && Braces.closing(s, command.length() - 1) == s.length() - 1) {
        inner = s.substring(command.length(), s.length() - 1).strip();
      }
    }
    boolean several = false;
    int longest = 0;
    int run = 0;
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (Character.isLetter(c)) {
        longest = Math.max(longest, ++run);
      } else if (c == ' ' || c == '-' || c == '\'' || c == '’') {
        several = true;
        run = 0;
      } else {
        return null;
      }
    }
    String lower = inner.toLowerCase(Locale.ROOT);
    Rational number = NumberWords.parse(inner);
    if (number != null) {
      return Expr.number(number);
    }
    boolean answer =
        List.of("yes", "no", "none", "true", "false", "dne", "even", "odd").contains(lower);
    boolean function =
        lower.equals("infinity") || Symbols.PLAIN.contains(lower.split("[ -]", 2)[0]);
    boolean word =
        several
            ? longest >= 3 && !function && !lower.contains(" and ") && !lower.contains(" or ")
            : Texts.isWord(inner) || (longest > 5 && !function);
    if (!answer && !word) {
      return null;
    }
    Expr.Const constant = Texts.constant(inner);
    return constant != null ? constant : new Expr.Text(inner);
  }

  /** Words, perhaps with numbers among them, and no formula. */
  private static boolean isProse(String s) {
    int run = 0;
    int longest = 0;
    boolean formula = false;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      run = Character.isLetter(c) ? run + 1 : 0;
      longest = Math.max(longest, run);
      formula |= c == '\\' || c == '^' || c == '_' || c == '=' || c == '{';
    }
    boolean onlyText = s.startsWith("\\text") && s.indexOf('\\', 1) < 0;
    return s.length() <= MAX_WORDS && longest >= 3 && (!formula || onlyText);
  }

  /** Whether this is words, not mathematics. */
  boolean isWords() {
    return !meanings.isEmpty() && meanings.getFirst() instanceof Expr.Text;
  }
}
