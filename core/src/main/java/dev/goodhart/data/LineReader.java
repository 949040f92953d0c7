package dev.goodhart.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Splits bytes into lines at {@code \n}, before anything is decoded, so that a line that is not
 * UTF-8 or too long does not disturb the next one. A line over the limit is read to its end but
 * only its beginning is kept.
 */
final class LineReader {
  /** How much of an overlong line is kept for the report. */
  private static final int KEPT = 1 << 12;

  private final InputStream in;
  private final int limit;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int filled;
  private long number;

  LineReader(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** The next line, or null at the end. */
  @Nullable Line next() throws IOException {
    ByteArrayOutputStream parts = null;
    long length = 0;
    boolean any = false;
    while (true) {
      if (position == filled) {
        filled = in.read(buffer, 0, buffer.length);
        position = 0;
        if (filled <= 0) {
          filled = 0;
          return any ? line(parts, length) : null;
        }
      }
      any = true;
      int end = position;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      int piece = end - position;
      length += piece;
      if (parts == null) {
        parts = new ByteArrayOutputStream(Math.max(piece, 32));
      }
      parts.write(buffer, position, Math.min(piece, limit - parts.size()));
      boolean ended = end < filled;
      position = ended ? end + 1 : end;
      if (ended) {
        return line(parts, length);
      }
    }
  }

  private Line line(@Nullable ByteArrayOutputStream parts, long length) {
    byte[] bytes = parts == null ? new byte[0] : parts.toByteArray();
    if (length > limit && bytes.length > KEPT) {
      bytes = java.util.Arrays.copyOf(bytes, KEPT);
    }
    number++;
    if (number == 1 && startsWithMark(bytes)) {
      bytes = java.util.Arrays.copyOfRange(bytes, 3, bytes.length);
      length -= 3;
    }
    return new Line(number, bytes, length);
  }

  /** UTF-8's byte order mark, which Windows writes first. */
  private static boolean startsWithMark(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == (byte) 0xef
        && bytes[1] == (byte) 0xbb
        && bytes[2] == (byte) 0xbf;
  }
}
