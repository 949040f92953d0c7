package dev.goodhart.neural.text;

import java.util.Arrays;

/**
 * Decoding with a tokenizer whose decoder is only known as a whole (SentencePiece puts and takes
 * spaces between tokens): the ids since the last whole piece are decoded again, with that piece
 * before them as context, and what is new is given out once it does not end in U+FFFD.
 */
final class WindowDecoding implements Decoding {
  /**
   * More ids than this without a whole character are no character that will be whole: a character
   * has four bytes at most.
   */
  private static final int PATIENCE = 16;

  private final Tokenizer tokenizer;
  private final boolean special;

  /** The ids of the last piece, then those since. */
  private int[] window = {};

  /** How many ids of the window have been given out. */
  private int given;

  WindowDecoding(Tokenizer tokenizer, boolean special) {
    this.tokenizer = tokenizer;
    this.special = special;
  }

  @Override
  public String add(int id) {
    window = Arrays.copyOf(window, window.length + 1);
    window[window.length - 1] = id;
    String text = tokenizer.decode(window, special);
    if (text.endsWith("\ufffd") && window.length - given < PATIENCE) return "";
    return release(text);
  }

  @Override
  public String end() {
    String piece = release(tokenizer.decode(window, special));
    window = new int[0];
    given = 0;
    return piece;
  }

  private String release(String text) {
    String before = tokenizer.decode(Arrays.copyOf(window, given), special);
    if (text.length() <= before.length()) return "";
    window = Arrays.copyOfRange(window, given, window.length);
    given = window.length;
    return text.substring(before.length());
  }
}
