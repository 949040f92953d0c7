package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.data.Dataset;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Verifiers against a truth, counted by hand. */
class VerifierAuditTest {
  @TempDir Path folder;

  /** Six responses; the exact match errs on "2.0" and on nothing else. */
  private static final String ROWS =
      """
      {"id": "a", "prompt": "1+1", "response": "2", "answer": "2", "ok": true, "by": "m1"}
      {"id": "b", "prompt": "1+1", "response": "2.0", "answer": "2", "ok": true, "by": "m2"}
      {"id": "c", "prompt": "1+1", "response": "3", "answer": "2", "ok": false, "by": "m1"}
      {"id": "d", "prompt": "1/2", "response": "1/2", "answer": "\\\\frac{1}{2}", "ok": 1, "by": "m2"}
      {"id": "e", "prompt": "1/2", "response": "?", "answer": "\\\\frac{1}{2}", "ok": "false"}
      {"id": "f", "prompt": "2+2", "response": "4", "answer": "4", "ok": null, "by": "m1"}
      """;

  private Dataset data(String rows) throws IOException {
    Path file = folder.resolve("rows.jsonl");
    Files.writeString(file, rows);
    return Dataset.open(file);
  }

  /** Equal texts are right; a question mark is no answer. */
  private static List<Reward> exact(List<Sample> batch) {
    return batch.stream()
        .<Reward>map(
            s ->
                s.response().equals("?")
                    ? Reward.unscored("no answer: a question mark")
                    : Reward.of(s.response().equals(s.reference()) ? 1 : 0))
        .toList();
  }

  /** Everything is worth 0.5. */
  private static List<Reward> generous(List<Sample> batch) {
    return batch.stream().<Reward>map(s -> Reward.of(0.5)).toList();
  }

  private static Audit audit(
      VerifierTruth truth,
      double threshold,
      @Nullable Function<Map<String, Reward>, Reward> combined) {
    Map<String, Function<List<Sample>, List<Reward>>> verifiers = new LinkedHashMap<>();
    verifiers.put("exact", VerifierAuditTest::exact);
    verifiers.put("generous", VerifierAuditTest::generous);
    return Audit.ofVerifiers(
        truth, verifiers, combined, threshold, false, Sets.bootstrap(), Progress.NONE);
  }

  private Audit audit() throws IOException {
    return audit(VerifierTruth.read(data(ROWS), "ok", null, row -> true), 0.5, null);
  }

  private static <T extends Chapter> T chapter(Audit audit, Class<T> type) {
    return audit.chapters().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  private static void counts(int errors, int of, ErrorRate rate) {
    assertEquals(errors, rate.errors());
    assertEquals(of, rate.of());
    assertEquals(of == 0 ? Double.NaN : (double) errors / of, rate.rate().estimate(), 1e-15);
  }

  @Test
  void errorsAreCountedAmongWhatIsScoredAndKnown() throws IOException {
    VerifierErrors errors = chapter(audit(), VerifierErrors.class);
    assertEquals(3, errors.right());
    assertEquals(2, errors.wrong());
    assertEquals(1, errors.withoutTruth());
    VerifierErrors.Row exact = errors.verifiers().get(0);
    counts(2, 3, exact.falseNegatives()); // "2.0", and "1/2" for \frac{1}{2}
    counts(0, 1, exact.falsePositives()); // "?" has no verdict
    counts(1, 5, exact.unscored());
    assertEquals(Map.of("no answer", 1), exact.reasons());
    assertTrue(exact.millis() >= 0);
    VerifierErrors.Row generous = errors.verifiers().get(1);
    counts(0, 3, generous.falseNegatives());
    counts(2, 2, generous.falsePositives());
  }

  @Test
  void aThresholdIsAtLeast() throws IOException {
    VerifierTruth truth = VerifierTruth.read(data(ROWS), "ok", null, row -> true);
    VerifierErrors errors = chapter(audit(truth, 0.51, null), VerifierErrors.class);
    counts(3, 3, errors.verifiers().get(1).falseNegatives());
    counts(0, 2, errors.verifiers().get(1).falsePositives());
  }

  @Test
  void errorsStandByTheShapeOfTheAnswerOrByAColumn() throws IOException {
    VerifierGroups shapes = chapter(audit(), VerifierGroups.class);
    assertEquals(
        List.of("integer", "integer", "fraction", "fraction"),
        shapes.rows().stream().map(VerifierGroups.Row::group).toList());
    counts(1, 2, shapes.rows().get(0).falseNegatives());
    counts(0, 1, shapes.rows().get(0).falsePositives());
    counts(1, 1, shapes.rows().get(2).falseNegatives());
    counts(0, 0, shapes.rows().get(2).falsePositives());
    assertEquals(1, shapes.rows().get(2).unscored());
    VerifierGroups models =
        chapter(
            audit(VerifierTruth.read(data(ROWS), "ok", "by", row -> true), 0.5, null),
            VerifierGroups.class);
    assertEquals("by", models.by());
    assertEquals(
        List.of("m1", "m2", "none"),
        models.rows().stream().map(VerifierGroups.Row::group).distinct().toList());
  }

  @Test
  void verifiersAreLaidAgainstEachOther() throws IOException {
    VerifierDifferences.Pair pair = chapter(audit(), VerifierDifferences.class).pairs().getFirst();
    assertEquals("exact", pair.first());
    assertEquals(2, pair.both()); // a and f
    assertEquals(0, pair.onlyFirst());
    assertEquals(3, pair.onlySecond()); // b, c and d
    assertEquals(0, pair.neither());
    assertEquals(1, pair.unscored()); // e
    assertEquals(List.of("b", "c", "d"), pair.rows());
    counts(1, 3, pair.firstRight()); // c
  }

  @Test
  void whereTheyPartIsListed() throws IOException {
    List<String> listed =
        chapter(audit(), VerifierMistakes.class).mistakes().stream()
            .map(m -> m.verifier() + " " + m.kind() + " " + m.row())
            .toList();
    assertEquals(
        List.of(
            "exact REFUSED b",
            "exact REFUSED d",
            "exact UNSCORED e",
            "generous ACCEPTED c",
            "generous ACCEPTED e"),
        listed);
    assertEquals("abc … xyz", VerifierMistakes.excerpt("abc" + "-".repeat(50) + "xyz", 3, 3));
    assertEquals("short", VerifierMistakes.excerpt(" short\n", 3, 3));
  }

  @Test
  void theSpecsOwnRewardIsOneMore() throws IOException {
    VerifierTruth truth = VerifierTruth.read(data(ROWS), "ok", null, row -> true);
    Audit audit = audit(truth, 0.5, parts -> parts.get("exact"));
    VerifierErrors errors = chapter(audit, VerifierErrors.class);
    assertEquals("the spec's reward", errors.verifiers().get(2).name());
    assertEquals(
        errors.verifiers().get(0).falseNegatives(), errors.verifiers().get(2).falseNegatives());
    assertEquals(3, chapter(audit, VerifierDifferences.class).pairs().size());
  }

  @Test
  void theReportHoldsItAll() throws IOException {
    AuditReport report =
        new AuditReport("Audit", audit(), new Provenance("goodhart audit", 1, Map.of(), Map.of()));
    JsonNode json = JsonMapper.shared().readTree(report.json());
    JsonNode exact = json.at("/chapters/verifiers/verifiers/0");
    assertEquals(2, exact.at("/falseNegatives/errors").asInt());
    assertEquals(2.0 / 3, exact.at("/falseNegatives/rate/estimate").asDouble(), 1e-12);
    assertEquals("?", json.at("/chapters/mistakes/mistakes/2/excerpt").asString());
    assertTrue(json.at("/chapters/mistakes/mistakes/2/reward").isNull());
    assertTrue(report.html().contains("right ones refused"));
    report.text(80).lines().forEach(line -> assertTrue(line.length() <= 80, line));
    assertFalse(report.json().contains("NaN"));
  }

  @Test
  void aTruthThatIsNoneIsAnError() throws IOException {
    Dataset unclear =
        data("{\"id\": \"a\", \"prompt\": \"p\", \"response\": \"r\", \"ok\": \"maybe\"}\n");
    String says =
        assertThrows(
                GoodhartException.class, () -> VerifierTruth.read(unclear, "ok", null, row -> true))
            .getMessage();
    assertTrue(
        says.endsWith("row a: --truth ok: expected true or false, 1 or 0, found maybe"), says);
    assertTrue(
        assertThrows(
                GoodhartException.class,
                () -> VerifierTruth.read(unclear, "truth", null, row -> true))
            .getMessage()
            .contains("no column 'truth'; the columns are "));
  }

  @Test
  void aVerifierWithoutErrorsIsFineAndTheExactBoundStandsIn() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rows.append(
          "{\"prompt\": \"p%d\", \"response\": \"%d\", \"answer\": \"1\", \"ok\": %s}\n"
              .formatted(i, i % 2, i % 2 == 1));
    }
    VerifierTruth truth = VerifierTruth.read(data(rows.toString()), "ok", null, row -> true);
    Audit audit =
        Audit.ofVerifiers(
            truth,
            Map.of("exact", VerifierAuditTest::exact),
            null,
            0.5,
            false,
            Sets.bootstrap(),
            Progress.NONE);
    VerifierErrors.Row row = chapter(audit, VerifierErrors.class).verifiers().getFirst();
    counts(0, 20, row.falsePositives());
    assertEquals(1 - Math.pow(0.025, 1.0 / 20), row.falsePositives().rate().high(), 1e-12);
    assertEquals(Finding.Level.FINE, audit.findings().getFirst().level());
    assertFalse(
        audit.chapters().stream().anyMatch(VerifierDifferences.class::isInstance), "only one");
  }

  @Test
  void shapesAreToldByTheirLook() {
    Map<String, AnswerShape> shapes = new LinkedHashMap<>();
    for (String integer : List.of("18", "-3", "1,234", "$1,234", "$18$", "#### 5", "007", "12.")) {
      shapes.put(integer, AnswerShape.INTEGER);
    }
    for (String decimal : List.of("0.5", "-.5", "1,234.5", "$0.50")) {
      shapes.put(decimal, AnswerShape.DECIMAL);
    }
    for (String fraction :
        List.of("1/2", "-3/4", "2 1/3", "\\frac{1}{2}", "\\dfrac12", "$\\frac{3}{4}$")) {
      shapes.put(fraction, AnswerShape.FRACTION);
    }
    shapes.put("50%", AnswerShape.PERCENT);
    shapes.put("12.5\\%", AnswerShape.PERCENT);
    shapes.put("1.5e-3", AnswerShape.SCIENTIFIC);
    shapes.put("3 \\times 10^{8}", AnswerShape.SCIENTIFIC);
    shapes.put("B", AnswerShape.CHOICE);
    shapes.put("(C)", AnswerShape.CHOICE);
    shapes.put("Yes", AnswerShape.CHOICE);
    shapes.put("(1, 2)", AnswerShape.COLLECTION);
    shapes.put("\\{1, 2\\}", AnswerShape.COLLECTION);
    shapes.put("\\left(0, 1\\right]", AnswerShape.COLLECTION);
    shapes.put("x = 3", AnswerShape.RELATION);
    shapes.put("x \\le 3", AnswerShape.RELATION);
    shapes.put("2x + 3", AnswerShape.EXPRESSION);
    shapes.put("\\sqrt{2}", AnswerShape.EXPRESSION);
    shapes.put("5 apples and pears", AnswerShape.TEXT);
    shapes.put("the cat", AnswerShape.TEXT);
    shapes.put("x".repeat(1_000_000), AnswerShape.TEXT);
    shapes.put(" ", AnswerShape.NONE);
    shapes.forEach((text, shape) -> assertEquals(shape, AnswerShape.of(text), () -> text));
    assertEquals(AnswerShape.NONE, AnswerShape.of(null));
  }
}
