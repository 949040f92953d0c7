package dev.goodhart.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.lab.Claim.Relation;
import dev.goodhart.lab.Claim.Verdict;
import dev.goodhart.lab.Evidence.Estimate;
import dev.goodhart.lab.Evidence.Tested;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceBookTest {
  private static Evidence evidence(int system, String name, Verdict verdict) {
    return new Evidence(
        system,
        name,
        "A against b",
        "Nothing was tuned.",
        "Toy[]",
        1,
        10,
        List.of(
            new Tested(
                "more",
                "a earns more than b",
                2,
                1.5,
                new Estimate(0.5, 0.125),
                Relation.ABOVE,
                0,
                verdict)),
        new Experiment.Axis("n", List.of(1.0, 2.0)),
        Map.of("a", List.of(new Estimate(1, 0.1), new Estimate(2, 0.2))),
        Map.of("java", "25"),
        12.3);
  }

  @Test
  void whatIsWrittenIsReadBack(@TempDir Path folder) {
    var book =
        new EvidenceBook(List.of(evidence(9, "b", Verdict.FAILS), evidence(7, "a", Verdict.HOLDS)));
    book.write(folder);
    assertEquals(book, EvidenceBook.read(folder));
  }

  @Test
  void newEvidenceReplacesWhatItsExperimentHad() {
    var book =
        new EvidenceBook(List.of(evidence(7, "a", Verdict.HOLDS), evidence(9, "b", Verdict.HOLDS)));
    var after = book.with(List.of(evidence(9, "b", Verdict.FAILS)));
    assertEquals(
        List.of(evidence(7, "a", Verdict.HOLDS), evidence(9, "b", Verdict.FAILS)), after.entries());
  }

  @Test
  void failuresArePrintedToo() {
    String page = new EvidenceBook(List.of(evidence(9, "b", Verdict.FAILS))).markdown();
    assertTrue(
        page.contains("| a earns more than b | 2.000 | 1.500 | +0.500 ± 0.125 | fails |"), page);
    assertTrue(page.contains("| 9 | [b](#b) | 1 to 10 | 0 | 0 | 1 | 12.3 |"), page);
    assertTrue(page.contains("| 2 | 2.00 ± 0.20 |"), page);
  }

  @Test
  void curvesOfThreePointsAreDrawn(@TempDir Path folder) throws Exception {
    Evidence two = evidence(7, "two", Verdict.HOLDS);
    var three =
        new Evidence(
            8,
            "three",
            "A against b",
            "",
            "Toy[]",
            1,
            10,
            two.claims(),
            new Experiment.Axis("n", List.of(1.0, 2.0, 4.0)),
            Map.of("arm", List.of(new Estimate(1, 0.1), new Estimate(2, 0.2), new Estimate(1, 0))),
            two.versions(),
            1.0);
    var book = new EvidenceBook(List.of(two, three));
    book.write(folder);
    assertTrue(
        Files.readString(folder.resolve("evidence/three.svg")).contains("three, seeds 1 to 10"));
    assertTrue(!Files.exists(folder.resolve("evidence/two.svg")));
    assertTrue(book.markdown().contains("![Curves of three](evidence/three.svg)"));
  }

  /** Evidence from before runs were timed has no such field. */
  @Test
  void evidenceThatNobodyTimedIsReadToo(@TempDir Path folder) throws Exception {
    new EvidenceBook(List.of(evidence(7, "a", Verdict.HOLDS))).write(folder);
    Path file = folder.resolve("evidence.json");
    String json = Files.readString(file).replaceAll(",\\s*\"seconds\" : 12.3", "");
    assertTrue(!json.contains("seconds"), json);
    Files.writeString(file, json);
    EvidenceBook old = EvidenceBook.read(folder);
    assertNull(old.entries().getFirst().seconds());
    assertTrue(old.markdown().contains("| 1 to 10 | 1 | 0 | 0 |  |"), old.markdown());
  }

  @Test
  void aBrokenFileIsTheUsersError(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("evidence.json"), "{");
    assertThrows(GoodhartException.class, () -> EvidenceBook.read(folder));
  }
}
