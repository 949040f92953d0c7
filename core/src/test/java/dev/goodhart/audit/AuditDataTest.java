package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditDataTest {
  @TempDir Path folder;

  private Dataset data(String... lines) throws IOException {
    return Dataset.open(
        Files.writeString(folder.resolve("data.jsonl"), String.join("\n", lines) + "\n"));
  }

  @Test
  void pairsKeepTheOrderInWhichTheRowListsThem() throws IOException {
    AuditSet set =
        AuditData.plain()
            .read(
                data(
                    "{\"input\": \"q\", \"output_1\": \"one\", \"output_2\": \"two\", \"label\":"
                        + " 2}",
                    "{\"input\": \"q\", \"output_1\": \"three\", \"output_2\": \"four\", \"label\":"
                        + " 1}"))
            .set();
    assertEquals(
        List.of("one", "two", "three", "four"),
        set.samples().stream().map(s -> s.response()).toList());
    assertEquals(1, set.comparisons().get(0).first(), "the second one won");
    assertEquals(2, set.comparisons().get(1).first());
    assertEquals(1, set.promptCount());
  }

  @Test
  void annotatorsVotesAreTurnedToTheChosenResponse() throws IOException {
    AuditSet set =
        AuditData.plain()
            .read(
                data(
                    "{\"instruction\": \"q\", \"input\": \"\", \"response1\": \"one\","
                        + " \"response2\": \"two\", \"annotator1\": 2, \"annotator2\": 2,"
                        + " \"annotator3\": 0}"))
            .set();
    assertEquals("two", set.sample(set.comparisons().getFirst().first()).response());
    assertEquals(List.of(1, 1, 0), set.comparisons().getFirst().votes());
  }

  @Test
  void oneBestAndOthersAlikeIsOneOfMany() throws IOException {
    AuditSet set =
        AuditData.plain()
            .read(
                data(
                    "{\"prompt\": \"q\", \"chosen\": [\"right\"], \"rejected\": [\"w1\", \"w2\","
                        + " \"w3\"]}"))
            .set();
    assertEquals(1, set.oneOfMany().size());
    assertEquals("right", set.sample(set.oneOfMany().getFirst()[0]).response());
    assertEquals(3, set.comparisons().size());
  }

  @Test
  void truncationCutsResponsesAndDropsWhatItMakesEqual() throws IOException {
    AuditData.Read read =
        new AuditData(null, List.of(), 4, row -> true)
            .read(
                data(
                    "{\"prompt\": \"q\", \"chosen\": \"same one\", \"rejected\": \"same two\"}",
                    "{\"prompt\": \"q\", \"chosen\": \"abcdef\", \"rejected\": \"xyz\"}"));
    assertEquals(1, read.same());
    assertEquals(
        List.of("abcd", "xyz"), read.set().samples().stream().map(s -> s.response()).toList());
  }

  @Test
  void goldIsANumberAResponseOrAListARow() throws IOException {
    AuditSet set =
        new AuditData("true_reward", List.of(), 0, row -> true)
            .read(
                data(
                    "{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\", \"true_reward\":"
                        + " [2.5, 1.5]}",
                    "{\"prompt\": \"q\", \"chosen\": \"c\", \"rejected\": \"d\", \"true_reward\":"
                        + " [null, 3]}"))
            .set();
    assertArrayEquals(new double[] {2.5, 1.5, Double.NaN, 3}, set.gold());
    assertTrue(set.hasGold());
  }

  @Test
  void aGoldColumnThatIsNotThereIsAnError() throws IOException {
    Dataset data = data("{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\"}");
    AuditData wanted = new AuditData("truth", List.of(), 0, row -> true);
    String message = assertThrows(GoodhartException.class, () -> wanted.read(data)).getMessage();
    assertTrue(
        message.contains("no row has a number under 'truth'") && message.contains("chosen"),
        message);
  }

  @Test
  void aScoreColumnThatIsNotThereIsAnError() throws IOException {
    Dataset data = data("{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\"}");
    AuditData wanted = new AuditData(null, List.of("points"), 0, row -> true);
    String message = assertThrows(GoodhartException.class, () -> wanted.read(data)).getMessage();
    assertTrue(message.contains("no column 'points', and no file of that name"), message);
  }

  @Test
  void rowsThatAreNotWantedAreCounted() throws IOException {
    AuditData.Read read =
        new AuditData(null, List.of(), 0, row -> !row.id().equals("1"))
            .read(
                data(
                    "{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\"}",
                    "{\"prompt\": \"r\", \"chosen\": \"c\", \"rejected\": \"d\"}"));
    assertEquals(1, read.dropped());
    assertEquals(2, read.rows());
    assertEquals(2, read.set().size());
  }

  @Test
  void labelledResponsesToOnePromptAreCompared() throws IOException {
    AuditSet set =
        AuditData.plain()
            .read(
                data(
                    "{\"prompt\": \"q\", \"completion\": \"good\", \"label\": true}",
                    "{\"prompt\": \"q\", \"completion\": \"bad\", \"label\": false}",
                    "{\"prompt\": \"r\", \"completion\": \"good too\", \"label\": true}"))
            .set();
    assertTrue(set.hasLabels());
    assertEquals(List.of(new AuditSet.Comparison(0, 1)), set.comparisons());
  }

  @Test
  void scoresAloneNeedOnlyTheNumberOfTheRightResponse() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("ids.jsonl"),
            "{\"id\": \"a\", \"right\": 2}\n{\"id\": \"b\", \"right\": 0}\n");
    AuditSet fixed = AuditData.oneOfMany(file, "0", 3).set();
    assertFalse(fixed.hasTexts());
    assertArrayEquals(new int[] {0, 1, 2}, fixed.oneOfMany().get(0));
    AuditSet named = AuditData.oneOfMany(file, "right", 3).set();
    assertArrayEquals(new int[] {2, 0, 1}, named.oneOfMany().get(0));
    assertEquals(2, named.promptCount(), "rows without a prompt stand by themselves");
    String message =
        assertThrows(GoodhartException.class, () -> AuditData.oneOfMany(file, "right", 2))
            .getMessage();
    assertTrue(
        message.contains("line 1") && message.contains("one of 2 responses, found 2"), message);
  }
}
