package dev.goodhart.signal.hashed;

import java.util.Arrays;

/**
 * A set of buckets being collected: added as they come, with repetitions, then sorted so that each
 * is there once. Sorting by radix takes a few nanoseconds a bucket and no comparisons, which on
 * hashes are never predicted.
 */
final class Buckets {
  /** Below this a comparison sort is done before the histograms are cleared. */
  private static final int RADIX_FROM = 96;

  private final int bits;
  private final int[] low;
  private final int[] high;
  private int[] values = new int[1 << 12];
  private int[] swap = new int[1 << 12];
  private int size;

  Buckets(int bits) {
    this.bits = bits;
    this.low = new int[1 << bits / 2];
    this.high = new int[1 << (bits - bits / 2)];
  }

  /** Empties the set and makes room for so many additions. */
  void clear(int room) {
    size = 0;
    if (values.length < room) {
      values = new int[2 * room];
      swap = new int[2 * room];
    }
  }

  /** Adds the upper bits of a hash. */
  void add(long hash) {
    values[size++] = (int) (Tokens.mix(hash) >>> (64 - bits));
  }

  /** Each bucket once, ascending. */
  int[] distinct() {
    if (size < RADIX_FROM) {
      Arrays.sort(values, 0, size);
    } else {
      radixSort();
    }
    int k = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || values[i] != values[i - 1]) {
        swap[k++] = values[i];
      }
    }
    return Arrays.copyOf(swap, k);
  }

  private void radixSort() {
    int digit = bits / 2;
    int mask = (1 << digit) - 1;
    Arrays.fill(low, 0);
    Arrays.fill(high, 0);
    for (int i = 0; i < size; i++) {
      low[values[i] & mask]++;
      high[values[i] >>> digit]++;
    }
    starts(low);
    starts(high);
    for (int i = 0; i < size; i++) {
      swap[low[values[i] & mask]++] = values[i];
    }
    for (int i = 0; i < size; i++) {
      values[high[swap[i] >>> digit]++] = swap[i];
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
}
