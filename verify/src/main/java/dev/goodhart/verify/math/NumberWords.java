package dev.goodhart.verify.math;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers in English words: {@code forty-two}, {@code one hundred and five}, {@code third}, {@code
 * a dozen}, {@code two fifths}.
 */
final class NumberWords {
  private static final Map<String, Integer> UNITS = new HashMap<>();
  private static final Map<String, Integer> DENOMINATORS = new HashMap<>();
  private static final Map<String, Long> SCALES =
      Map.of("hundred", 100L, "thousand", 1_000L, "million", 1_000_000L, "billion", 1_000_000_000L);

  static {
    String[] cardinals =
        ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
                + " fifteen sixteen seventeen eighteen nineteen")
            .split(" ");
    String[] ordinals =
        ("zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
                + " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth")
            .split(" ");
    for (int i = 0; i < cardinals.length; i++) {
      UNITS.put(cardinals[i], i);
      UNITS.put(ordinals[i], i);
    }
    String[] under =
        "half third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(" ");
    for (int i = 0; i < under.length; i++) {
      DENOMINATORS.put(under[i], i + 2);
      DENOMINATORS.put(under[i] + "s", i + 2);
    }
    DENOMINATORS.putAll(
        Map.of("halves", 2, "quarter", 4, "quarters", 4, "hundredth", 100, "hundredths", 100));
    String[] tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
    for (int i = 0; i < tens.length; i++) {
      UNITS.put(tens[i], 20 + 10 * i);
      UNITS.put(tens[i].substring(0, tens[i].length() - 1) + "ieth", 20 + 10 * i);
    }
  }

  /** The number that the words say, or null. */
  static @Nullable Rational parse(String words) {
    if (words.length() > 120 || words.isEmpty() || !Character.isLetter(words.charAt(0))) {
      return null;
    }
    String lower = words.toLowerCase(Locale.ROOT);
    if (lower.equals("second")) {
      return null; // a unit of time more often than an ordinal
    }
    if (lower.equals("dozen") || lower.equals("a dozen") || lower.equals("one dozen")) {
      return Rational.of(12);
    }
    Rational mixed = mixed(lower);
    return mixed != null ? mixed : whole(lower);
  }

  /** {@code half}, {@code two thirds}, {@code one and a half}; null for everything else. */
  private static @Nullable Rational mixed(String lower) {
    boolean negative = lower.startsWith("minus ") || lower.startsWith("negative ");
    String positive = negative ? lower.substring(lower.indexOf(' ') + 1) : lower;
    int and = positive.lastIndexOf(" and ");
    Rational fraction = fraction(and < 0 ? positive : positive.substring(and + 5));
    Rational whole = and < 0 ? Rational.ZERO : whole(positive.substring(0, and));
    if (fraction == null || whole == null) {
      return null;
    }
    Rational value = whole.plus(fraction);
    return negative ? value.negate() : value;
  }

  /** {@code half}, {@code a third}, {@code three-quarters}. */
  private static @Nullable Rational fraction(String words) {
    String[] parts = words.split("[ -]", -1);
    if (parts.length > 2) {
      return null;
    }
    Integer under = DENOMINATORS.get(parts[parts.length - 1]);
    if (parts.length == 1) {
      return parts[0].equals("half") ? Rational.HALF : null;
    }
    if (under == null) {
      return null;
    }
    boolean one = parts[0].equals("a") || parts[0].equals("one");
    Integer over = one ? Integer.valueOf(1) : UNITS.get(parts[0]);
    // "twenty-third" is an ordinal, "two thirds" a fraction
    return over == null || over < 1 || (over >= 20 && !parts[1].endsWith("s"))
        ? null
        : Rational.of(over, under);
  }

  private static @Nullable Rational whole(String lower) {
    long total = 0;
    long group = 0;
    boolean any = false;
    boolean negative = false;
    for (String word : lower.split("[\\s-]+")) {
      Integer unit = UNITS.get(word);
      Long scale = SCALES.get(word);
      if (unit != null) {
        // "twenty one" and "one hundred five", but not "one two"
        if (group % 100 != 0 && (group % 10 != 0 || unit >= 10 || group % 100 < 20)) {
          return null;
        }
        group += unit;
        any = true;
      } else if (scale != null && any) {
        if (scale == 100) {
          group *= 100;
        } else {
          total += group * scale;
          group = 0;
        }
        if (group > 1_000_000 || total > 1_000_000_000_000_000L) {
          return null;
        }
      } else if (!any && (word.equals("minus") || word.equals("negative"))) {
        negative = true;
      } else if (!word.equals("and") || !any) {
        return null;
      }
    }
    return any ? Rational.of(negative ? -(total + group) : total + group) : null;
  }
}
