package dev.goodhart.data.inspect;

import java.util.Arrays;

/**
 * How two responses differ, for a linear model: hashed words and couples of words, each response's
 * logarithmic counts scaled to length one, first response minus second; and the difference of the
 * logarithms of their lengths.
 *
 * @param index into the weights, ascending
 * @param value as many as there are indices
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never shared
record Features(int[] index, float[] value) {
  static final int SIZE = 1 << 17;

  static Features difference(String one, String other) {
    Features a = of(one);
    Features b = of(other);
    int[] index = new int[a.index.length + b.index.length + 1];
    float[] value = new float[index.length];
    int n = 0;
    int i = 0;
    int j = 0;
    while (i < a.index.length || j < b.index.length) {
      int at = i < a.index.length ? a.index[i] : Integer.MAX_VALUE;
      int bt = j < b.index.length ? b.index[j] : Integer.MAX_VALUE;
      index[n] = Math.min(at, bt);
      value[n] = (at <= bt ? a.value[i] : 0) - (bt <= at ? b.value[j] : 0);
      i += at <= bt ? 1 : 0;
      j += bt <= at ? 1 : 0;
      n += value[n] == 0 ? 0 : 1;
    }
    index[n] = SIZE; // the length's own weight
    value[n] = (float) (Math.log1p(one.length()) - Math.log1p(other.length()));
    return new Features(Arrays.copyOf(index, n + 1), Arrays.copyOf(value, n + 1));
  }

  private static Features of(String text) {
    long[] words = MinHash.words(text);
    int[] hashes = new int[Math.max(0, 2 * words.length - 1)];
    for (int i = 0; i < words.length; i++) {
      hashes[i] = (int) (Hash.mix(words[i]) & (SIZE - 1));
      if (i > 0) {
        hashes[words.length + i - 1] = (int) (Hash.join(words[i - 1], words[i]) & (SIZE - 1));
      }
    }
    Arrays.sort(hashes);
    int[] index = new int[hashes.length];
    float[] value = new float[hashes.length];
    int n = 0;
    double square = 0;
    for (int i = 0; i < hashes.length; ) {
      int begin = i;
      while (i < hashes.length && hashes[i] == hashes[begin]) {
        i++;
      }
      index[n] = hashes[begin];
      value[n] = (float) Math.log1p(i - begin);
      square += value[n] * value[n];
      n++;
    }
    for (int i = 0; i < n; i++) {
      value[i] /= (float) Math.sqrt(square);
    }
    return new Features(Arrays.copyOf(index, n), Arrays.copyOf(value, n));
  }

  double dot(float[] weights) {
    double sum = 0;
    for (int i = 0; i < index.length; i++) {
      sum += weights[index[i]] * value[i];
    }
    return sum;
  }
}
