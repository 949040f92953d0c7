package dev.goodhart.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Reading;
import dev.goodhart.run.Progress;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScoreFileTest {
  private static final String LENGTHS = "signals: { length: { length: {} } }";

  @TempDir Path folder;

  @Test
  void aRowBecomesOneObjectWithItsPartsAndItsReward() throws IOException {
    String spec =
        """
        signals:
          length: { length: {} }
          rated: { column: stars }
        combine: { weighted: { length: 0.5, rated: 2 } }
        """;
    Path data =
        rows(
            """
            {"id": "a", "prompt": "p", "response": "four", "stars": 3, "extra": 1}
            {"id": "b", "prompt": "p", "response": "fi\u00e9", "stars": null, "extra": 1}
            """);
    // 0.5 * 4 + 2 * 3 = 8; the second row has no stars, so it has no reward, and it is not 0.
    assertEquals(
        List.of(
            "{\"id\":\"a\",\"reward\":8.0,\"parts\":{\"length\":4.0,\"rated\":3.0}}",
            "{\"id\":\"b\",\"reward\":null,\"parts\":{\"length\":3.0,\"rated\":null},"
                + "\"unscored\":\"no number: column 'stars' holds null\"}"),
        scored(spec, data, Reading.DEFAULT.as(dev.goodhart.data.Layout.RESPONSES)));
  }

  @Test
  void aPairsRewardIsTheDifferenceOfItsResponses() throws IOException {
    Path data = rows("{\"prompt\": \"p\", \"chosen\": \"1234567\", \"rejected\": \"123\"}\n");
    assertEquals(
        List.of("{\"id\":\"1\",\"reward\":4.0,\"parts\":{\"chosen\":7.0,\"rejected\":3.0}}"),
        scored(LENGTHS, data, Reading.DEFAULT));
  }

  @Test
  void theBestOfARankedListIsComparedWithTheMeanOfTheOthers() throws IOException {
    Path data =
        rows("{\"prompt\": \"p\", \"chosen\": [\"1234567\"], \"rejected\": [\"123\", \"1\"]}\n");
    // 7 - (3 + 1) / 2 = 5
    assertEquals(
        List.of("{\"id\":\"1\",\"reward\":5.0,\"parts\":{\"0\":7.0,\"1\":3.0,\"2\":1.0}}"),
        scored(LENGTHS, data, Reading.DEFAULT));
  }

  @Test
  void aBadRowKeepsItsPlaceAndSaysWhy() throws IOException {
    Path data =
        rows(
            """
            {"prompt": "p", "response": "one"}
            {"prompt": "p", "response":
            {"prompt": "p", "response": "three"}
            """);
    List<String> lines = scored(LENGTHS, data, Reading.DEFAULT.skippingTo(null));
    assertEquals(3, lines.size());
    assertTrue(lines.get(1).startsWith("{\"id\":\"2\",\"reward\":null,"), lines.get(1));
    assertTrue(lines.get(1).contains("bad row: "), lines.get(1));
    assertTrue(lines.get(2).startsWith("{\"id\":\"3\",\"reward\":5.0,"), lines.get(2));
  }

  @Test
  void aBadRowStopsTheRunWhereThatIsAskedForAndNothingHasTheFinalName() throws IOException {
    Path data = rows("{\"prompt\": \"p\", \"response\": \"one\"}\n{\"prompt\"\n");
    Path out = folder.resolve("out.jsonl");
    assertThrows(
        GoodhartException.class, () -> file(LENGTHS, data).to(out, false, "f", Progress.NONE));
    assertFalse(Files.exists(out));
  }

  @Test
  void rowsComeOutInTheOrderOfTheFile() throws IOException {
    int n = 5000;
    Path data = rows(numbered(n));
    List<String> lines = scored(LENGTHS, data, Reading.DEFAULT);
    for (int i = 0; i < n; i++) {
      assertTrue(lines.get(i).startsWith("{\"id\":\"r" + i + "\","), lines.get(i));
    }
    assertEquals(n, lines.size());
  }

  /** Cut anywhere, also inside a line: going on gives the bytes of a run that was never cut. */
  @Test
  void resumingAfterACutAnywhereGivesTheSameFile() throws IOException {
    Path data = rows(numbered(700));
    Path whole = folder.resolve("whole.jsonl");
    file(LENGTHS, data).to(whole, false, "f", Progress.NONE);
    byte[] expected = Files.readAllBytes(whole);
    assertEquals(700, new String(expected, StandardCharsets.UTF_8).lines().count());
    for (int cut : new int[] {0, 1, 60, 61, 62, 63, 10_000, expected.length - 1, expected.length}) {
      Path out = folder.resolve("cut-" + cut + ".jsonl");
      Files.write(
          folder.resolve(out.getFileName() + ".partial"), java.util.Arrays.copyOf(expected, cut));
      Files.writeString(folder.resolve(out.getFileName() + ".partial.of"), "f");
      ScoreFile.Tally tally = file(LENGTHS, data).to(out, true, "f", Progress.NONE);
      assertEquals(700, tally.rows());
      assertEquals(
          new String(expected, 0, cut, StandardCharsets.UTF_8)
              .chars()
              .filter(c -> c == '\n')
              .count(),
          tally.resumed());
      assertEquals(-1, Files.mismatch(whole, out), "cut at " + cut);
      assertFalse(Files.exists(folder.resolve(out.getFileName() + ".partial")));
    }
  }

  @Test
  void aPartialFileOfAnotherSpecIsNotGoneOnWith() throws IOException {
    Path data = rows(numbered(3));
    Path out = folder.resolve("out.jsonl");
    Files.writeString(folder.resolve("out.jsonl.partial"), "{}\n");
    Files.writeString(folder.resolve("out.jsonl.partial.of"), "another");
    GoodhartException refused =
        assertThrows(
            GoodhartException.class, () -> file(LENGTHS, data).to(out, true, "f", Progress.NONE));
    assertTrue(refused.getMessage().contains("another spec"), refused.getMessage());
  }

  @Test
  void theFingerprintChangesWithTheSpecAndWithTheData() throws IOException {
    Path data = rows(numbered(3));
    String one = fingerprint(LENGTHS, data);
    assertEquals(one, fingerprint(LENGTHS, data));
    assertFalse(one.equals(fingerprint("signals: { l: { length: { unit: words } } }", data)));
    Files.writeString(data, numbered(4));
    assertFalse(one.equals(fingerprint(LENGTHS, data)));
  }

  @Test
  void aFullDiskIsSaidInOneLineAndWhatWasScoredIsKept() throws IOException {
    Path data = rows(numbered(600));
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    assertThrows(IOException.class, () -> file(LENGTHS, data).to(full, Progress.NONE));
  }

  @Test
  void unscoredRowsAreCountedByKind() throws IOException {
    Path data =
        rows(
            "{\"prompt\": \"p\", \"response\": \"x\", \"n\": \"?\"}\n".repeat(3)
                + "{\"prompt\": \"p\", \"response\": \"x\", \"n\": \"2\"}\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ScoreFile.Tally tally = file("signals: { n: { column: n } }", data).to(out, Progress.NONE);
    assertEquals(Map.of("no number", 3L), tally.unscored());
  }

  private Path rows(String text) throws IOException {
    return Files.writeString(folder.resolve("data.jsonl"), text);
  }

  private static String numbered(int n) {
    return IntStream.range(0, n)
        .mapToObj(
            i ->
                "{\"id\":\"r%d\",\"prompt\":\"p\",\"response\":\"%s\"}\n"
                    .formatted(i, "x".repeat(i % 7 + 1)))
        .collect(Collectors.joining());
  }

  private ScoreFile file(String spec, Path data) {
    return new ScoreFile(
        new Scorer(RewardSpec.parse(spec, "spec.yaml", folder)), Dataset.open(data));
  }

  private String fingerprint(String spec, Path data) {
    return Fingerprint.of(RewardSpec.parse(spec, "spec.yaml", folder), folder, Dataset.open(data));
  }

  private List<String> scored(String spec, Path data, Reading reading) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ScoreFile(
            new Scorer(RewardSpec.parse(spec, "spec.yaml", folder)), Dataset.open(data, reading))
        .to(out, Progress.NONE);
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
