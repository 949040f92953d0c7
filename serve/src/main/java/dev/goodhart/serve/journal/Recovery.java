package dev.goodhart.serve.journal;

import dev.goodhart.GoodhartException;
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
    try (InputStream in = Files.newInputStream(segment.file())) {
      LineScan lines = new LineScan(in);
      byte[] line = lines.next();
      for (long number = 1; line != null; number++, line = lines.next()) {
        if (broken > 0) throw damaged(segment, broken);
        Line.@Nullable Head head = Line.Head.of(line);
        if (head == null || head.index() != next) {
          broken = number; // a power cut may leave one such line, at the end
          continue;
        }
        if (next == 0) begin = position;
        position += line.length;
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

  private static GoodhartException damaged(Segment segment, long number) {
    return new GoodhartException(
        segment.file()
            + ":"
            + number
            + ": not the line that belongs there; move the file away to go on without it");
  }
}
