package dev.goodhart.signal.hashed;

/**
 * What a response has in common with its prompt: for all words, for long ones (which carry what a
 * text is about) and for numbers, the share of the prompt's that the response takes up, the share
 * of the response's that come from the prompt, and {@code log(1 + shared)}.
 */
final class Overlap {
  /** How many values there are. */
  static final int SIZE = 9;

  /** Distinct words as ascending buckets. */
  record Words(int[] all, int[] longer, int[] numbers) {
    static final Words NONE = new Words(new int[0], new int[0], new int[0]);
  }

  private Overlap() {}

  /** Writes the values behind those of {@link Style}. */
  static void write(Words prompt, Words response, float[] look) {
    write(prompt.all, response.all, look, Style.SIZE);
    write(prompt.longer, response.longer, look, Style.SIZE + 3);
    write(prompt.numbers, response.numbers, look, Style.SIZE + 6);
  }

  private static void write(int[] prompt, int[] response, float[] look, int at) {
    int shared = shared(prompt, response);
    look[at] = shared / (prompt.length + 1f);
    look[at + 1] = shared / (response.length + 1f);
    look[at + 2] = (float) Math.log1p(shared);
  }

  private static int shared(int[] a, int[] b) {
    int shared = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      int u = a[i];
      int v = b[j];
      shared += u == v ? 1 : 0;
      i += u <= v ? 1 : 0;
      j += v <= u ? 1 : 0;
    }
    return shared;
  }
}
