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
   * Writes the values of a response to the beginning of {@code look}.
   *
   * @param distinct how many different words and marks it has
   */
  static void write(Tokens tokens, int distinct, float[] look) {
    char[] text = tokens.text;
    int n = tokens.characters;
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
      if (c < 128 ? Tokens.isAsciiLetterOrDigit(c) : Character.isLetterOrDigit(c)) {
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

    int k = 0;
    look[k++] = log(n);
    for (int corner : CORNERS) {
      look[k++] = (float) Math.max(0, Math.log((n + 1.0) / corner));
    }
    look[k++] = log(words);
    look[k++] = log(distinct);
    look[k++] = log(breaks);
    look[k++] = log(paragraphs);
    look[k++] = log(digits);
    look[k++] = log(capitals);
    look[k++] = log(foreign);
    look[k++] = log(numbered);
    look[k++] = log(bullets);
    look[k++] = log(longWords);
    look[k++] = log(sentences);
    look[k++] = distinct / (tokens.count + 1f);
    look[k++] = n / (5f * (words + 1));
    look[k++] = n > 0 && Character.isWhitespace(text[0]) ? 1 : 0;
    look[k++] = n > 0 && Character.isUpperCase(text[0]) ? 1 : 0;
    for (int count : marks) {
      look[k++] = log(count);
    }
    look[k] = n > 0 && ".!?\"')`:".indexOf(text[n - 1]) >= 0 ? 1 : 0;
  }

  private static float log(int count) {
    return (float) Math.log1p(count);
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
