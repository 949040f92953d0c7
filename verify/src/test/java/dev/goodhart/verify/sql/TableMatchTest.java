package dev.goodhart.verify.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What makes two results the same, by hand and for any results. */
class TableMatchTest {
  private static final TableMatch EXACT = new TableMatch(0);
  private static final TableMatch NEAR = new TableMatch(1e-6);

  private static List<Row> rows(Object... values) {
    List<Row> rows = new ArrayList<>();
    for (Object value : values) {
      rows.add(new Row(value));
    }
    return rows;
  }

  private static Table table(List<Row> rows) {
    int width = rows.isEmpty() ? 1 : rows.getFirst().width();
    return new Table(IntStream.range(0, width).mapToObj(i -> "c" + i).toList(), rows, 0);
  }

  @Test
  void neighboursArePairedSoThatAllFindOne() {
    // 1.0000000 fits both, 1.0000015 only the second: taking the first greedily would fail
    List<Row> expected = rows(1.0000008, 1.0000000);
    List<Row> actual = rows(1.0000001, 1.0000015);
    assertTrue(NEAR.multisets(expected, actual));
    assertFalse(NEAR.multisets(expected, rows(1.0000015, 1.0000016)));
    assertEquals(1, NEAR.common(expected, rows(1.0000015, 5L)));
  }

  @Test
  void infinitiesAreEqualToThemselvesAlone() {
    assertTrue(NEAR.multisets(rows(Double.POSITIVE_INFINITY), rows(Double.POSITIVE_INFINITY)));
    assertFalse(NEAR.multisets(rows(Double.POSITIVE_INFINITY), rows(1e300)));
    assertFalse(NEAR.multisets(rows(1e300), rows(Double.POSITIVE_INFINITY)));
  }

  @Test
  void wholeNumbersBeyondADoublesPrecisionAreTold() {
    assertFalse(NEAR.multisets(rows((1L << 53) + 1), rows(1L << 53)));
    assertTrue(NEAR.multisets(rows(0L), rows(-0.0)));
  }

  @Provide
  Arbitrary<List<Row>> results() {
    Arbitrary<Object> value =
        Arbitraries.oneOf(
            Arbitraries.of((Object) null, "a", "b", "", new byte[] {1}, 0.5, 1.5),
            Arbitraries.longs().between(0, 3).map(n -> (Object) n));
    return Combinators.combine(value, value).as((a, b) -> new Row(a, b)).list().ofMaxSize(8);
  }

  @Property(tries = 300)
  void aResultIsTheSameHoweverItsRowsAreShuffled(
      @ForAll("results") List<Row> rows, @ForAll int seed) {
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));
    assertTrue(EXACT.multisets(rows, shuffled));
    assertTrue(NEAR.multisets(shuffled, rows));
    assertTrue(EXACT.sets(rows, shuffled));
    assertEquals(rows.size(), NEAR.common(rows, shuffled));
  }

  @Property(tries = 300)
  void aRowMoreOrLessIsAnotherMultiset(@ForAll("results") List<Row> rows) {
    List<Row> more = new ArrayList<>(rows);
    more.add(rows.isEmpty() ? new Row("a", "b") : rows.getFirst());
    assertFalse(NEAR.multisets(rows, more));
    assertFalse(NEAR.multisets(more, rows));
    assertEquals(!rows.isEmpty(), EXACT.sets(rows, more));
    assertEquals(rows.size(), NEAR.common(rows, more));
  }

  /** Against an independent count: remove each from a copy of the other. */
  @Property(tries = 500)
  void theIntersectionIsWhatCanBeRemoved(
      @ForAll("results") List<Row> left, @ForAll("results") List<Row> right) {
    List<Row> rest = new ArrayList<>(right);
    int removed = 0;
    for (Row row : left) {
      removed += rest.remove(row) ? 1 : 0;
    }
    assertEquals(removed, EXACT.common(left, right));
    assertEquals(removed, EXACT.common(right, left));
    assertEquals(removed == left.size() && removed == right.size(), EXACT.multisets(left, right));
  }

  @Property(tries = 300)
  void anyOrderOfColumnsIsFound(@ForAll("results") List<Row> rows) {
    Comparison spider = new Comparison(Match.SPIDER, false, EXACT);
    List<Row> swapped = rows.stream().map(row -> row.permuted(new int[] {1, 0})).toList();
    Query query = Query.of("SELECT 1");
    assertTrue(spider.same(query, table(rows), table(swapped)));
  }

  @Test
  void columnsMustMoveTogether() {
    // each column has the same values, but no order of columns makes the rows the same
    List<Row> expected = List.of(new Row(1L, 1L), new Row(2L, 2L));
    List<Row> actual = List.of(new Row(1L, 2L), new Row(2L, 1L));
    Comparison spider = new Comparison(Match.SPIDER, true, EXACT);
    assertFalse(spider.same(Query.of("SELECT 1"), table(expected), table(actual)));
  }
}
