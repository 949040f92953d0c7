package dev.goodhart.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CSV record while its lines arrive. A quote inside a quoted field that should have been doubled
 * is taken as it was meant when the record stands on one line; over several lines it could as well
 * be the end of another field, and the record is bad.
 */
final class CsvRecord {
  final long line;
  final List<@Nullable String> fields = new ArrayList<>();

  /** The record as it stands in the file. */
  final StringBuilder text = new StringBuilder();

  private final char delimiter;
  private final StringBuilder field = new StringBuilder();
  private boolean quoted;
  private boolean stray;

  CsvRecord(long line, char delimiter) {
    this.line = line;
    this.delimiter = delimiter;
  }

  /** Whether a quoted field goes on in the next line. */
  boolean isOpen() {
    return quoted;
  }

  /** Takes the next line; returns what is wrong with it, or null. */
  @Nullable String add(String more) {
    text.append(text.isEmpty() ? "" : "\n").append(more);
    int i = 0;
    int end = more.length();
    if (quoted) {
      field.append('\n');
    }
    while (true) {
      if (quoted) {
        int quote = more.indexOf('"', i);
        if (quote < 0) {
          field.append(more, i, end);
          return stray ? "has a quote inside a quoted field that is not doubled" : null;
        }
        field.append(more, i, quote);
        i = quote + 1;
        if (i < end && more.charAt(i) == '"') {
          field.append('"');
          i++;
          continue;
        }
        boolean ends = atEnd(more, i);
        if (!ends && more.charAt(i) != delimiter) {
          if (more.length() < text.length()) {
            return "has a quote inside a quoted field that is not doubled";
          }
          stray = true;
          field.append('"');
          continue;
        }
        quoted = false;
        fields.add(field.toString());
        field.setLength(0);
        if (ends) {
          return null;
        }
        i++;
      } else if (i < end && more.charAt(i) == '"') {
        quoted = true;
        i++;
      } else {
        int next = more.indexOf(delimiter, i);
        int stop = next >= 0 ? next : end;
        String value =
            more.substring(i, next < 0 && more.endsWith("\r") ? Math.max(i, end - 1) : stop);
        fields.add(value.isEmpty() ? null : value);
        if (next < 0) {
          return null;
        }
        i = next + 1;
      }
    }
  }

  private static boolean atEnd(String text, int i) {
    return i == text.length() || (i == text.length() - 1 && text.charAt(i) == '\r');
  }
}
