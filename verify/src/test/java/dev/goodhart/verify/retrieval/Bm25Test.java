package dev.goodhart.verify.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Bm25Test {
  private static final List<String> DOCUMENTS =
      List.of("the cat sat", "the dog sat on the mat", "birds fly south");

  private static Sample sample(String query) {
    return new Sample("", Prompt.NONE, query, null, Map.of("docs", DOCUMENTS));
  }

  /** Three documents of 3, 6 and 3 terms: 4 on average. */
  private static double term(int documentsWithIt, int times, int length) {
    double idf = Math.log(1 + (3 - documentsWithIt + 0.5) / (documentsWithIt + 0.5));
    return idf * times / (times + 1.2 * (1 - 0.75 + 0.75 * length / 4.0));
  }

  @Test
  void theScoreIsTheFormulas() {
    Bm25 bm25 = Bm25.column("docs");
    Scored cat = assertInstanceOf(Scored.class, bm25.of(sample("Cat sat?")));
    assertEquals(term(1, 1, 3) + term(2, 1, 3), cat.value(), 1e-6);
    assertEquals(Reward.of(0), cat.parts().get("document"));
    Scored dog = assertInstanceOf(Scored.class, bm25.of(sample("the dog, the dog")));
    assertEquals(2 * term(1, 1, 6) + 2 * term(2, 2, 6), dog.value(), 1e-6);
    assertEquals(Reward.of(1), dog.parts().get("document"));
    Scored none = assertInstanceOf(Scored.class, bm25.of(sample("quantum")));
    assertEquals(0, none.value());
    assertEquals(Map.of(), none.parts());
  }

  @Test
  void whatCannotBeAskedIsUnscored() {
    Bm25 bm25 = Bm25.column("docs");
    assertInstanceOf(Unscored.class, bm25.of(sample("?!")));
    assertInstanceOf(Unscored.class, bm25.of(Sample.of("p", "cat")));
    assertThrows(
        GoodhartException.class,
        () -> RewardSpec.parse("signals: { s: { bm25: {} } }", "r.yaml", Path.of(".")));
  }

  @Test
  void aCorpusFileIsIndexedOnceAndRanksWhatIsRelevant(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("docs.jsonl"),
        """
        {"id": "c", "text": "the cat sat"}
        {"id": "d", "text": "the dog sat on the mat"}

        {"id": "b", "text": "birds fly south"}
        """);
    String signals =
        """
        signals:
          raw: { bm25: { corpus: docs.jsonl } }
          squashed: { bm25: { corpus: docs.jsonl, squash: 1 } }
          found: { bm25: { corpus: docs.jsonl, relevant: gold } }
        combine: { weighted: { raw: 0, squashed: 0, found: 1 } }
        """;
    RewardSpec spec = RewardSpec.parse(signals, "r.yaml", folder);
    try (Scorer scorer = new Scorer(spec)) {
      Sample sample = new Sample("", Prompt.NONE, "cat sat", null, Map.of("gold", "d"));
      Scored scored = assertInstanceOf(Scored.class, scorer.score(sample));
      assertEquals(0.5, scored.value(), 1e-12);
      double raw = ((Scored) scored.parts().get("raw")).value();
      assertEquals(term(1, 1, 3) + term(2, 1, 3), raw, 1e-6);
      assertEquals(raw / (raw + 1), ((Scored) scored.parts().get("squashed")).value(), 1e-12);
      assertInstanceOf(Unscored.class, scorer.score(Sample.of("p", "cat")));
    }
    Files.writeString(folder.resolve("docs.jsonl"), "{\"id\": 1}\n");
    GoodhartException e = assertThrows(GoodhartException.class, () -> new Scorer(spec));
    assertTrue(e.getMessage().contains("docs.jsonl:1: expected an object"), e.getMessage());
  }

  @Test
  void plainTextIsADocumentALine(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("docs.txt"), String.join("\n", DOCUMENTS));
    RewardSpec spec =
        RewardSpec.parse(
            "signals: { s: { bm25: { corpus: docs.txt, relevant: gold } } }", "r.yaml", folder);
    try (Scorer scorer = new Scorer(spec)) {
      Sample sample = new Sample("", Prompt.NONE, "mat", null, Map.of("gold", List.of(1)));
      assertEquals(1, ((Scored) scorer.score(sample)).value());
    }
  }

  @Test
  void aMegabyteIsAskedWithinSeconds() {
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      query.append("word").append(i).append(' ');
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (String text :
              List.of(query.toString(), "a".repeat(1_000_000), "a ".repeat(500_000))) {
            Bm25.column("docs").of(sample(text));
          }
        });
  }
}
