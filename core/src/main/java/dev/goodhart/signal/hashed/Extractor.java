package dev.goodhart.signal.hashed;

import java.util.Arrays;
import java.util.Set;

/**
 * Reads the features of a response in one pass, without making a string: n-grams are hashed while
 * they go by, then sorted by radix so that each bucket is there once.
 *
 * <p>A bucket is the upper {@code bits} bits of a 64-bit hash of the n-gram and its group; two
 * n-grams that share one share a weight. Not safe for use by two threads: each has its own.
 */
final class Extractor {
  /** Below this a comparison sort is faster than clearing the histograms. */
  private static final int RADIX_FROM = 96;

  private static final long PRIME = 0x9e3779b97f4a7c15L;
  private static final long START = 0x2545f4914f6cdd1dL;
  private static final long END = 0x27d4eb2f165667c5L;
  private static final char[] LOWER = lower();

  private final int bits;
  private final Set<FeatureGroup> groups;
  private char[] text = new char[1 << 12];
  private long[] tokens = new long[1 << 10];
  private int[] buckets = new int[1 << 12];
  private int[] swap = new int[1 << 12];
  private final int[] low;
  private final int[] high;

  Extractor(int bits, Set<FeatureGroup> groups) {
    this.bits = bits;
    this.groups = Set.copyOf(groups);
    this.low = new int[1 << bits / 2];
    this.high = new int[1 << bits - bits / 2];
  }

  Features of(String response) {
    int n = response.length();
    reserve(n);
    response.getChars(0, n, text, 0);
    int count = tokenise(n);

    int[] ngrams = new int[2 * count + 2 + n + 6];
    int[] ends = new int[FeatureGroup.HASHED];
    int end = 0;
    int distinct = 0;
    for (FeatureGroup group : FeatureGroup.values()) {
      if (group == FeatureGroup.STYLE) {
        break;
      }
      boolean wanted = groups.contains(group);
      if (wanted || group == FeatureGroup.WORDS && groups.contains(FeatureGroup.STYLE)) {
        int found = distinct(hash(group, n, count));
        distinct = group == FeatureGroup.WORDS ? found : distinct;
        if (wanted) {
          System.arraycopy(buckets, 0, ngrams, end, found);
          end += found;
        }
      }
      ends[group.ordinal()] = end;
    }
    float[] style =
        groups.contains(FeatureGroup.STYLE) ? Style.of(text, n, count, distinct) : new float[0];
    return new Features(Arrays.copyOf(ngrams, end), ends, style, n);
  }

  private void reserve(int n) {
    if (text.length < n) {
      int size = Integer.highestOneBit(n - 1) << 1;
      text = new char[size];
      tokens = new long[size];
    }
    int most = Math.max(n, 16) + 1;
    if (buckets.length < most) {
      buckets = new int[2 * most];
      swap = new int[2 * most];
    }
    if (tokens.length < n) {
      tokens = new long[text.length];
    }
  }

  /** Hashes of the words and marks into {@link #tokens}; how many. */
  private int tokenise(int n) {
    int count = 0;
    int i = 0;
    while (i < n) {
      char c = text[i];
      char lower = lower(c);
      if (lower == 0) {
        if (c != ' ') {
          tokens[count++] = mix(c);
        }
        i++;
        continue;
      }
      long hash = START;
      do {
        hash = (hash ^ lower) * PRIME;
        i++;
        if (i == n) {
          break;
        }
        c = text[i];
        lower = lower(c);
        if (c == '\'' && i + 1 < n && lower(text[i + 1]) != 0) {
          lower = c; // don't is one word
        }
      } while (lower != 0);
      tokens[count++] = mix(hash);
    }
    return count;
  }

  /** A group's n-grams as buckets, as they come; how many. */
  private int hash(FeatureGroup group, int n, int count) {
    long salt = PRIME * (group.ordinal() + 1);
    int k = 0;
    switch (group) {
      case WORDS -> {
        for (int i = 0; i < count; i++) {
          buckets[k++] = bucket(tokens[i] ^ salt);
        }
      }
      case WORD_PAIRS -> {
        long before = START;
        for (int i = 0; i < count; i++) {
          buckets[k++] = bucket(before * PRIME + tokens[i] ^ salt);
          before = tokens[i];
        }
        buckets[k++] = bucket(before * PRIME + END ^ salt);
      }
      case CHARACTERS -> {
        long gram = 0;
        for (int i = 0; i < n; i++) {
          gram = gram << 16 | text[i];
          if (i >= 3) {
            buckets[k++] = bucket(gram ^ salt);
          }
        }
      }
      case OPENINGS -> {
        long first = START;
        long last = END;
        for (int i = 0; i < Math.min(3, count); i++) {
          first = (first + tokens[i]) * PRIME;
          last = (last + tokens[count - 1 - i]) * PRIME;
          buckets[k++] = bucket(first ^ salt);
          buckets[k++] = bucket(last ^ salt);
        }
      }
      case STYLE -> throw new IllegalArgumentException("style is not hashed");
    }
    return k;
  }

  private int bucket(long hash) {
    return (int) (mix(hash) >>> 64 - bits);
  }

  /** Sorts the first {@code n} of {@link #buckets} and keeps each once; how many are left. */
  private int distinct(int n) {
    if (n < RADIX_FROM) {
      Arrays.sort(buckets, 0, n);
    } else {
      radixSort(n);
    }
    int k = 0;
    for (int i = 0; i < n; i++) {
      if (i == 0 || buckets[i] != buckets[i - 1]) {
        swap[k++] = buckets[i];
      }
    }
    int[] sorted = swap;
    swap = buckets;
    buckets = sorted;
    return k;
  }

  private void radixSort(int n) {
    int digit = bits / 2;
    int mask = (1 << digit) - 1;
    Arrays.fill(low, 0);
    Arrays.fill(high, 0);
    for (int i = 0; i < n; i++) {
      low[buckets[i] & mask]++;
      high[buckets[i] >>> digit]++;
    }
    starts(low);
    starts(high);
    for (int i = 0; i < n; i++) {
      swap[low[buckets[i] & mask]++] = buckets[i];
    }
    for (int i = 0; i < n; i++) {
      buckets[high[swap[i] >>> digit]++] = swap[i];
    }
  }

  private static void starts(int[] counts) {
    int sum = 0;
    for (int i = 0; i < counts.length; i++) {
      int count = counts[i];
      counts[i] = sum;
      sum += count;
    }
  }

  /** MurmurHash3's finaliser: every input bit moves every output bit. */
  private static long mix(long z) {
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }

  /** A letter in lower case or a digit as it is; 0 for what is no part of a word. */
  private static char lower(char c) {
    if (c < 128) {
      return LOWER[c];
    }
    return Character.isLetterOrDigit(c) ? Character.toLowerCase(c) : 0;
  }

  private static char[] lower() {
    char[] table = new char[128];
    for (char c = 0; c < 128; c++) {
      table[c] = Style.isAsciiLetterOrDigit(c) ? Character.toLowerCase(c) : 0;
    }
    return table;
  }
}
