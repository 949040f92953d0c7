package dev.goodhart.serve.protocol;

import dev.goodhart.serve.scoring.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a body, one at a time. */
final class Lines {
  private final InputStream in;
  private final int longest;
  private final byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private long number;

  Lines(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /** Of the line that was read last, from 1. */
  long number() {
    return number;
  }

  /**
   * Without its line break; null at the end.
   *
   * @throws Refusal 413 if it is too long
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      for (int i = from; i < to; i++) {
        if (buffer[i] == '\n') {
          line.write(buffer, from, i - from);
          from = i + 1;
          number++;
          return line.toByteArray();
        }
      }
      line.write(buffer, from, to - from);
      if (line.size() > longest) {
        throw new Refusal(413, "line " + (number + 1) + " is longer than " + longest + " bytes");
      }
      from = 0;
      to = Math.max(0, in.read(buffer));
      if (to == 0) {
        if (line.size() == 0) {
          return null;
        }
        number++;
        return line.toByteArray();
      }
    }
  }
}
