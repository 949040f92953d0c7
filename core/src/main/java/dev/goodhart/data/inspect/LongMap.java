package dev.goodhart.data.inspect;

/**
 * Hashes to numbers, in two arrays: sixteen bytes an entry, half of them filled at most. It stops
 * taking new keys at a limit and counts what it turned away, so that memory stays bounded on any
 * file.
 */
final class LongMap {
  private final int limit;
  private long[] keys = new long[1 << 10];
  private long[] values = new long[1 << 10];
  private int size;
  private long refused;

  LongMap(int limit) {
    this.limit = limit;
  }

  /** The value of a key that is not zero by itself; 0 when there is none. */
  long get(long key) {
    return values[slot(keys, key | 1)];
  }

  void put(long key, long value) {
    int slot = slot(keys, key | 1);
    if (keys[slot] == 0) {
      if (size >= limit) {
        refused++;
        return;
      }
      keys[slot] = key | 1;
      size++;
    }
    values[slot] = value;
    if (2 * size > keys.length) {
      grow();
    }
  }

  int size() {
    return size;
  }

  /** How many new keys came after the limit. */
  long refused() {
    return refused;
  }

  /** All values, in no particular order. */
  java.util.stream.LongStream values() {
    return java.util.stream.IntStream.range(0, keys.length)
        .filter(i -> keys[i] != 0)
        .mapToLong(i -> values[i]);
  }

  private void grow() {
    long[] moreKeys = new long[2 * keys.length];
    long[] moreValues = new long[2 * keys.length];
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != 0) {
        int slot = slot(moreKeys, keys[i]);
        moreKeys[slot] = keys[i];
        moreValues[slot] = values[i];
      }
    }
    keys = moreKeys;
    values = moreValues;
  }

  private static int slot(long[] keys, long key) {
    int mask = keys.length - 1;
    int slot = (int) ((key >>> 32) ^ (key >>> 1)) & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
