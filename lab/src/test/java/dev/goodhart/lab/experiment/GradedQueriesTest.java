package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.sql.QueryOutcomeModel;
import dev.goodhart.lab.sql.QueryOutcomeModel.Example;
import dev.goodhart.lab.sql.QueryResults;
import dev.goodhart.lab.sql.QueryResults.Result;
import dev.goodhart.run.Seeds;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GradedQueriesTest {
  private static final Result ONE = new Result(true, List.of("1|"));
  private static final Result TWO = new Result(true, List.of("2|"));
  private static final Result FAILED = new Result(false, List.of());

  @Test
  void theFirstOfTheBestAndOfTheLargestGroup() {
    assertEquals(1, GradedQueries.best(new double[] {0.5, 1, 1, 2}, 3));
    List<Result> results = List.of(FAILED, ONE, FAILED, TWO, FAILED, TWO);
    assertEquals(3, GradedQueries.majority(results, 6));
    assertEquals(1, GradedQueries.majority(results, 5)); // one each, the first of them
    assertEquals(0, GradedQueries.majority(List.of(FAILED, FAILED), 2));
  }

  @Test
  void aResultIsItsRowsInAnyOrder() {
    try (QueryResults database =
        new QueryResults(
            List.of("CREATE TABLE t(a INTEGER)", "INSERT INTO t VALUES (1), (2), (NULL)"))) {
      assertEquals(database.of("SELECT a FROM t"), database.of("SELECT a FROM t ORDER BY a DESC"));
      assertEquals(List.of("1|", "2|", "null|"), database.of("SELECT a FROM t").rows());
      assertEquals(FAILED, database.of("SELECT b FROM t"));
      assertEquals(new Result(true, List.of()), database.of("SELECT a FROM t WHERE a > 9"));
    }
  }

  /** One feature right four times in five, one wrong: the log-odds take those signs. */
  @Test
  void theModelLearnsWhichFeatureIsRight() {
    QueryOutcomeModel model = new QueryOutcomeModel();
    List<Example> examples = new java.util.ArrayList<>();
    for (int i = 0; i < 500; i++) {
      examples.add(new Example(new int[] {7}, i % 5 > 0));
      examples.add(new Example(new int[] {9}, i % 5 == 0));
    }
    model.train(examples, 20, new SplittableRandom(1));
    assertEquals(Math.log(4), model.logOdds(new int[] {7}), 0.3);
    assertEquals(-Math.log(4), model.logOdds(new int[] {9}), 0.3);
    assertEquals(0, model.logOdds(new int[] {8}), 0);
  }

  @Test
  void nobodyChoosesBetterThanTheRightOnesThatThereAre() {
    Outcome outcome = GradedQueries.DEFAULT.smoke().run(new Seeds(5));
    List<Double> any = outcome.curves().get("any");
    for (String arm : List.of("first", "majority", "orm")) {
      List<Double> curve = outcome.curves().get(arm);
      assertEquals(any.getFirst(), curve.getFirst(), arm); // of one there is no choice
      for (int k = 0; k < any.size(); k++) {
        assertTrue(curve.get(k) <= any.get(k), arm);
      }
    }
  }
}
