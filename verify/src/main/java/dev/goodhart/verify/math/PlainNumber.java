package dev.goodhart.verify.math;

/**
 * The fast path: a text that is nothing but an integer or a decimal of up to 18 digits, perhaps
 * with a sign, a currency, grouping commas and a full stop, compared as {@code digits · 10^-places}
 * in a long.
 */
final class PlainNumber {
  /** No plain number. */
  static final long NONE = Long.MIN_VALUE;

  private static final int MAX_DIGITS = 14;
  private static final long[] POWERS = {1, 10, 100, 1_000, 10_000};

  /**
   * Ten thousand times the value of the text, which must have at most four decimal places; {@link
   * #NONE} for all else.
   */
  static long of(String s, int from, int to) {
    while (from < to && isBlank(s.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(s.charAt(to - 1))) {
      to--;
    }
    if (to > from && s.charAt(to - 1) == '.') {
      to--; // the end of a sentence; two more would be an ellipsis
    }
    boolean negative = false;
    if (from < to && (s.charAt(from) == '-' || s.charAt(from) == '−')) {
      negative = true;
      from++;
    }
    if (from < to && s.charAt(from) == '$') {
      from++;
    }
    long value = 0;
    int digits = 0;
    int places = -1;
    int sinceComma = -1;
    for (int i = from; i < to; i++) {
      char c = s.charAt(i);
      if (c >= '0' && c <= '9') {
        value = value * 10 + (c - '0');
        if (++digits > MAX_DIGITS) {
          return NONE;
        }
        places += places >= 0 ? 1 : 0;
        sinceComma += sinceComma >= 0 ? 1 : 0;
      } else if (c == ','
          && places < 0
          && digits > 0
          && (sinceComma < 0 ? digits <= 3 && s.charAt(from) != '0' : sinceComma == 3)) {
        sinceComma = 0;
      } else if (c == '.' && places < 0 && (sinceComma < 0 || sinceComma == 3) && digits > 0) {
        places = 0;
        sinceComma = -1;
      } else {
        return NONE;
      }
    }
    if (digits == 0 || (sinceComma >= 0 && sinceComma != 3) || places > 4) {
      return NONE;
    }
    value *= POWERS[4 - Math.max(places, 0)];
    return negative ? -value : value;
  }

  /** Whether two such numbers differ by more than any default tolerance. */
  static boolean apart(long r, long a) {
    double d = Math.abs((double) r - a);
    return d > 2e-6 * Math.abs((double) r) && d > 1;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }

  private PlainNumber() {}
}
