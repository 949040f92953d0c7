package dev.goodhart.data;

import java.io.IOException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Turns "the next row, or null at the end" into an iterator over a source. */
final class Ahead implements Rows {
  /** Reads the next row; null at the end. */
  interface Reader {
    @Nullable RowResult next() throws IOException;
  }

  private final Source source;
  private final Reader reader;
  private @Nullable RowResult ahead;
  private boolean ended;
  private long line;

  Ahead(Source source, Reader reader) {
    this.source = source;
    this.reader = reader;
  }

  @Override
  public boolean hasNext() {
    if (ahead == null && !ended) {
      try {
        ahead = reader.next();
      } catch (IOException e) {
        throw Source.unreadable(source.file, line, e);
      }
      ended = ahead == null;
      line = ahead == null ? line : ahead.line();
    }
    return ahead != null;
  }

  @Override
  public RowResult next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException();
    }
    RowResult row = ahead;
    ahead = null;
    return row;
  }

  @Override
  public long bytesRead() {
    return source.bytesRead();
  }

  @Override
  public void close() {
    source.close();
  }
}
