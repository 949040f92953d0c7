package dev.goodhart.data;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line; blank lines are nothing. After the first lines, which is all that a look
 * at the layout needs, lines are parsed in batches on the other cores while the caller works on
 * earlier ones; the rows come in the file's order.
 */
final class JsonlRows implements Ahead.Reader {
  /** A batch ends with whichever is reached first: enough that handing it over costs nothing. */
  private static final int LINES = 256;

  private static final int BYTES = 1 << 18;

  /** Lines that are parsed at once, before anything is read ahead. */
  private static final int FIRST = 128;

  /** What may be waiting, so that memory stays constant, however long the lines are. */
  private static final int WAITING = 16 * BYTES;

  private final String file;
  private final int limit;
  private final LineReader lines;
  private final Queue<Batch> waiting = new ArrayDeque<>();
  private Iterator<RowResult> ready = List.<RowResult>of().iterator();
  private long read;
  private long bytesWaiting;
  private boolean ended;
  private @Nullable IOException failed;

  private record Batch(long bytes, CompletableFuture<List<RowResult>> rows) {}

  JsonlRows(Source source, int limit) {
    this.file = source.file;
    this.limit = limit;
    this.lines = new LineReader(source.stream(), limit);
  }

  @Override
  public @Nullable RowResult next() throws IOException {
    if (read < FIRST && !ended) {
      Line line = line();
      return line == null ? null : Json.row(file, line, limit);
    }
    while (!ready.hasNext()) {
      readAhead();
      Batch batch = waiting.poll();
      if (batch == null) {
        if (failed != null) {
          throw failed;
        }
        return null;
      }
      bytesWaiting -= batch.bytes();
      ready = batch.rows().join().iterator();
    }
    return ready.next();
  }

  private void readAhead() {
    int most = 2 * Runtime.getRuntime().availableProcessors();
    while (!ended && waiting.size() < most && bytesWaiting < WAITING) {
      List<Line> batch = new ArrayList<>(LINES);
      long bytes = 0;
      try {
        while (batch.size() < LINES && bytes < BYTES) {
          Line line = line();
          if (line == null) {
            break;
          }
          batch.add(line);
          bytes += line.bytes().length;
        }
      } catch (IOException e) {
        failed = e; // told when the rows before it have been
        ended = true;
      }
      if (!batch.isEmpty()) {
        waiting.add(
            new Batch(
                bytes,
                CompletableFuture.supplyAsync(
                    () -> batch.stream().map(l -> Json.row(file, l, limit)).toList())));
        bytesWaiting += bytes;
      }
    }
  }

  private @Nullable Line line() throws IOException {
    Line line = lines.next();
    while (line != null && line.isBlank()) {
      line = lines.next();
    }
    ended = line == null;
    read++;
    return line;
  }
}
