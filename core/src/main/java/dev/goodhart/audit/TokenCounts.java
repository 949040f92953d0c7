package dev.goodhart.audit;

import dev.goodhart.Sample;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens of responses, counted in a table of fixed size. A token is a run of letters, or any
 * other character that is no white space: that suits words, code and digits alike. Tokens of equal
 * hash share a place, which can only make texts look more alike. Of a long response the last 16,384
 * characters are read.
 */
final class TokenCounts {
  private static final int READ = 1 << 14;

  private TokenCounts() {}

  /** The tokens of a text, each as a hash that is as good as random. */
  static long[] tokens(String text) {
    int from = Math.max(0, text.length() - READ);
    long[] tokens = new long[text.length() - from];
    int count = 0;
    long word = 0;
    boolean within = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = Character.isLetter(c) && !Character.isIdeographic(c);
      if (within && !letter) {
        tokens[count++] = mixed(word);
        word = 0;
      }
      within = letter;
      if (letter) {
        word = mixed(word + c + 1);
      } else if (!Character.isWhitespace(c)) {
        tokens[count++] = mixed(c + 1L);
      }
    }
    if (within) tokens[count++] = mixed(word);
    return Arrays.copyOf(tokens, count);
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
