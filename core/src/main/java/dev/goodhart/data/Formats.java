package dev.goodhart.data;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Tells JSONL, JSON, CSV and TSV apart by how the text begins; the name decides only where the text
 * leaves it open.
 */
final class Formats {
  static Rows open(Source source, String name, int rowLimit) throws IOException {
    byte[] head = source.head;
    int start = skipMark(head);
    int first = start;
    while (first < head.length && isSpace(head[first])) {
      first++;
    }
    if (first == head.length) {
      throw new GoodhartException(source.file + ": is empty, expected rows");
    }
    if (isUtf16(head)) {
      throw new GoodhartException(source.file + ": is UTF-16: convert it to UTF-8");
    }
    boolean jsonl = name.endsWith(".jsonl") || name.endsWith(".ndjson");
    if (jsonl) {
      return new Ahead(source, new JsonlRows(source, rowLimit));
    }
    if (head[first] == '[') {
      return new Ahead(source, new JsonRows(source, rowLimit));
    }
    if (head[first] == '{') {
      return new Ahead(
          source,
          isJsonl(head, first) ? new JsonlRows(source, rowLimit) : new JsonRows(source, rowLimit));
    }
    boolean named = name.endsWith(".csv") || name.endsWith(".tsv");
    if (named || looksLikeTable(head, start)) {
      char delimiter = name.endsWith(".tsv") ? (char) 9 : delimiter(head, start);
      return new Ahead(source, new CsvRows(source, delimiter, rowLimit));
    }
    throw new GoodhartException(
        source.file
            + ": is none of JSONL, JSON, CSV, TSV (plain, gz or zstd) and Parquet;"
            + " give a file of one of these");
  }

  /**
   * Whether text that begins with an object has one object a line: the first line is complete, and
   * either the next one begins with an object too or there is none and the object holds no list of
   * rows.
   */
  private static boolean isJsonl(byte[] head, int first) {
    int end = first;
    while (end < head.length && head[end] != '\n') {
      end++;
    }
    int next = end;
    while (next < head.length && isSpace(head[next])) {
      next++;
    }
    return next < head.length
        && head[next] == '{'
        && Json.isObject(new String(head, first, end - first, StandardCharsets.UTF_8));
  }

  /** Printable UTF-8 whose first line has a delimiter. */
  private static boolean looksLikeTable(byte[] head, int start) {
    boolean delimiter = false;
    boolean firstLine = true;
    for (int i = start; i < head.length; i++) {
      int b = head[i] & 0xff;
      firstLine &= b != '\n';
      delimiter |= firstLine && (b == ',' || b == '\t' || b == ';');
      if (b < ' ' && !isSpace(head[i])) {
        return false;
      }
    }
    return delimiter;
  }

  /** The most frequent of comma, tab and semicolon in the first line, outside quotes. */
  private static char delimiter(byte[] head, int start) {
    int comma = 0;
    int tab = 0;
    int semicolon = 0;
    boolean quoted = false;
    for (int i = start; i < head.length && (quoted || head[i] != '\n'); i++) {
      quoted ^= head[i] == '"';
      if (!quoted) {
        comma += head[i] == ',' ? 1 : 0;
        tab += head[i] == '\t' ? 1 : 0;
        semicolon += head[i] == ';' ? 1 : 0;
      }
    }
    return comma >= tab && comma >= semicolon ? ',' : tab >= semicolon ? '\t' : ';';
  }

  static int skipMark(byte[] head) {
    return head.length >= 3
            && head[0] == (byte) 0xef
            && head[1] == (byte) 0xbb
            && head[2] == (byte) 0xbf
        ? 3
        : 0;
  }

  private static boolean isUtf16(byte[] head) {
    return head.length >= 2
        && ((head[0] == (byte) 0xff && head[1] == (byte) 0xfe)
            || (head[0] == (byte) 0xfe && head[1] == (byte) 0xff));
  }

  static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  private Formats() {}
}
