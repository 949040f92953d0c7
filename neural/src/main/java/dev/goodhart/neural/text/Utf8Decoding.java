package dev.goodhart.neural.text;

import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * Decoding where each token is known to be so many bytes. Bytes that are no UTF-8 become U+FFFD as
 * the Unicode standard recommends (one for each longest beginning of a character), which is what
 * Hugging Face's library does; Java's own decoder takes the three bytes of a surrogate for one.
 */
final class Utf8Decoding implements Decoding {
  private final IntFunction<byte[]> bytes;

  /** How many bytes the character at hand still needs, and between what the next must lie. */
  private int needed;

  private int least;
  private int most;
  private int codePoint;

  Utf8Decoding(IntFunction<byte[]> bytes) {
    this.bytes = bytes;
  }

  /** A whole text. */
  static String decode(byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    if (text.indexOf('\ufffd') < 0) return text;
    Utf8Decoding decoding = new Utf8Decoding(id -> utf8);
    return decoding.add(0) + decoding.end();
  }

  @Override
  public String add(int id) {
    byte[] more = bytes.apply(id);
    StringBuilder text = new StringBuilder(more.length);
    for (byte b : more) next(b & 0xff, text);
    return text.toString();
  }

  @Override
  public String end() {
    boolean incomplete = needed > 0;
    needed = 0;
    return incomplete ? "\ufffd" : "";
  }

  private void next(int b, StringBuilder text) {
    if (needed > 0 && (b < least || b > most)) {
      // What was begun is none; this byte may begin another.
      needed = 0;
      text.append('\ufffd');
    }
    if (needed > 0) {
      codePoint = codePoint << 6 | b & 0x3f;
      least = 0x80;
      most = 0xBF;
      if (--needed == 0) text.appendCodePoint(codePoint);
    } else if (b < 0x80) {
      text.append((char) b);
    } else if (b >= 0xC2 && b <= 0xF4) {
      needed = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
      codePoint = b & 0x3f >> needed;
      // No longer form than is needed, no surrogates, nothing beyond U+10FFFF.
      least = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
      most = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    } else {
      text.append('\ufffd');
    }
  }
}
