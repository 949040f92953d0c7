package dev.goodhart.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.MethodProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkScoreTest {
  /** 1 for the reference, 0 for anything else; no verdict without a reference. */
  @Method
  public record ExactInTest() implements Signal {
    @Override
    public Reward of(Sample sample) {
      if (sample.reference() == null) return Reward.unscored("no reference");
      return Reward.of(sample.response().equals(sample.reference()) ? 1 : 0);
    }
  }

  /** How many characters the prompt has, so that a test can see what became of a message list. */
  @Method
  public record PromptLengthInTest() implements Signal {
    @Override
    public Reward of(Sample sample) {
      return Reward.of(sample.prompt().text().length());
    }
  }

  public static final class Provider implements MethodProvider {
    @Override
    public List<Class<? extends Record>> methods() {
      return List.of(ExactInTest.class, PromptLengthInTest.class);
    }
  }

  private static final String EXACT = "signals: { exact: { exact-in-test: {} } }";

  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void everyRowIsScoredOnceAcrossPartitionsAndBatches() {
    Dataset<Row> data =
        json(IntStream.range(0, 1000)
                .mapToObj(
                    i ->
                        "{\"id\":%d,\"response\":\"%d\",\"reference\":\"%d\"}"
                            .formatted(i, i % 7, i % 2))
                .toList())
            .repartition(3);

    List<Row> rows = new SparkScore(EXACT, ".").of(data).collectAsList();

    assertEquals(
        1000, rows.stream().map(r -> r.<Long>getAs("id")).collect(Collectors.toSet()).size());
    assertEquals(1000, rows.size());
    for (Row row : rows) {
      long id = row.getAs("id");
      double expected = id % 7 == id % 2 ? 1 : 0;
      assertEquals(expected, row.<Double>getAs("reward"), "id " + id);
      assertEquals(expected, row.getJavaMap(row.fieldIndex("parts")).get("exact"));
    }
  }

  @Test
  void whatCannotBeScoredIsNullWithItsReasonAndStopsNothing() {
    List<Row> rows =
        new SparkScore(EXACT, ".")
            .of(
                json(
                    List.of(
                        "{\"id\":\"a\",\"response\":\"2\"}",
                        "{\"id\":\"b\",\"reference\":\"2\"}",
                        "{\"id\":\"c\",\"response\":\"2\",\"reference\":\"2\"}")))
            .orderBy("id")
            .collectAsList();

    assertNull(rows.get(0).getAs("reward"));
    assertEquals("no reference", rows.get(0).<String>getAs("unscored").replace("exact: ", ""));
    assertNull(rows.get(1).getAs("reward"));
    assertEquals("bad row: response: is missing", rows.get(1).getAs("unscored"));
    assertEquals(1.0, rows.get(2).<Double>getAs("reward"));
    assertNull(rows.get(2).getAs("unscored"));
  }

  @Test
  void aPromptOfMessagesArrivesAsMessages() {
    Row row =
        new SparkScore("signals: { length: { prompt-length-in-test: {} } }", ".")
            .of(
                json(
                    List.of(
                        "{\"prompt\":[{\"role\":\"user\",\"content\":\"seven"
                            + " c\"}],\"response\":\"\"}")))
            .first();

    assertEquals(7.0, row.<Double>getAs("reward"));
  }

  @Test
  void columnsThatAreMissingOrTakenAreNamedBeforeAnythingRuns() {
    SparkScore score = new SparkScore(EXACT, ".");

    assertTrue(
        message(() -> score.of(json(List.of("{\"answer\":\"2\"}"))))
            .contains("no column 'response'"));
    assertTrue(
        message(() -> score.of(json(List.of("{\"response\":\"2\",\"reward\":1}"))))
            .contains("'reward' is there"));
    assertTrue(
        message(() -> new SparkScore("signals: { a: { exact-in-tst: {} } }", "."))
            .contains("exact-in-test"));
  }

  @Test
  void theJobReadsASpecAndWritesParquet(@TempDir Path folder) throws IOException {
    Path spec = Files.writeString(folder.resolve("reward.yaml"), EXACT);
    Path input =
        Files.writeString(folder.resolve("in.jsonl"), "{\"response\":\"2\",\"reference\":\"2\"}\n");
    Path output = folder.resolve("out.parquet");

    SparkScore.read(spec).run(spark, input.toString(), output.toString());

    assertEquals(1.0, spark.read().parquet(output.toString()).first().<Double>getAs("reward"));
  }

  private static Dataset<Row> json(List<String> lines) {
    return spark.read().json(spark.createDataset(lines, Encoders.STRING()));
  }

  private static String message(Runnable call) {
    return assertThrows(GoodhartException.class, call::run).getMessage();
  }
}
