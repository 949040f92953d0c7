package dev.goodhart.data.inspect;

import dev.goodhart.run.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Finds texts that share most of their word triples with an earlier one. For sets A and B of
 * triples and a random order of all triples, the first of A and the first of B are the same with
 * probability {@code J = |A∩B| / |A∪B|} (Broder 1997); sixty such orders estimate J, and twelve
 * bands of five of them find candidates: two texts meet in a band with probability {@code 1 - (1 -
 * J^5)^12}, which is 0.31 at J = 0.5, 0.99 at 0.8 and 1.00 at 0.9.
 *
 * <p>About 500 bytes a text; after {@code limit} texts no more are remembered, and later ones are
 * only looked up.
 */
public final class MinHash {
  private static final int BANDS = 12;
  private static final int ROWS = 5;
  private static final int HASHES = BANDS * ROWS;
  private static final int WORDS = 3;

  private final long[] multipliers = new long[HASHES];
  private final long[] offsets = new long[HASHES];
  private final int limit;
  private final LongMap[] bands = new LongMap[BANDS];
  private final long[] signature = new long[HASHES];
  private short[] signatures = new short[HASHES << 6];
  private long[] marks = new long[1 << 6];
  private int size;
  private long refused;

  /** What the nearest earlier text was marked with, and how alike the two are. */
  public record Near(long mark, double similarity) {}

  public MinHash(int limit, Seeds seeds) {
    this.limit = limit;
    SplittableRandom random = seeds.of("minhash");
    for (int i = 0; i < HASHES; i++) {
      multipliers[i] = random.nextLong() | 1;
      offsets[i] = random.nextLong();
    }
    Arrays.setAll(bands, i -> new LongMap(limit));
  }

  /** How many texts are remembered. */
  int size() {
    return size;
  }

  /** How many came when memory was full: they were looked up, but not remembered. */
  long refused() {
    return refused;
  }

  /**
   * Remembers a text; returns the most similar earlier one that was found, or null for a text of
   * its own kind.
   */
  @org.jspecify.annotations.Nullable
  public Near add(String text, long mark) {
    sign(text);
    Near nearest = null;
    for (int band = 0; band < BANDS; band++) {
      long key = key(band);
      long earlier = bands[band].get(key);
      if (earlier != 0) {
        double similarity = similarity((int) earlier - 1);
        if (nearest == null || similarity > nearest.similarity()) {
          nearest = new Near(marks[(int) earlier - 1], similarity);
        }
      } else if (size < limit) {
        bands[band].put(key, size + 1L);
      }
    }
    if (size < limit) {
      remember(mark);
    } else {
      refused++;
    }
    return nearest;
  }

  private void remember(long mark) {
    if (size == marks.length) {
      marks = Arrays.copyOf(marks, 2 * size);
      signatures = Arrays.copyOf(signatures, 2 * size * HASHES);
    }
    marks[size] = mark;
    for (int i = 0; i < HASHES; i++) {
      signatures[size * HASHES + i] = (short) signature[i];
    }
    size++;
  }

  /**
   * The share of equal hashes; sixteen bits of each are enough, as one in 65,536 would agree by
   * chance.
   */
  private double similarity(int other) {
    int same = 0;
    for (int i = 0; i < HASHES; i++) {
      same += signatures[other * HASHES + i] == (short) signature[i] ? 1 : 0;
    }
    return (double) same / HASHES;
  }

  private long key(int band) {
    long[] rows = Arrays.copyOfRange(signature, band * ROWS, (band + 1) * ROWS);
    return Hash.join(rows);
  }

  private void sign(String text) {
    Arrays.fill(signature, Long.MAX_VALUE);
    long[] words = words(text);
    int triples = Math.max(1, words.length - WORDS + 1);
    for (int t = 0; t < triples; t++) {
      long triple = 0;
      for (int w = t; w < Math.min(t + WORDS, words.length); w++) {
        triple = Hash.mix(triple * 31 + words[w]);
      }
      for (int i = 0; i < HASHES; i++) {
        long hash = (triple * multipliers[i] + offsets[i]) >>> 1;
        signature[i] = Math.min(signature[i], hash);
      }
    }
  }

  /**
   * Hashes of the words in order, in lower case, without what stands between letters and digits.
   */
  static long[] words(String text) {
    long[] words = new long[16];
    int count = 0;
    long word = 0;
    for (int at = 0; at <= text.length(); at++) {
      char c = at < text.length() ? text.charAt(at) : ' ';
      if (Character.isLetterOrDigit(c)) {
        word = (word == 0 ? 0x9e3779b97f4a7c15L : word) * 0x100000001b3L + Character.toLowerCase(c);
      } else if (word != 0) {
        if (count == words.length) {
          words = Arrays.copyOf(words, 2 * count);
        }
        words[count++] = Hash.mix(word);
        word = 0;
      }
    }
    return Arrays.copyOf(words, count);
  }
}
