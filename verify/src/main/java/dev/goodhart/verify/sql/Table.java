package dev.goodhart.verify.sql;

import java.util.List;

/**
 * The result of a query.
 *
 * @param columns their names as SQLite labels them
 * @param seconds that the query took, measured where it ran
 */
record Table(List<String> columns, List<Row> rows, double seconds) implements Outcome {
  int width() {
    return columns.size();
  }
}
