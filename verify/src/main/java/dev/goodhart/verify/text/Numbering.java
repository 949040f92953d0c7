package dev.goodhart.verify.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives n-grams numbers: equal ones the same, from 0 upwards. An n-gram is numbered as the pair of
 * the (n-1)-gram before its last token and that token, so the work is linear in the text at every
 * order and nothing is decided by a hash alone. One numbering serves the texts that are compared.
 */
final class Numbering {
  private final Map<String, Integer> words = new HashMap<>();
  private final int order;
  private final Pairs[] pairs;

  Numbering(int order) {
    this.order = order;
    this.pairs = new Pairs[order];
    for (int n = 1; n < order; n++) {
      pairs[n] = new Pairs();
    }
  }

  /** The words of a text as numbers. */
  int[] words(List<String> text) {
    int[] numbers = new int[text.size()];
    for (int i = 0; i < numbers.length; i++) {
      Integer known = words.putIfAbsent(text.get(i), words.size());
      numbers[i] = known == null ? words.size() - 1 : known;
    }
    return numbers;
  }

  /**
   * The n-grams of a text in their order: {@code [n - 1][i]} is the number of the n-gram that
   * begins at token i.
   */
  int[][] grams(int[] tokens) {
    int[][] grams = new int[order][];
    grams[0] = tokens;
    for (int n = 1; n < order; n++) {
      int[] shorter = grams[n - 1];
      int[] longer = new int[Math.max(0, tokens.length - n)];
      for (int i = 0; i < longer.length; i++) {
        longer[i] = pairs[n].number((long) shorter[i] << 32 | tokens[i + n]);
      }
      grams[n] = longer;
    }
    return grams;
  }

  /** Numbers for the pairs of what stands at i and at i + step. */
  static int[] pairs(int[] grams, int step) {
    Pairs pairs = new Pairs();
    int[] numbers = new int[Math.max(0, grams.length - step)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = pairs.number((long) grams[i] << 32 | grams[i + step]);
    }
    return numbers;
  }

  /** How often each number up to the highest occurs; grows as needed. */
  static int[] counts(int[] grams) {
    int[] counts = new int[Arrays.stream(grams).max().orElse(-1) + 1];
    for (int gram : grams) {
      counts[gram]++;
    }
    return counts;
  }

  /** How many n-grams two texts share, with multiplicity. */
  static long shared(int[] counts, int[] others) {
    long shared = 0;
    for (int i = 0; i < Math.min(counts.length, others.length); i++) {
      shared += Math.min(counts[i], others[i]);
    }
    return shared;
  }

  /** A hash map of primitives: boxed ones took most of the time on a text of a megabyte. */
  private static final class Pairs {
    private long[] keys = new long[64];
    private int[] numbers = new int[64];
    private int size;

    Pairs() {
      Arrays.fill(numbers, -1);
    }

    int number(long key) {
      int at = slot(keys, numbers, key);
      if (numbers[at] >= 0) {
        return numbers[at];
      }
      keys[at] = key;
      numbers[at] = size++;
      if (size > keys.length / 2) {
        grow();
      }
      return size - 1;
    }

    private void grow() {
      long[] wider = new long[2 * keys.length];
      int[] renumbered = new int[wider.length];
      Arrays.fill(renumbered, -1);
      for (int i = 0; i < keys.length; i++) {
        if (numbers[i] >= 0) {
          int at = slot(wider, renumbered, keys[i]);
          wider[at] = keys[i];
          renumbered[at] = numbers[i];
        }
      }
      keys = wider;
      numbers = renumbered;
    }

    private static int slot(long[] keys, int[] numbers, long key) {
      long z = (key ^ (key >>> 33)) * 0xff51afd7ed558ccdL;
      z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
      int at = (int) (z ^ (z >>> 33)) & (keys.length - 1);
      while (numbers[at] >= 0 && keys[at] != key) {
        at = (at + 1) & (keys.length - 1);
      }
      return at;
    }
  }
}
