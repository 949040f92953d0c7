package dev.goodhart.serve.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a journal's file, each with its end. A restart reads half a gigabyte of them. */
final class LineScan {
  private final InputStream in;
  private final byte[] block = new byte[1 << 16];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int at;
  private int filled;

  LineScan(InputStream in) {
    this.in = in;
  }

  /** The next one; null at the end of the file, also if a line begins there that has no end. */
  byte @Nullable [] next() throws IOException {
    line.reset();
    while (true) {
      int end = at;
      while (end < filled && block[end] != '\n') end++;
      boolean whole = end < filled;
      if (whole) end++;
      line.write(block, at, end - at);
      at = end;
      if (whole) return line.toByteArray();
      filled = in.read(block);
      at = 0;
      if (filled <= 0) {
        filled = 0;
        return null;
      }
    }
  }
}
