package dev.goodhart.verify.math;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers in words: what they come down to, and when two are the same. */
final class Texts {
  /** Added to a time of day that is marked a.m., twice for p.m. */
  static final int MARKED = 10_000;

  private static final Set<String> EMPTY =
      Set.of(
          "no solution",
          "no solutions",
          "no real solution",
          "no real solutions",
          "there is no solution",
          "there are no solutions",
          "none",
          "empty set",
          "no real roots",
          "no real root",
          "no roots",
          "there are no real solutions",
          "no such number exists",
          "no integer solutions",
          "no such value",
          "null set",
          "no values");
  private static final Set<String> ALL =
      Set.of(
          "all real numbers",
          "all reals",
          "any real number",
          "all real values",
          "every real number",
          "set of all real numbers",
          "real numbers",
          "all real x",
          "all x");
  private static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("true", "yes"),
          Map.entry("false", "no"),
          Map.entry("correct", "yes"),
          Map.entry("incorrect", "no"),
          Map.entry("dne", "does not exist"),
          Map.entry("limit does not exist", "does not exist"),
          Map.entry("infinitely many solutions", "infinitely many"),
          Map.entry("infinite solutions", "infinitely many"),
          Map.entry("infinite number of solutions", "infinitely many"),
          Map.entry("infinite", "infinitely many"),
          Map.entry("not defined", "undefined"));
  private static final Set<String> MONTHS =
      Set.of(
          ("january february march april may june july august september october november"
                  + " december jan feb mar apr jun jul aug sep sept oct nov dec")
              .split(" "));

  /** ∅ and ℝ in words; null for everything else. */
  static Expr.@Nullable Const constant(String words) {
    String plain = plain(words);
    return EMPTY.contains(plain) ? Expr.Const.EMPTY : ALL.contains(plain) ? Expr.Const.REALS : null;
  }

  /**
   * Lower case, without punctuation, articles, LaTeX and doubled spaces; synonyms under one name.
   */
  static String plain(String words) {
    StringBuilder out = new StringBuilder(words.length());
    for (int i = 0; i < words.length(); i++) {
      char c = words.charAt(i);
      if (c == '\\') {
        int from = i + 1;
        int to = from;
        while (to < words.length() && Lexer.isAsciiLetter(words.charAt(to))) {
          to++;
        }
        i = Math.max(to - 1, i);
        out.append(' ');
      } else if (Character.isLetterOrDigit(c)) {
        out.append(Character.toLowerCase(c));
      } else if (c != '.' && c != '\'' && c != '’') {
        out.append(' ');
      }
    }
    String[] parts = out.toString().strip().split("\\s+");
    StringBuilder joined = new StringBuilder();
    boolean date = Arrays.stream(parts).anyMatch(MONTHS::contains);
    if (date) {
      for (int k = 0; k < parts.length; k++) {
        parts[k] = date(parts[k]);
      }
      Arrays.sort(parts);
    }
    for (int k = 0; k < parts.length; k++) {
      String part = parts[k];
      boolean beforeWord = k + 1 < parts.length && parts[k + 1].length() > 1;
      boolean article = beforeWord && (part.equals("the") || part.equals("a") || part.equals("an"));
      boolean filler = date && (part.equals("of") || part.equals("the") || part.isEmpty());
      if (!article && !filler) {
        joined.append(joined.isEmpty() ? "" : " ").append(part);
      }
    }
    String plain = joined.toString();
    return SAME.getOrDefault(plain, plain);
  }

  /** The same words. The capitals count in names such as ABCD. */
  static boolean same(String reference, String answer) {
    boolean name =
        reference.length() <= 6
            && reference.chars().allMatch(Character::isLetter)
            && !isWord(reference.toLowerCase(Locale.ROOT))
            && reference.length() > 3;
    return plain(reference).equals(plain(answer))
        && (!name || reference.equals(answer) || !reference.equalsIgnoreCase(answer));
  }

  /** Whether a month is named. */
  static boolean isDate(String words) {
    return Arrays.stream(words.toLowerCase(Locale.ROOT).split("[^a-z]+"))
        .anyMatch(MONTHS::contains);
  }

  private static String date(String part) {
    if (MONTHS.contains(part)) {
      return part.substring(0, 3);
    }
    int digits = 0;
    while (digits < part.length() && Lexer.isDigit(part.charAt(digits))) {
      digits++;
    }
    boolean ordinal =
        digits > 0
            && digits == part.length() - 2
            && Set.of("st", "nd", "rd", "th").contains(part.substring(digits));
    return ordinal ? part.substring(0, digits) : part;
  }

  /**
   * Whether letters are a word, not variables side by side: {@code cat}, but {@code abc}, {@code
   * xyz}.
   */
  static boolean isWord(String letters) {
    if (letters.length() < 3 || Symbols.PLAIN.contains(letters.toLowerCase(Locale.ROOT))) {
      return false;
    }
    boolean ascending = true;
    for (int i = 0; i < letters.length(); i++) {
      char c = letters.charAt(i);
      if (!Lexer.isAsciiLetter(c)) {
        return false;
      }
      ascending &= i == 0 || c > letters.charAt(i - 1);
    }
    boolean vowel = letters.chars().anyMatch(c -> "aeiouyAEIOUY".indexOf(c) >= 0);
    boolean upper = letters.equals(letters.toUpperCase(Locale.ROOT));
    return !ascending && !upper && vowel;
  }

  /**
   * A time of day as minutes, with {@link #MARKED} added for a.m. and twice that for p.m.; −1 when
   * the text is none.
   */
  static int time(String text) {
    if (text.indexOf(':') < 0 || text.length() > 60) {
      return -1;
    }
    String s =
        text.toLowerCase(Locale.ROOT)
            .replace(".", "")
            .replace("\\text{", "")
            .replace("}", "")
            .replace("\\", "")
            .replace("~", " ")
            .replace("$", "")
            .strip();
    int colon = s.indexOf(':');
    if (colon < 1
        || colon > 2
        || s.length() < colon + 3
        || !Lexer.isDigit(s.charAt(0))
        || !Lexer.isDigit(s.charAt(colon - 1))) {
      return -1;
    }
    if (!Lexer.isDigit(s.charAt(colon + 1)) || !Lexer.isDigit(s.charAt(colon + 2))) {
      return -1;
    }
    int hours = Integer.parseInt(s.substring(0, colon));
    int minutes = Integer.parseInt(s.substring(colon + 1, colon + 3));
    String rest = s.substring(colon + 3).strip();
    if (hours > 24 || minutes > 59) {
      return -1;
    }
    return switch (rest) {
      case "" -> hours * 60 + minutes;
      case "am", "a m", "in the morning" -> MARKED + hours % 12 * 60 + minutes;
      case "pm", "p m", "in the afternoon", "in the evening" ->
          2 * MARKED + hours % 12 * 60 + minutes;
      case "noon" -> 2 * MARKED + hours % 12 * 60 + minutes;
      case "midnight" -> MARKED + hours % 12 * 60 + minutes;
      default -> -1;
    };
  }

  /** Two times of day: with a.m. or p.m. on one side only, the clock's face decides. */
  static boolean sameTime(int a, int b) {
    if (a >= MARKED == b >= MARKED) {
      return a == b;
    }
    int marked = Math.max(a, b);
    int plain = Math.min(a, b);
    int minutes = marked % MARKED;
    return plain == minutes || plain == minutes + 12 * 60;
  }

  private Texts() {}
}
