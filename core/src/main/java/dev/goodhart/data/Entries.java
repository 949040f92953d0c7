package dev.goodhart.data;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A data set row by row. Skipped rows are counted, and written to the side file, which appears when
 * the last row was read: one JSON object a bad row, {@code {"file", "line", "field", "reason",
 * "row"}}.
 */
public final class Entries implements Cursor<Entry> {
  private final Rows rows;
  private final Recognition.Found found;
  private final Reading reading;
  private @Nullable AtomicOutput side;
  private long number;
  private long bad;

  Entries(Rows rows, Recognition.Found found, Reading reading) {
    this.rows = rows;
    this.found = found;
    this.reading = reading;
  }

  /** How many rows were read so far, bad ones too. */
  public long count() {
    return number;
  }

  /** How many rows were bad so far. */
  public long bad() {
    return bad;
  }

  /** How many bytes of the file were read; against its size this is the progress. */
  public long bytesRead() {
    return rows.bytesRead();
  }

  @Override
  public boolean hasNext() {
    boolean more = rows.hasNext();
    if (!more) {
      commit();
    }
    return more;
  }

  @Override
  public Entry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    number++;
    return switch (rows.next()) {
      case Row row -> read(row);
      case BadRow b -> bad(Long.toString(number), b);
    };
  }

  private Entry read(Row row) {
    Map<String, String> columns = found.recognition().roles();
    String id = Ids.of(row, number, columns);
    try {
      return new Entry.Good(
          number, id, row, found.shape().reader().read(new Fields(row, id, columns)));
    } catch (BadField e) {
      String text = Json.write(row.columns());
      return bad(id, new BadRow(row.file(), row.line(), e.field, e.reason(), text));
    }
  }

  private Entry bad(String id, BadRow row) {
    if (reading.onBadRow() == OnBadRow.FAIL) {
      throw stopped(row);
    }
    bad++;
    if (reading.badRows() != null) {
      write(reading.badRows(), row);
    }
    return new Entry.Bad(number, id, row);
  }

  /** What a user is told who did not say that bad rows may be skipped. */
  static GoodhartException stopped(BadRow row) {
    return new GoodhartException(row.message() + " (--on-bad-row skip sets such rows aside)");
  }

  private void write(Path target, BadRow row) {
    if (side == null) {
      side = new AtomicOutput(target);
    }
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("file", row.file());
    line.put("line", row.line());
    line.put("field", row.field());
    line.put("reason", row.reason());
    line.put("row", row.text());
    try {
      side.stream().write((Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new GoodhartException(target + ": cannot be written: " + IoReason.of(e), e);
    }
  }

  private void commit() {
    if (side != null) {
      try {
        side.commit();
      } catch (IOException e) {
        throw new GoodhartException(
            reading.badRows() + ": cannot be written: " + IoReason.of(e), e);
      }
      side.close();
      side = null;
    }
  }

  @Override
  public void close() {
    rows.close();
    if (side != null) {
      side.close();
      side = null;
    }
  }
}
