package dev.goodhart.neural.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Python's strings do that Java's do otherwise. */
final class Strings {
  /** White space as Python counts it, the spaces that do not break among it. */
  static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  /**
   * @param chars what to strip, or null for white space
   */
  static String strip(String s, @Nullable String chars, boolean left, boolean right) {
    int begin = 0;
    int end = s.length();
    while (left && begin < end && strips(s.charAt(begin), chars)) begin++;
    while (right && end > begin && strips(s.charAt(end - 1), chars)) end--;
    return s.substring(begin, end);
  }

  private static boolean strips(char c, @Nullable String chars) {
    return chars == null ? isSpace(c) : chars.indexOf(c) >= 0;
  }

  static String replace(String s, String old, String by, int count, Budget budget) {
    if (old.isEmpty()) throw new JinjaException("replace: nothing to look for");
    budget.spend(s.length());
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (int done = 0; count < 0 || done < count; done++) {
      int next = s.indexOf(old, at);
      if (next < 0) break;
      budget.spend(next - at + by.length());
      text.append(s, at, next).append(by);
      at = next + old.length();
    }
    return text.append(s, at, s.length()).toString();
  }

  /** At a separator, or at runs of white space; from the right when only so many cuts are made. */
  static List<Object> split(String s, Arguments a, boolean fromRight) {
    int most = a.integer(1, "maxsplit", -1);
    if (most < 0) most = Integer.MAX_VALUE;
    Object separator = a.get(0, "sep", None.NONE);
    List<Object> parts = new ArrayList<>();
    a.scope().budget.spend(8L * s.length());
    if (!(separator instanceof String at)) return words(s, most, fromRight);
    if (at.isEmpty()) throw new JinjaException("split: the separator is empty");
    if (fromRight) {
      int end = s.length();
      for (int cut = s.lastIndexOf(at); cut >= 0 && parts.size() < most; ) {
        parts.add(s.substring(cut + at.length(), end));
        end = cut;
        cut = s.lastIndexOf(at, cut - at.length());
      }
      parts.add(s.substring(0, end));
      Collections.reverse(parts);
      return parts;
    }
    int begin = 0;
    for (int cut = s.indexOf(at); cut >= 0 && parts.size() < most; cut = s.indexOf(at, begin)) {
      parts.add(s.substring(begin, cut));
      begin = cut + at.length();
    }
    parts.add(s.substring(begin));
    return parts;
  }

  private static List<Object> words(String s, int most, boolean fromRight) {
    List<Object> words = new ArrayList<>();
    int step = fromRight ? -1 : 1;
    int at = fromRight ? s.length() - 1 : 0;
    while (true) {
      while (within(s, at) && isSpace(s.charAt(at))) at += step;
      if (!within(s, at)) break;
      int from = at;
      if (words.size() == most) {
        words.add(fromRight ? s.substring(0, from + 1) : s.substring(from));
        break;
      }
      while (within(s, at) && !isSpace(s.charAt(at))) at += step;
      words.add(fromRight ? s.substring(at + 1, from + 1) : s.substring(from, at));
    }
    if (fromRight) Collections.reverse(words);
    return words;
  }

  private static boolean within(String s, int at) {
    return at >= 0 && at < s.length();
  }

  static long count(String s, String part) {
    if (part.isEmpty()) return s.codePointCount(0, s.length()) + 1L;
    long count = 0;
    for (int i = s.indexOf(part); i >= 0; i = s.indexOf(part, i + part.length())) count++;
    return count;
  }

  static String join(String between, List<?> elements, Budget budget) {
    StringBuilder text = new StringBuilder();
    boolean first = true;
    for (Object element : elements) {
      String more = Printer.print(Values.of(element), budget);
      budget.spend(Budget.STEP + between.length() + (long) more.length());
      if (!first) text.append(between);
      text.append(more);
      first = false;
    }
    return text.toString();
  }

  private Strings() {}
}
