package dev.goodhart.serve.journal;

import dev.goodhart.GoodhartException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a file of a journal holds after its server was killed. A batch that is there in part was
 * never answered: the server answers when all of it is written.
 *
 * @param end where the last whole batch ends, in bytes
 * @param length of the file, in bytes
 * @param keys of the batches in it
 */
record Recovery(long end, long length, Map<String, Keys.Place> keys) {
  /**
   * @throws GoodhartException if something else than its end is broken: that was no kill, and is
   *     left alone
   */
  static Recovery of(Segment segment) throws IOException {
    Map<String, Keys.Place> keys = new LinkedHashMap<>();
    long position = 0;
    long begin = 0;
    long end = 0;
    int next = 0;
    long broken = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(segment.file()), 1 << 16)) {
      var line = new ByteArrayOutputStream();
      for (long number = 1; readLine(in, line); number++) {
        if (broken > 0) throw damaged(segment, broken);
        Line.@Nullable Head head = Line.Head.of(line.toByteArray());
        if (head == null || head.index() != next) {
          broken = number; // a power cut may leave one such line, at the end
          continue;
        }
        if (next == 0) begin = position;
        position += line.size();
        next++;
        if (next == head.batch()) {
          next = 0;
          end = position;
          if (head.key() != null) {
            keys.put(
                Keys.of(head.client(), head.key()),
                new Keys.Place(segment, begin, Math.toIntExact(end - begin)));
          }
        }
      }
    }
    return new Recovery(end, Files.size(segment.file()), keys);
  }

  /**
   * Reads a line with its end.
   *
   * @return false at the end of the file, also if a line begins there that has no end
   */
  static boolean readLine(InputStream in, ByteArrayOutputStream line) throws IOException {
    line.reset();
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n') return true;
    }
    return false;
  }

  private static GoodhartException damaged(Segment segment, long number) {
    return new GoodhartException(
        segment.file()
            + ":"
            + number
            + ": not the line that belongs there; move the file away to go on without it");
  }
}
