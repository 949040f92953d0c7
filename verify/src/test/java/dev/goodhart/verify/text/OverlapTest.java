package dev.goodhart.verify.text;

import static dev.goodhart.verify.text.Bleu.Smoothing.ADD_ONE;
import static dev.goodhart.verify.text.Bleu.Smoothing.EXP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** BLEU, chrF, ROUGE-L and F1: by hand, against the independent implementations, at a megabyte. */
class OverlapTest {
  static final Optional<String> REFERENCES = Optional.of("references");
  private static final Bleu BLEU = new Bleu(4, EXP, false, Within.RESPONSE, REFERENCES);
  private static final RougeL ROUGE = new RougeL(RougeL.Tokens.ASCII, Within.RESPONSE, REFERENCES);
  private static final TokenF1 F1 = new TokenF1(Within.RESPONSE, REFERENCES);

  static Sample sample(String response, Object references) {
    return new Sample("", Prompt.NONE, response, null, Map.of("references", references));
  }

  static double value(Signal signal, String response, Object references) {
    Reward reward = signal.of(sample(response, references));
    return assertInstanceOf(Scored.class, reward, reward.toString()).value();
  }

  private static Chrf chrf(int characters, int words, double beta, boolean lowercase) {
    return new Chrf(characters, words, beta, lowercase, Within.RESPONSE, REFERENCES);
  }

  @Test
  void agreesWithSacreBleuAndRougeToTheSixthDigit() throws IOException {
    List<String> lines;
    try (InputStream in = OverlapTest.class.getResourceAsStream("overlap.jsonl")) {
      lines =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
    }
    assertTrue(lines.size() > 60);
    Map<String, Signal> signals =
        Map.of(
            "bleu", BLEU,
            "bleu-2-lc", new Bleu(2, EXP, true, Within.RESPONSE, REFERENCES),
            "chrf", chrf(6, 0, 2, false),
            "chrf++", chrf(6, 2, 2, false),
            "chrf-4-1-lc", chrf(4, 1, 1, true));
    for (String line : lines) {
      Map<?, ?> row = new JsonMapper().readValue(line, Map.class);
      String response = (String) row.get("response");
      Object references = Objects.requireNonNull(row.get("references"));
      signals.forEach(
          (name, signal) ->
              assertEquals(
                  ((Number) Objects.requireNonNull(row.get(name))).doubleValue(),
                  value(signal, response, references),
                  1e-6,
                  name + " of " + line));
      if (ROUGE.of(sample(response, references)) instanceof Scored scored) {
        double expected = ((Number) Objects.requireNonNull(row.get("rouge-l"))).doubleValue();
        assertEquals(expected, scored.value(), 1e-12, line);
      } else {
        // No a to z, no 0 to 9: rouge_score says 0, Goodhart that nobody can say.
        assertEquals(0.0, row.get("rouge-l"));
      }
    }
  }

  @Test
  void bleuByHand() {
    // 3 of 4 words, 2 of 3 pairs, 1 of 2 triples, 0 of 1 quadruples: smoothed to 1/2; 4 words of 4
    double expected = 100 * Math.pow(3.0 / 4 * 2 / 3 * 1 / 2 * 1 / 2, 0.25);
    assertEquals(expected, value(BLEU, "a b c x", "a b c d"), 1e-9);
    // Two words of four: both orders whole, brevity exp(1 - 4/2)
    assertEquals(100 * Math.exp(-1), value(BLEU, "a b", "a b c d"), 1e-9);
  }

  @Test
  void bleuWithOneAddedByHand() {
    Bleu addOne = new Bleu(4, ADD_ONE, false, Within.RESPONSE, REFERENCES);
    // 3 + 1 of 4 + 1 words, 2 + 1 of 3 + 1 pairs, 1 + 1 of 2 + 1 triples, 0 + 1 of 1 + 1
    double expected = 100 * Math.pow(4.0 / 5 * 3 / 4 * 2 / 3 * 1 / 2, 0.25);
    assertEquals(expected, value(addOne, "a b c x", "a b c d"), 1e-9);
    // Orders without n-grams count whole: (0 + 1) / (0 + 1); brevity exp(1 - 4/2)
    assertEquals(100 * Math.exp(-1), value(addOne, "a b", "a b c d"), 1e-9);
    // No hit at all: 1/5, 1/4, 1/3, 1/2
    assertEquals(100 * Math.pow(1.0 / 120, 0.25), value(addOne, "w x y z", "a b c d"), 1e-9);
    assertEquals(0, value(addOne, "", "a b c d"));
    assertEquals(100, value(addOne, "a b c d e", List.of("f", "a b c d e")), 1e-9);
    // Each n-gram at most as often as in the reference that has it most often: a twice, b once
    Bleu words = new Bleu(1, ADD_ONE, false, Within.RESPONSE, REFERENCES);
    assertEquals(100 * 4.0 / 6, value(words, "a a a b b", List.of("a a c c c", "a b d d d")), 1e-9);
  }

  @Test
  void chrfByHand() {
    // abc against abd: P = R = mean(2/3, 1/2, 0/1), so F is the same
    assertEquals(100 * (2.0 / 3 + 0.5) / 3, value(chrf(6, 0, 2, false), "abc", "abd"), 1e-9);
  }

  @Test
  void rougeByHand() {
    // The README of rouge_score: P = 1/1, R = 1/3
    assertEquals(0.5, value(ROUGE, "testing", "testing one two"), 1e-12);
    // police killed the gunman / the gunman police killed: LCS 2 of 4 and 4 (Lin 2004)
    assertEquals(0.5, value(ROUGE, "the gunman police killed", "police killed the gunman"), 1e-12);
    RougeL unicode = new RougeL(RougeL.Tokens.UNICODE, Within.RESPONSE, REFERENCES);
    assertEquals(2.0 / 3, value(unicode, "привет мир, как", "Привет мир ты"), 1e-12);
    assertInstanceOf(Unscored.class, ROUGE.of(sample("привет", "привет")));
  }

  @Test
  void f1ByHand() {
    // given {cat, sat, on, mat}, wanted {cat, mat}: P = 2/4, R = 1
    Reward reward = F1.of(sample("The cat sat on the mat.", "a cat, mat"));
    Scored scored = assertInstanceOf(Scored.class, reward);
    assertEquals(2.0 / 3, scored.value(), 1e-12);
    assertEquals(Reward.of(0.5), scored.parts().get("precision"));
    assertEquals(Reward.of(1), scored.parts().get("recall"));
    assertEquals(1, value(F1, "Denver Broncos", List.of("Broncos", "The Denver Broncos!")));
    assertEquals(1, value(F1, "x", Map.of("text", List.of("y", "X"), "answer_start", List.of(3))));
  }

  @Test
  void withoutAReferenceThereIsNoVerdict() {
    for (Signal signal : List.of(new Bleu(), new Chrf(2), new RougeL(), new TokenF1())) {
      Reward reward = signal.of(Sample.of("p", "r"));
      assertTrue(
          reward instanceof Unscored u && u.kind().equals("no reference"), reward.toString());
    }
  }

  @Property(tries = 200)
  void theyAreInTheirRangesAndHighestForTheReferenceItself(
      @ForAll("texts") String a, @ForAll("texts") String b) {
    for (Signal signal : List.of(BLEU, chrf(6, 2, 2, false), ROUGE, F1)) {
      double top = signal == ROUGE || signal == F1 ? 1 : 100;
      double ab = value(signal, a, b);
      assertTrue(ab >= 0 && ab <= top + 1e-9, signal + ": " + ab);
      assertEquals(top, value(signal, b, b), 1e-9, signal.toString());
      assertTrue(value(signal, a, List.of(b, a)) >= ab - 1e-9);
    }
    assertEquals(value(ROUGE, a, b), value(ROUGE, b, a), 1e-12);
    assertEquals(value(F1, a, b), value(F1, b, a), 1e-12);
    double chrf1 = value(chrf(6, 0, 1, false), a, b);
    assertEquals(chrf1, value(chrf(6, 0, 1, false), b, a), 1e-9);
  }

  @Property(tries = 100)
  void f1KnowsNoOrderAndRougeDoes(@ForAll("texts") String a, @ForAll Random random) {
    List<String> words = new ArrayList<>(List.of(a.split(" ")));
    Collections.shuffle(words, random);
    String shuffled = String.join(" ", words);
    assertEquals(1, value(F1, shuffled, a), 1e-12);
    assertTrue(value(ROUGE, shuffled, a) <= 1);
  }

  @Property(tries = 300)
  void theBitParallelSubsequenceIsThatOfTheTable(
      @ForAll("tokens") int[] a, @ForAll("tokens") int[] b) {
    int[][] table = new int[a.length + 1][b.length + 1];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b.length; j++) {
        table[i + 1][j + 1] =
            a[i] == b[j] ? table[i][j] + 1 : Math.max(table[i][j + 1], table[i + 1][j]);
      }
    }
    assertEquals(table[a.length][b.length], CommonSubsequence.length(a, b));
  }

  @Provide
  Arbitrary<int[]> tokens() {
    return Arbitraries.integers().between(0, 5).array(int[].class).ofMaxSize(400);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("cat", "dog", "sat", "on", "mat,", "3.5", "it's")
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .map(words -> String.join(" ", words));
  }

  @Test
  void aMegabyteTakesSeconds() {
    String words = "word sat mat on the ".repeat(50_000);
    String other = "sat on 3.5 mats & the ".repeat(45_000);
    String single = "a".repeat(1_000_000);
    String pairs = "a b ".repeat(250_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(12),
        () -> {
          for (Signal signal : List.of(BLEU, chrf(6, 2, 2, false), ROUGE, F1)) {
            for (String text : List.of(words, single, pairs)) {
              signal.of(sample(text, other));
            }
          }
        });
  }
}
