package dev.goodhart.verify.sql;

/** What came of running a query. */
sealed interface Outcome permits Table, Outcome.Failure {
  /**
   * @param detail SQLite's own words, or which limit
   */
  record Failure(Trouble trouble, String detail) implements Outcome {
    @Override
    public String toString() {
      String what = trouble.part().replace('-', ' ');
      return detail.isEmpty() ? what : what + ": " + detail;
    }
  }
}
