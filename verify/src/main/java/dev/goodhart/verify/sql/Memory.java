package dev.goodhart.verify.sql;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What this process holds outside the Java heap. The library is built without SQLite's own
 * accounting (its {@code hard_heap_limit} does nothing), so the kernel is asked; where there is no
 * {@code /proc}, memory is not watched and only the time limit stands.
 */
final class Memory {
  private static final long PAGE = 4096;
  private final byte[] line = new byte[128];
  private final @Nullable RandomAccessFile statm;

  Memory() {
    RandomAccessFile file;
    try {
      file = new RandomAccessFile("/proc/self/statm", "r");
    } catch (IOException e) {
      file = null;
    }
    this.statm = file;
  }

  long bytes() {
    if (statm == null) {
      return 0;
    }
    try {
      statm.seek(0);
      int read = statm.read(line);
      String[] fields = new String(line, 0, read, StandardCharsets.US_ASCII).split(" ");
      return Long.parseLong(fields[1]) * PAGE - Runtime.getRuntime().totalMemory();
    } catch (IOException e) {
      return 0;
    }
  }
}
