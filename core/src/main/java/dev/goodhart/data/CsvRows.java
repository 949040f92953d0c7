package dev.goodhart.data;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4180: a header, then records; a field in quotes may hold delimiters, line breaks and quotes
 * (doubled).
 *
 * <p>Why not Jackson's reader: a malformed record must not end the reading. Here a quote that does
 * not close, or another number of fields than the header's, makes the record's first line bad, and
 * reading goes on with the line after it.
 */
final class CsvRows implements Ahead.Reader {
  private final String file;
  private final char delimiter;
  private final int limit;
  private final LineReader lines;
  private final Deque<Line> putBack = new ArrayDeque<>();
  private final List<String> header = new ArrayList<>();

  CsvRows(Source source, char delimiter, int limit) throws IOException {
    this.file = source.file;
    this.delimiter = delimiter;
    this.limit = limit;
    this.lines = new LineReader(source.stream(), limit);
    readHeader();
  }

  private void readHeader() throws IOException {
    Object first = record();
    if (first instanceof BadRow bad) {
      throw new GoodhartException("the header of " + bad.message());
    }
    if (first instanceof CsvRecord record) {
      for (String name : record.fields) {
        header.add(name == null ? "" : name.strip());
      }
    }
    HashSet<String> seen = new HashSet<>();
    for (String name : header) {
      if (!seen.add(name)) {
        throw new GoodhartException(file + ":1: two columns are called '" + name + "'");
      }
    }
  }

  @Override
  public @Nullable RowResult next() throws IOException {
    Object read = record();
    if (!(read instanceof CsvRecord record)) {
      return (BadRow) read;
    }
    Map<String, @Nullable Object> columns = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      columns.put(header.get(i), record.fields.get(i));
    }
    return new Row(file, record.line, columns);
  }

  /** The next record, a {@link BadRow} for one that cannot be read, or null at the end. */
  private @Nullable Object record() throws IOException {
    Line line = nextLine();
    while (line != null && line.isBlank()) {
      line = nextLine();
    }
    if (line == null) {
      return null;
    }
    Line first = line;
    CsvRecord record = new CsvRecord(first.number(), delimiter);
    List<Line> taken = new ArrayList<>();
    long length = 0;
    while (line != null) {
      taken.add(line);
      length += line.length() + 1;
      String text = line.isWhole() && length <= limit + 1L ? Json.decode(line.bytes()) : null;
      if (text == null) {
        String reason =
            line.isWhole() && length <= limit + 1L
                ? "is not UTF-8"
                : "is longer than the limit of " + limit + " bytes";
        return bad(first, taken, reason);
      }
      String wrong = record.add(text);
      if (wrong != null) {
        return bad(first, taken, wrong);
      }
      if (!record.isOpen()) {
        int fields = record.fields.size();
        return header.isEmpty() || fields == header.size()
            ? record
            : bad(first, taken, "has " + fields + " fields, the header has " + header.size());
      }
      line = nextLine();
    }
    return bad(first, taken, "a quote is opened and never closed");
  }

  /** Gives up on the first line alone; the others are read again as records of their own. */
  private BadRow bad(Line first, List<Line> taken, String reason) {
    for (int i = taken.size() - 1; i > 0; i--) {
      putBack.addFirst(taken.get(i));
    }
    return new BadRow(file, first.number(), null, reason, Json.shown(first.bytes()));
  }

  private @Nullable Line nextLine() throws IOException {
    Line line = putBack.pollFirst();
    return line != null ? line : lines.next();
  }
}
