package dev.goodhart.verify.math;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers in English words: {@code forty-two}, {@code one hundred and five}, {@code third}, {@code
 * a dozen}.
 */
final class NumberWords {
  private static final Map<String, Integer> UNITS = new HashMap<>();
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
    switch (lower) {
      case "half", "one half", "one-half", "a half" -> {
        return Rational.HALF;
      }
      case "a dozen", "dozen", "one dozen" -> {
        return Rational.of(12);
      }
      case "one third", "one-third", "a third" -> {
        return Rational.of(1, 3);
      }
      case "two thirds", "two-thirds" -> {
        return Rational.of(2, 3);
      }
      case "one quarter", "a quarter", "one fourth", "one-fourth", "one-quarter" -> {
        return Rational.of(1, 4);
      }
      case "three quarters", "three fourths", "three-fourths", "three-quarters" -> {
        return Rational.of(3, 4);
      }
      case "second" -> {
        return null; // a unit of time more often than an ordinal
      }
      default -> {}
    }
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
