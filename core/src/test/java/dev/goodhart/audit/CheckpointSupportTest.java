package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.Dataset;
import dev.goodhart.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two checkpoints, counted by hand. */
class CheckpointSupportTest {
  @TempDir Path folder;

  /** A prompt's four draws: small letters are right answers, capitals wrong ones. */
  private static String rows(String prompt, String answers) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < answers.length(); i++) {
      char answer = answers.charAt(i);
      rows.append(
          "{\"id\": \"%s%d\", \"prompt\": \"%s\", \"response\": \"so %c\", \"ok\": %b, \"answer\": \"%c\"}\n"
              .formatted(prompt, i, prompt, answer, Character.isLowerCase(answer), answer));
    }
    return rows.toString();
  }

  private VerifierTruth truth(String file, String rows) throws IOException {
    Path path = folder.resolve(file);
    Files.writeString(path, rows);
    return VerifierTruth.read(Dataset.open(path), "ok", "answer", row -> true);
  }

  private Audit audit(boolean answers) throws IOException {
    String before =
        rows("p", "abXX") + rows("q", "cXXX") + rows("r", "XXXX") + rows("only", "aaaa");
    String after = rows("r", "dXXX") + rows("p", "aaaa") + rows("q", "XXXX");
    return Audit.ofCheckpoints(
        truth("before.jsonl", before), truth("after.jsonl", after), answers, Sets.bootstrap());
  }

  private static CheckpointSupport chapter(Audit audit) {
    return (CheckpointSupport) audit.chapters().getFirst();
  }

  @Test
  void promptsAndAnswersAreCountedWhereverTheyStand() throws IOException {
    CheckpointSupport support = chapter(audit(true));
    assertEquals(3, support.prompts());
    assertEquals(1, support.dropped()); // one prompt stands in the first file only
    assertEquals(4, support.draws());
    // p by both, r gained, q lost; answers: a kept, d gained, b and c lost.
    assertEquals(new SupportChange(1, 1, 1, 0), support.byPrompt().change());
    CheckpointSupport.Counted answers = Objects.requireNonNull(support.byAnswer());
    assertEquals(new SupportChange(1, 1, 2, 0), answers.change());
    assertEquals(-0.25, answers.net(), 1e-12);
    assertNull(chapter(audit(false)).byAnswer());
  }

  /** Of p: 2 of 4 right, then 4; of q: 1, then 0; of r: 0, then 1. */
  @Test
  void passAtKOfBothCheckpoints() throws IOException {
    CheckpointSupport support = chapter(audit(true));
    assertEquals(List.of(1, 2, 4), support.points().stream().map(CheckpointSupport.At::k).toList());
    CheckpointSupport.At one = support.points().get(0);
    assertEquals((0.5 + 0.25) / 3, one.before().estimate(), 1e-12);
    assertEquals((1 + 0.25) / 3, one.after().estimate(), 1e-12);
    // pass@2: p 1 - 1/6, q 1/2 against p 1, r 1/2
    CheckpointSupport.At two = support.points().get(1);
    assertEquals((5.0 / 6 + 0.5) / 3, two.before().estimate(), 1e-12);
    assertEquals(1.5 / 3, two.after().estimate(), 1e-12);
    assertEquals(two.after().estimate() - two.before().estimate(), two.change().estimate(), 1e-12);
  }

  /** Two draws of four: an answer seen once is in one half and not the other in 1/2 of the ways. */
  @Test
  void chanceIsWhatTwoHalvesOfTheDrawsShow() throws IOException {
    CheckpointSupport support = chapter(audit(true));
    // a, b, c once each: C(3,2)/C(4,2) = 1/2 less 0.
    assertEquals(1.5, Objects.requireNonNull(support.byAnswer()).chance(), 1e-12);
    // p twice: C(2,2)/C(4,2) = 1/6; q once: 1/2; r never: 1 - 1.
    assertEquals(1.0 / 6 + 0.5, support.byPrompt().chance(), 1e-12);
  }

  @Test
  void aCollapseIsAnAlarmThoughAccuracyRises() throws IOException {
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    for (int p = 0; p < 30; p++) {
      before.append(rows("p" + p, "abcXXXXX"));
      after.append(rows("p" + p, p < 25 ? "aaaaaaaa" : "XXXXXXXX"));
    }
    Audit audit =
        Audit.ofCheckpoints(
            truth("b.jsonl", before.toString()),
            truth("a.jsonl", after.toString()),
            true,
            Sets.bootstrap());
    assertEquals(List.of("support", "capability-boundary"), names(audit));
    assertTrue(audit.findings().stream().allMatch(f -> f.level() == Finding.Level.ALARM));
    assertTrue(
        audit
            .findings()
            .getFirst()
            .says()
            .contains("65 right answers are lost and 0 gained, though"));
    assertTrue(chapter(audit).entropy().isBelow(0));

    AuditReport report =
        new AuditReport(
            "Audit", audit, Provenance.of("goodhart audit", 1, folder.resolve("a.jsonl")));
    JsonNode json = JsonMapper.builder().build().readTree(report.json());
    assertEquals(65, json.at("/chapters/support/byAnswer/change/lost").asInt());
    assertTrue(
        report.html().contains("Pass@k") && report.text(80).contains("Reached with 8 draws"));
  }

  private static List<String> names(Audit audit) {
    return audit.findings().stream().map(Finding::name).toList();
  }

  @Test
  void theSameResponsesTwiceChangeNothing() throws IOException {
    String rows = rows("p", "abXX") + rows("q", "cXXX");
    Audit audit =
        Audit.ofCheckpoints(truth("a.jsonl", rows), truth("b.jsonl", rows), true, Sets.bootstrap());
    assertEquals(
        List.of(Finding.Level.FINE), audit.findings().stream().map(Finding::level).toList());
    assertEquals(0, Objects.requireNonNull(chapter(audit).byAnswer()).net(), 0);
  }

  @Test
  void checkpointsWithoutACommonPromptAreRefused() throws IOException {
    VerifierTruth one = truth("a.jsonl", rows("p", "aX"));
    VerifierTruth other = truth("b.jsonl", rows("q", "aX"));
    String says =
        assertThrows(
                GoodhartException.class,
                () -> Audit.ofCheckpoints(one, other, true, Sets.bootstrap()))
            .getMessage();
    assertTrue(says.contains("same prompts"), says);
  }
}
