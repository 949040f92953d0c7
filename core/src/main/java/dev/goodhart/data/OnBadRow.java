package dev.goodhart.data;

/** What becomes of a row that cannot be used. */
public enum OnBadRow {
  /** The reading stops with the row's file, line, field and reason. */
  FAIL,
  /** The row is counted and written to a side file with its reason, and reading goes on. */
  SKIP
}
