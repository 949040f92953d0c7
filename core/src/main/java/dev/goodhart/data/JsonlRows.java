package dev.goodhart.data;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; blank lines are nothing. */
final class JsonlRows implements Ahead.Reader {
  private final String file;
  private final int limit;
  private final LineReader lines;

  JsonlRows(Source source, int limit) {
    this.file = source.file;
    this.limit = limit;
    this.lines = new LineReader(source.stream(), limit);
  }

  @Override
  public @Nullable RowResult next() throws IOException {
    Line line = lines.next();
    while (line != null && line.isBlank()) {
      line = lines.next();
    }
    return line == null ? null : Json.row(file, line, limit);
  }
}
