package dev.goodhart.audit;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a true answer looks like, so that a verifier's errors can be told apart by it: many are
 * right on integers and wrong on everything else. Seen from outside, without reading the
 * mathematics.
 */
public enum AnswerShape {
  NONE("no reference", ""),
  INTEGER("integer", "[-+]?(?:\\d{1,3}(?:,\\d{3})++|\\d++)"),
  DECIMAL("decimal", "[-+]?(?:\\d{1,3}(?:,\\d{3})++|\\d*+)\\.\\d++"),
  PERCENT("percentage", "[-+]?[\\d.,]++ *+\\\\?%"),
  FRACTION(
      "fraction",
      "[-+]?(?:\\d++ *+)?(?:\\d++ *+/ *+\\d++|\\\\[dt]?frac *+(?:\\{-?\\d++}|\\d)"
          + " *+(?:\\{-?\\d++}|\\d))"),
  SCIENTIFIC(
      "scientific",
      "[-+]?[\\d.]++ *+(?:[eE][-+]?\\d++|(?:\\\\times|\\\\cdot|×|\\*) *+10 *+\\^.{1,12}+)"),
  CHOICE("choice", "\\(?[A-Ja-j][).]?|(?i:yes|no|true|false)"),
  COLLECTION("tuple, set or interval", "(?:\\\\left)?[(\\[{].*+|\\\\\\{.*+|\\\\begin.*+"),
  RELATION("equation or inequality", ".*(?:[=<>≤≥]|\\\\[lg]eq?\\b).*"),
  EXPRESSION(
      "expression", "(?=.*[\\d\\\\^_])(?!.*(?<!\\\\|[A-Za-z])[A-Za-z]{3,}+ +[A-Za-z]{3,}).*+"),
  TEXT("text", ".*+");

  private static final int LONGEST = 400;

  private final String title;
  private final Pattern pattern;

  AnswerShape(String title, String pattern) {
    this.title = title;
    this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
  }

  /** What it is called in a table. */
  public String title() {
    return title;
  }

  /** The first shape that the whole answer has; signs of money and mathematics around it aside. */
  public static AnswerShape of(@Nullable String reference) {
    if (reference == null || reference.isBlank()) {
      return NONE;
    }
    if (reference.length() > LONGEST) {
      return TEXT;
    }
    String bare = reference.strip().toLowerCase(Locale.ROOT).startsWith("####") ? "" : reference;
    bare = bare.isEmpty() ? reference.strip().substring(4) : bare;
    bare =
        bare.strip()
            .replaceAll("^(?:\\\\?\\$|\\\\[(\\[])++|(?:\\\\?\\$|\\\\[)\\]]|\\.)$", "")
            .strip();
    for (AnswerShape shape : values()) {
      if (shape != NONE && shape.pattern.matcher(bare).matches()) {
        return shape;
      }
    }
    return TEXT;
  }
}
