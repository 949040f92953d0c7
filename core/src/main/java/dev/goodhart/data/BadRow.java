package dev.goodhart.data;

import org.jspecify.annotations.Nullable;

/**
 * A row that could not be used. It is reported or set aside, never dropped silently.
 *
 * @param field the column at fault; null when the row as a whole is
 * @param reason what is wrong, in words
 * @param text the row as it stood in the file (its beginning, where it is very long)
 */
public record BadRow(String file, long line, @Nullable String field, String reason, String text)
    implements RowResult {
  /** {@code file:line: field: reason}, one line. */
  public String message() {
    return file + ":" + line + ": " + (field == null ? "" : field + ": ") + reason;
  }
}
