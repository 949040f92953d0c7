package dev.goodhart.data;

/** One row of a file as it was read: its columns, or what is wrong with it. */
public sealed interface RowResult permits Row, BadRow {
  /** The file, as the user named it. */
  String file();

  /**
   * The line on which the row begins, from 1; the row's number where a format has no lines
   * (Parquet).
   */
  long line();
}
