package dev.goodhart.verify.text;

import java.util.Arrays;

/**
 * The length of the longest common subsequence, 64 cells of the usual table at a time.
 *
 * <p>A row of the table rises by 0 or 1 from cell to cell, so it is kept as bits: 0 where it rises.
 * With M the cells that hold the row's token, the next row is (V + (V and M)) or (V and not M)
 * (Crochemore et al. 2001, Hyyrö 2004). A word of the row in which the token does not occur changes
 * by a carry alone, so only words with occurrences are visited: few in real texts, n·m/64 at worst.
 */
final class CommonSubsequence {
  /** Cells of the table: about a second of work at worst. */
  private static final long MOST = 1L << 36;

  private CommonSubsequence() {}

  static boolean isFeasible(int[] a, int[] b) {
    return (long) a.length * b.length <= MOST;
  }

  /**
   * @param a tokens from 0 upwards
   * @param b the same
   */
  static int length(int[] a, int[] b) {
    int shorter = Math.min(a.length, b.length);
    int start = 0;
    while (start < shorter && a[start] == b[start]) {
      start++;
    }
    int end = 0;
    while (end < shorter - start && a[a.length - 1 - end] == b[b.length - 1 - end]) {
      end++;
    }
    return start
        + end
        + table(
            Arrays.copyOfRange(a, start, a.length - end),
            Arrays.copyOfRange(b, start, b.length - end));
  }

  private static int table(int[] a, int[] b) {
    if (a.length == 0 || b.length == 0) {
      return 0;
    }
    int tokens = Math.max(Arrays.stream(a).max().getAsInt(), Arrays.stream(b).max().getAsInt()) + 1;
    // Where each token stands in b: places[from[t]] to places[from[t + 1] - 1], ascending.
    int[] from = new int[tokens + 1];
    for (int token : b) {
      from[token + 1]++;
    }
    for (int t = 0; t < tokens; t++) {
      from[t + 1] += from[t];
    }
    int[] next = from.clone();
    int[] places = new int[b.length];
    for (int i = 0; i < b.length; i++) {
      places[next[b[i]]++] = i;
    }
    long[] row = new long[(b.length + 63) / 64];
    Arrays.fill(row, -1);
    for (int token : a) {
      advance(row, places, from[token], from[token + 1]);
    }
    int length = 0;
    for (int i = 0; i < b.length; i++) {
      length += (row[i >> 6] >>> i & 1) == 0 ? 1 : 0;
    }
    return length;
  }

  private static void advance(long[] row, int[] places, int first, int end) {
    int at = first;
    int word = -1;
    long carry = 0;
    while (at < end || carry != 0) {
      word = carry != 0 ? word + 1 : places[at] >> 6;
      if (word >= row.length) {
        return;
      }
      long mask = 0;
      while (at < end && places[at] >> 6 == word) {
        mask |= 1L << places[at++];
      }
      long before = row[word];
      long matched = before & mask;
      long sum = before + matched;
      long overflow = Long.compareUnsigned(sum, before) < 0 ? 1 : 0;
      long whole = sum + carry;
      overflow |= carry != 0 && whole == 0 ? 1 : 0;
      row[word] = whole | (before & ~mask);
      carry = overflow;
    }
  }
}
