package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadyScoresTest {
  @TempDir Path folder;

  private Path file(String... lines) throws IOException {
    return Files.writeString(folder.resolve("model.jsonl"), String.join("\n", lines) + "\n");
  }

  private List<Scores> read(AuditSet set, String... lines) throws IOException {
    return ReadyScores.read(file(lines)).of(set, List.of(Aggregate.values()));
  }

  private String error(AuditSet set, String... lines) {
    return assertThrows(GoodhartException.class, () -> read(set, lines)).getMessage();
  }

  @Test
  void rowsGoByTheirIdsInAnyOrder() throws IOException {
    Scores scores =
        read(
                Sets.pairs(new int[] {2, 1}, new int[] {2, 1}),
                "{\"id\": \"row1\", \"scores\": [3, 4]}",
                "{\"id\": \"row0\", \"scores\": [1, 2]}")
            .getFirst();
    assertEquals("model", scores.name());
    assertArrayEquals(new double[] {1, 2, 3, 4}, scores.values());
    assertEquals(Map.of(), scores.unscored());
  }

  @Test
  void withoutIdsTheOrderDecides() throws IOException {
    Scores scores =
        read(
                Sets.pairs(new int[] {2, 1}, new int[] {2, 1}),
                "{\"scores\": [1, 2]}",
                "{\"scores\": [3, 4]}")
            .getFirst();
    assertArrayEquals(new double[] {1, 2, 3, 4}, scores.values());
  }

  @Test
  void whatIsNoNumberIsUnscoredAndNamedNeverZero() throws IOException {
    Scores scores =
        read(
                Sets.pairs(new int[] {2, 1}, new int[] {2, 1}, new int[] {2, 1}),
                "{\"id\": \"row0\", \"scores\": [NaN, 2]}",
                "{\"id\": \"row1\", \"scores\": [null, \"high\"]}")
            .getFirst();
    assertArrayEquals(
        new double[] {Double.NaN, 2, Double.NaN, Double.NaN, Double.NaN, Double.NaN},
        scores.values());
    assertEquals(Map.of("not a number", 2, "no score", 3), scores.unscored());
  }

  @Test
  void stepScoresAreAggregatedInEveryWay() throws IOException {
    List<Scores> scores =
        read(Sets.pairs(new int[] {2, 1}), "{\"id\": \"row0\", \"scores\": [[0.5, 0.2, 0.8], []]}");
    assertEquals(
        List.of("model (last)", "model (min)", "model (product)", "model (geometric mean)"),
        scores.stream().map(Scores::name).toList());
    assertEquals(0.8, scores.get(0).value(0));
    assertEquals(0.2, scores.get(1).value(0));
    assertEquals(0.08, scores.get(2).value(0), 1e-12);
    assertEquals(Map.of("no step scores", 1), scores.get(0).unscored());
  }

  @Test
  void theWrongNumberOfScoresIsAnError() {
    String message =
        error(Sets.pairs(new int[] {2, 1}), "{\"id\": \"row0\", \"scores\": [1, 2, 3]}");
    assertTrue(message.contains("id 'row0' has 3 scores for 2 responses"), message);
    message = error(Sets.pairs(new int[] {2, 1}), "{\"id\": \"row0\", \"reward\": 1}");
    assertTrue(message.contains("has one score for 2 responses"), message);
  }

  @Test
  void idsThatFitNothingAreAnError() {
    String message = error(Sets.pairs(new int[] {2, 1}), "{\"id\": \"other\", \"scores\": [1, 2]}");
    assertTrue(
        message.contains("no id of it is in the data") && message.contains("'other'"), message);
  }

  @Test
  void aRepeatedIdIsAnError() {
    String message =
        error(
            Sets.pairs(new int[] {2, 1}),
            "{\"id\": 1, \"scores\": [1, 2]}",
            "{\"id\": 1, \"scores\": [1, 2]}");
    assertTrue(message.contains("line 2: id '1' again, first on line 1"), message);
  }

  @Test
  void aMissingIdAfterOthersIsAnError() {
    String message =
        error(
            Sets.pairs(new int[] {2, 1}),
            "{\"id\": 1, \"scores\": [1, 2]}",
            "{\"scores\": [1, 2]}");
    assertTrue(message.contains("line 2: no id"), message);
  }

  @Test
  void aFileWithoutScoresIsAnError() {
    String message = error(Sets.pairs(new int[] {2, 1}), "{\"id\": 1, \"points\": [1, 2]}");
    assertTrue(
        message.contains("no scores; expected scores") && message.contains("found id, points"),
        message);
  }

  @Test
  void brokenJsonNamesItsLine() {
    String message =
        error(Sets.pairs(new int[] {2, 1}), "{\"id\": 1, \"scores\": [1, 2]}", "{\"id\": 2, ");
    assertTrue(message.contains("2"), message);
  }

  @Test
  void aResponseMayGoByItsOwnId() throws IOException {
    AuditSet set = Sets.labelled(new int[] {0, 1}, 1, 0);
    Scores scores =
        read(set, "{\"id\": \"row1\", \"reward\": -0.5}", "{\"id\": \"row0\", \"reward\": 2}")
            .getFirst();
    assertArrayEquals(new double[] {2, -0.5}, scores.values());
  }

  @Test
  void whatGoodhartScoreWritesOfAPairIsRead() throws IOException {
    Scores scores =
        read(
                Sets.pairs(new int[] {2, 1}, new int[] {2, 1}),
                "{\"id\": \"row0\", \"reward\": 2, \"parts\": {\"chosen\": 1.5, \"rejected\":"
                    + " -0.5}}",
                "{\"id\": \"row1\", \"reward\": null, \"parts\": {\"chosen\": null, \"rejected\":"
                    + " 3}}")
            .getFirst();
    assertArrayEquals(new double[] {1.5, -0.5, Double.NaN, 3}, scores.values());
  }
}
