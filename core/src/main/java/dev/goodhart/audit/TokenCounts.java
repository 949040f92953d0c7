package dev.goodhart.audit;

import dev.goodhart.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * The tokens of responses, counted in a table of fixed size. A token is a run of letters, or any
 * other character that is no white space: that suits words, code and digits alike. Tokens of equal
 * hash share a place, which can only make texts look more alike. Of a long response the last 16,384
 * characters are read.
 */
final class TokenCounts {
  private static final int READ = 1 << 14;

  /** Of a longer word so many characters are told. */
  private static final int NAMED = 24;

  private TokenCounts() {}

  /** Is given each token of a text: a hash that is as good as random, and its characters. */
  interface Visitor {
    void token(long hash, Supplier<String> text);
  }

  /** The tokens of a text, each as a hash that is as good as random. */
  static long[] tokens(String text) {
    long[] tokens = new long[Math.min(text.length(), READ)];
    int[] count = {0};
    each(text, (hash, characters) -> tokens[count[0]++] = hash);
    return Arrays.copyOf(tokens, count[0]);
  }

  /** Visits the tokens of a text in their order. */
  static void each(String text, Visitor visitor) {
    int from = Math.max(0, text.length() - READ);
    long word = 0;
    int begin = -1;
    for (int i = from; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      boolean letter = Character.isLetter(c) && !Character.isIdeographic(c);
      if (begin >= 0 && !letter) {
        visitor.token(mixed(word), characters(text, begin, i));
        word = 0;
        begin = -1;
      }
      if (letter) {
        if (begin < 0) begin = i;
        word = mixed(word + c + 1);
      } else if (!Character.isWhitespace(c)) {
        visitor.token(mixed(c + 1L), characters(text, i, i + 1));
      }
    }
  }

  /** For people to read: what a terminal would obey is told by its number. */
  private static Supplier<String> characters(String text, int from, int to) {
    return () -> {
      char c = text.charAt(from);
      boolean seen =
          !Character.isISOControl(c)
              && !Character.isSurrogate(c)
              && Character.getType(c) != Character.FORMAT;
      return seen ? text.substring(from, Math.min(to, from + NAMED)) : "U+%04X".formatted((int) c);
    };
  }

  /** The runs of {@code n} tokens, each as a hash; empty for a shorter text. */
  static long[] runs(long[] tokens, int n) {
    long[] runs = new long[Math.max(0, tokens.length - n + 1)];
    for (int i = 0; i < runs.length; i++) {
      long hash = 0;
      for (int k = 0; k < n; k++) hash = mixed(hash + tokens[i + k]);
      runs[i] = hash;
    }
    return runs;
  }

  /** How often each place of a table of {@code size}, a power of two, is hit. */
  static void count(long[] hashes, int[] table) {
    for (long hash : hashes) table[(int) hash & table.length - 1]++;
  }

  /** The runs of {@code n} tokens of all responses. */
  static int[] of(List<Sample> samples, int n, int size) {
    int[] table = new int[size];
    for (Sample sample : samples) count(runs(tokens(sample.response()), n), table);
    return table;
  }

  static long sum(int[] table) {
    long sum = 0;
    for (int count : table) sum += count;
    return sum;
  }

  private static long mixed(long hash) {
    long z = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
