package dev.goodhart.neural.align.offline;

/**
 * A prompt with a response as token ids.
 *
 * @param prompt at least one
 * @param tokens of the response, at least one; with the token that ends it, if it is to end there
 */
@SuppressWarnings("ArrayRecordComponent") // primitive arrays in hot paths
public record Answer(int[] prompt, int[] tokens) {
  public Answer {
    if (prompt.length == 0 || tokens.length == 0) {
      throw new IllegalArgumentException(
          "prompt and response need a token each, not " + prompt.length + " and " + tokens.length);
    }
  }

  /** Of both. */
  public int length() {
    return prompt.length + tokens.length;
  }
}
