package dev.goodhart.verify.sql;

/** When the result of a query counts as that of the reference. */
public enum Match {
  /**
   * The same rows, each as often; in the reference's order if that has an {@code ORDER BY} outside
   * all parentheses, rows that it leaves tied in any order. A result that is right only by the
   * order in which the rows happen to be stored is none: the query needs an {@code ORDER BY} where
   * the reference has one, and its rows must stay when SQLite reads its tables backwards.
   */
  MULTISET,
  /**
   * As Spider's test suites compare: the same rows, each as often, their columns in any order; in
   * the reference's order if the words "order by" stand anywhere in it. Values are compared
   * exactly. Spider's script strips {@code DISTINCT} from both queries by default; here it stays.
   */
  SPIDER,
  /**
   * As BIRD compares: the same set of rows. Lost duplicates and any order pass. Values are compared
   * exactly.
   */
  BIRD
}
