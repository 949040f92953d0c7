package dev.goodhart.verify.sql;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The names in a database, in lower case.
 *
 * @param tables with views
 * @param columns of any of them
 */
record Schema(Set<String> tables, Set<String> columns) {
  static final String QUERY =
      "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c"
          + " WHERE m.type IN ('table', 'view') LIMIT 50000";

  static Schema of(Table names) {
    Set<String> tables = new HashSet<>();
    Set<String> columns = new HashSet<>();
    for (Row row : names.rows()) {
      tables.add(String.valueOf(row.get(0)).toLowerCase(Locale.ROOT));
      columns.add(String.valueOf(row.get(1)).toLowerCase(Locale.ROOT));
    }
    return new Schema(tables, columns);
  }

  /**
   * Jaccard index of two sets: the size of what they share over that of their union; of none and
   * none 1.
   */
  static double jaccard(Set<String> expected, Set<String> actual) {
    Set<String> common = new HashSet<>(expected);
    common.retainAll(actual);
    int union = expected.size() + actual.size() - common.size();
    return union == 0 ? 1 : (double) common.size() / union;
  }

  /** F1 of two sets of names; of none and none 1. */
  static double overlap(Set<String> expected, Set<String> actual) {
    int all = expected.size() + actual.size();
    Set<String> common = new HashSet<>(expected);
    common.retainAll(actual);
    return all == 0 ? 1 : 2.0 * common.size() / all;
  }
}
