package dev.goodhart.neural.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The alphabet in which byte-level tokenizers (GPT-2, Llama 3, Qwen) spell bytes in their files:
 * each of the 256 bytes is one visible character. The 188 bytes that are visible in Latin-1 stand
 * for themselves; the others, in order, for the characters from U+0100 on: a space is {@code Ġ}.
 *
 * <p>Source: Radford et al. 2019, Language Models are Unsupervised Multitask Learners.
 */
final class ByteLevel {
  private static final char[] CHARACTERS = new char[256];

  /** By character; −1 where it stands for no byte. */
  private static final short[] BYTES = new short[256 + 68];

  static {
    java.util.Arrays.fill(BYTES, (short) -1);
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean visible = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
      CHARACTERS[b] = (char) (visible ? b : next++);
      BYTES[CHARACTERS[b]] = (short) b;
    }
  }

  /** The character that stands for a byte, 0 to 255. */
  static char character(int b) {
    return CHARACTERS[b];
  }

  /** Bytes spelt in the alphabet. */
  static String spell(byte[] bytes) {
    StringBuilder spelt = new StringBuilder(bytes.length);
    for (byte b : bytes) spelt.append(CHARACTERS[b & 0xff]);
    return spelt.toString();
  }

  /**
   * The bytes of a token: what its characters stand for, or its UTF-8 if one of them stands for
   * none, which only an added token can have.
   */
  static byte[] bytes(String token) {
    byte[] bytes = spelt(token);
    return bytes == null ? token.getBytes(StandardCharsets.UTF_8) : bytes;
  }

  private static byte @Nullable [] spelt(String token) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(token.length());
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c >= BYTES.length || BYTES[c] < 0) return null;
      bytes.write(BYTES[c]);
    }
    return bytes.toByteArray();
  }

  private ByteLevel() {}
}
