package dev.goodhart.neural.reward;

/**
 * A sample as token ids.
 *
 * @param ids at least one
 * @param marks where in them the head is read, ascending: the last token, or the last of each step
 */
public record Encoded(int[] ids, int[] marks) {
  public Encoded {
    if (ids.length == 0 || marks.length == 0 || marks[marks.length - 1] >= ids.length) {
      throw new IllegalArgumentException("a sample needs a token, and a mark on one of them");
    }
  }

  /** Read at the last token. */
  public static Encoded of(int[] ids) {
    return new Encoded(ids, new int[] {ids.length - 1});
  }
}
