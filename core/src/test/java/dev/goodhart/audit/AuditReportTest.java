package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditReportTest {
  private static final String HOSTILE = "<script>alert(1)</script>\u001B[2J";

  @TempDir Path folder;

  private static Audit audit(String name) {
    AuditSet set = Sets.pairs(new int[] {20, 10}, new int[] {9, 14}, new int[] {30, 2});
    return Audit.ofScorer(
        Sets.read(set),
        name,
        samples ->
            samples.stream()
                .<Reward>map(
                    s ->
                        s.response().length() == 2
                            ? Reward.unscored(HOSTILE + ": too short")
                            : Reward.of(s.response().length()))
                .toList(),
        false,
        Sets.bootstrap(),
        100,
        Progress.NONE);
  }

  private static AuditReport report(String name) {
    return new AuditReport(
        "Audit of " + name, audit(name), new Provenance("goodhart audit", 1, Map.of(), Map.of()));
  }

  @Test
  void jsonHoldsEveryChapterAndNoNaN() {
    String json = report("r").json();
    assertFalse(json.contains("NaN"), json);
    JsonNode tree = JsonMapper.shared().readTree(json);
    assertEquals(0.5, tree.at("/chapters/accuracy/accuracy/estimate").asDouble(), 1e-12);
    assertEquals(3, tree.at("/chapters/accuracy/accuracy").size(), "estimate, low and high");
    assertEquals(1, tree.at("/chapters/accuracy/unscored").asInt());
    assertEquals("longer wins", tree.at("/chapters/accuracy/baseline").asString());
    assertEquals(10, tree.at("/chapters/edits/edits").size());
    assertEquals(1, tree.at("/provenance/seed").asInt());
    assertFalse(tree.at("/findings").isEmpty());
  }

  @Test
  void hostileNamesAndReasonsAreShownNotRun() {
    AuditReport report = report(HOSTILE);
    assertFalse(report.html().contains("<script"));
    assertTrue(report.html().contains("&lt;script&gt;"));
    assertFalse(report.text(80).contains("\u001B"));
  }

  @Test
  void aTerminalOfEightyColumnsHoldsEveryLine() {
    report("a reward whose name is rather long, as names of models are")
        .text(80)
        .lines()
        .forEach(line -> assertTrue(line.length() <= 80, line));
  }

  @Test
  void unscoredResponsesAreCountedByReason() {
    Coverage coverage = (Coverage) audit("r").chapters().getLast();
    assertEquals(Map.of("r", Map.of(HOSTILE, 1)), coverage.unscored());
    assertTrue(
        coverage.findings().getFirst().says().startsWith("1 of 6 responses have no reward from r"));
  }

  @Test
  void theWorstFindingsComeFirst() {
    List<Finding.Level> levels = audit("r").findings().stream().map(Finding::level).toList();
    assertEquals(levels.stream().sorted(java.util.Comparator.reverseOrder()).toList(), levels);
  }

  @Test
  void aFolderGetsBothFilesAndANameOne() throws IOException {
    report("r").write(folder.resolve("both"));
    assertTrue(
        Files.exists(folder.resolve("both/report.json"))
            && Files.exists(folder.resolve("both/report.html")));
    report("r").write(folder.resolve("one.html"));
    assertTrue(Files.readString(folder.resolve("one.html")).startsWith("<!DOCTYPE html>"));
    report("r").write(folder.resolve("one.json"));
    assertTrue(Files.readString(folder.resolve("one.json")).startsWith("{"));
  }

  @Test
  void theSameSeedWritesTheSameReport() {
    assertEquals(report("r").json(), report("r").json());
  }

  @Test
  void aRewardThatScoresNothingIsAnError() {
    AuditSet set = Sets.pairs(new int[] {2, 1});
    String message =
        assertThrows(
                GoodhartException.class,
                () ->
                    Audit.ofScorer(
                        Sets.read(set),
                        "r",
                        samples ->
                            samples.stream()
                                .<Reward>map(s -> Reward.unscored("timeout: 5 s"))
                                .toList(),
                        false,
                        Sets.bootstrap(),
                        0,
                        Progress.NONE))
            .getMessage();
    assertTrue(message.contains("r has no reward for any of the 2 responses: timeout"), message);
  }

  @Test
  void nothingToJudgeIsAnError() {
    assertThrows(
        GoodhartException.class,
        () ->
            Audit.ofScorer(
                Sets.read(new AuditSet()),
                "r",
                s -> List.of(),
                false,
                Sets.bootstrap(),
                0,
                Progress.NONE));
  }
}
