package dev.goodhart.verify.sql;

import java.util.Locale;

/** Why a query has no result. */
public enum Trouble {
  /** The response holds no SQL. */
  NO_SQL,
  /** Not one query that reads. */
  REFUSED,
  /** SQLite cannot parse it. */
  SYNTAX_ERROR,
  /** It parses, but asks for what is not there, or fails while it runs. */
  FAILED,
  TIMED_OUT,
  MEMORY_LIMIT,
  ROW_LIMIT,
  SIZE_LIMIT,
  /** SQLite's process ended. */
  CRASHED,
  /** The database cannot be opened. */
  NO_DATABASE;

  /** As a part of a reward is called. */
  String part() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
