package dev.goodhart.verify.sql;

import java.util.List;
import java.util.function.Predicate;

/**
 * A result beside that of the reference.
 *
 * @param anyColumnOrder whether the columns may come in any order
 */
record Comparison(Match match, boolean anyColumnOrder, TableMatch values) {
  /**
   * @throws ColumnOrders.TooMany if the columns could be in too many orders to try
   */
  boolean same(Query reference, Table expected, Table actual) {
    if (expected.width() != actual.width()) {
      return false;
    }
    List<Integer> keys = match == Match.MULTISET ? Ties.keys(reference, expected) : List.of();
    Predicate<List<Row>> rows =
        switch (match) {
          case MULTISET ->
              reference.ordered()
                  ? other -> Ties.ordered(values, expected.rows(), other, keys)
                  : other -> values.multisets(expected.rows(), other);
          case SPIDER ->
              reference.mentionsOrder()
                  ? other -> values.lists(expected.rows(), other)
                  : other -> values.multisets(expected.rows(), other);
          case BIRD -> other -> values.sets(expected.rows(), other);
        };
    if (rows.test(actual.rows())) {
      return true;
    }
    boolean sets = match == Match.BIRD;
    if (!(anyColumnOrder || match == Match.SPIDER)
        || expected.width() < 2
        || (!sets && expected.rows().size() != actual.rows().size())) {
      return false;
    }
    return new ColumnOrders(values, expected, actual, sets)
        .any(order -> rows.test(actual.rows().stream().map(row -> row.permuted(order)).toList()));
  }

  /** F1 of the rows as multisets, in the columns' own order: 2 |A and B| / (|A| + |B|). */
  double overlap(Table expected, Table actual) {
    int all = expected.rows().size() + actual.rows().size();
    if (expected.width() != actual.width()) {
      return 0;
    }
    return all == 0 ? 1 : 2.0 * values.common(expected.rows(), actual.rows()) / all;
  }
}
