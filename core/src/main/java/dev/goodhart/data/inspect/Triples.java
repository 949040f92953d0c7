package dev.goodhart.data.inspect;

import java.util.Arrays;
import java.util.stream.LongStream;

/** The word triples of a text, exactly. */
final class Triples {
  /** |A∩B| / |A∪B| of two texts' sets of word triples; a text of fewer words is one triple. */
  static double jaccard(String one, String other) {
    long[] a = of(one);
    long[] b = of(other);
    int i = 0;
    int j = 0;
    int both = 0;
    while (i < a.length && j < b.length) {
      if (a[i] == b[j]) {
        both++;
        i++;
        j++;
      } else if (a[i] < b[j]) {
        i++;
      } else {
        j++;
      }
    }
    return (double) both / (a.length + b.length - both);
  }

  /** Sorted hashes, each once. */
  private static long[] of(String text) {
    long[] words = MinHash.words(text);
    int count = Math.max(1, words.length - 2);
    long[] triples = new long[count];
    for (int t = 0; t < count; t++) {
      triples[t] = Hash.join(Arrays.copyOfRange(words, t, Math.min(t + 3, words.length)));
    }
    return LongStream.of(triples).sorted().distinct().toArray();
  }

  private Triples() {}
}
