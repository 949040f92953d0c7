package dev.goodhart.signal.hashed;

/**
 * What a response looks like from afar: how long it is, how it is laid out, how it is punctuated.
 * Judges and annotators decide by these things more than they know, so a model that cannot see them
 * spreads them over a million n-grams instead. Counts enter as {@code log(1 + count)}.
 *
 * <p>Length enters as a piecewise linear function of its logarithm, with a corner at each of {@link
 * #CORNERS}: how much a longer answer is worth depends on how long it is already.
 */
final class Style {
  /** Lengths in characters at which the worth of more length may change. */
  private static final int[] CORNERS = {50, 100, 200, 400, 800, 1200, 1600, 2400};

  private static final String MARKS = ".,;:!?()\"'-/`*$#&+=|";
  private static final int COUNTS = 15;

  /** How many values there are. */
  static final int SIZE = 1 + CORNERS.length + COUNTS + MARKS.length() + 1;

  private static final byte[] MARK = marks();

  private Style() {}

  /**
   * The values of a response.
   *
   * @param text holds the response in its first {@code n} characters
   * @param tokens how many words and marks it has
   * @param distinct how many different ones
   */
  static float[] of(char[] text, int n, int tokens, int distinct) {
    int breaks = 0;
    int paragraphs = 0;
    int digits = 0;
    int capitals = 0;
    int foreign = 0;
    int numbered = 0;
    int bullets = 0;
    int words = 0;
    int longWords = 0;
    int sentences = 0;
    int[] marks = new int[MARKS.length()];
    int word = 0;
    boolean lineStart = true;
    for (int i = 0; i < n; i++) {
      char c = text[i];
      if (c >= 128) {
        foreign++;
      }
      if (c < 128 ? isAsciiLetterOrDigit(c) : Character.isLetterOrDigit(c)) {
        word++;
        if (c <= 'Z') {
          if (c <= '9') {
            digits++;
            numbered +=
                lineStart && i + 1 < n && (text[i + 1] == '.' || text[i + 1] == ')') ? 1 : 0;
          } else {
            capitals++;
          }
        }
        lineStart = false;
        continue;
      }
      if (word > 0) {
        words++;
        longWords += word >= 8 ? 1 : 0;
        word = 0;
      }
      if (c == '\n') {
        breaks++;
        paragraphs += i + 1 < n && text[i + 1] == '\n' ? 1 : 0;
        lineStart = true;
      } else if (c != ' ') {
        bullets += lineStart && (c == '-' || c == '*' || c == '•') ? 1 : 0;
        lineStart = false;
      }
      if (c < 128 && MARK[c] >= 0) {
        marks[MARK[c]]++;
        boolean ends = i + 1 == n || Character.isWhitespace(text[i + 1]);
        sentences += ends && (c == '.' || c == '!' || c == '?') ? 1 : 0;
      }
    }
    words += word > 0 ? 1 : 0;

    float[] values = new float[SIZE];
    int k = 0;
    values[k++] = log(n);
    for (int corner : CORNERS) {
      values[k++] = (float) Math.max(0, Math.log((n + 1.0) / corner));
    }
    values[k++] = log(words);
    values[k++] = log(distinct);
    values[k++] = log(breaks);
    values[k++] = log(paragraphs);
    values[k++] = log(digits);
    values[k++] = log(capitals);
    values[k++] = log(foreign);
    values[k++] = log(numbered);
    values[k++] = log(bullets);
    values[k++] = log(longWords);
    values[k++] = log(sentences);
    values[k++] = distinct / (tokens + 1f);
    values[k++] = n / (5f * (words + 1));
    values[k++] = n > 0 && Character.isWhitespace(text[0]) ? 1 : 0;
    values[k++] = n > 0 && Character.isUpperCase(text[0]) ? 1 : 0;
    for (int count : marks) {
      values[k++] = log(count);
    }
    values[k] = n > 0 && ".!?\"')`:".indexOf(text[n - 1]) >= 0 ? 1 : 0;
    return values;
  }

  private static float log(int count) {
    return (float) Math.log1p(count);
  }

  static boolean isAsciiLetterOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  private static byte[] marks() {
    byte[] index = new byte[128];
    java.util.Arrays.fill(index, (byte) -1);
    for (int i = 0; i < MARKS.length(); i++) {
      index[MARKS.charAt(i)] = (byte) i;
    }
    return index;
  }
}
