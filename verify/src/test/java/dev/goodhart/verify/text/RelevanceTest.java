package dev.goodhart.verify.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.RegularisedRelevance;
import dev.goodhart.signal.Length;
import dev.goodhart.signal.Signal;
import dev.goodhart.verify.text.Relevance.To;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relevance by word vectors, and what length and repetition make of each other behind it. */
class RelevanceTest {
  private static double value(Reward reward) {
    return ((Scored) reward).value();
  }

  private static Path vectors(Path folder, String text) throws IOException {
    return Files.writeString(folder.resolve("vectors.txt"), text);
  }

  @Test
  void theInnerProductOfMeansByHand(@TempDir Path folder) throws IOException {
    Path file = vectors(folder, "3 2\nriver 3 4\nstream 0 2\nbread -1 0\n");
    Signal signal =
        new Relevance(To.PROMPT, Optional.of(file), 1, Within.RESPONSE, Optional.empty()).open();
    // river (0.6, 0.8); stream (0, 1): 0.8; with bread (-1, 0) the mean is (-0.5, 0.5): 0.1
    assertEquals(0.8, value(signal.of(Sample.of("River?", "The stream."))), 1e-6);
    assertEquals(0.1, value(signal.of(Sample.of("River?", "Stream, bread!"))), 1e-6);
    assertEquals(0, value(signal.of(Sample.of("River?", "unknown"))), 0);
    assertInstanceOf(Unscored.class, signal.of(Sample.of("what?", "stream")));
  }

  @Test
  void withoutAFileOnlyEqualWordsCount() {
    Signal signal = new Relevance().open();
    assertEquals(1, value(signal.of(Sample.of("Esrox", "esrox"))), 1e-5);
    // one word of two on either side: 1/4 and three chance products of about 1/sqrt(512)
    double half = value(signal.of(Sample.of("Esrox floods", "Esrox sings")));
    assertEquals(0.25, half, 0.12);
    assertEquals(0, value(signal.of(Sample.of("Esrox floods", "bread sings"))), 0.12);
  }

  @Test
  void theNearestOfSeveralReferencesCounts() {
    Signal signal =
        new Relevance(To.REFERENCE, Optional.empty(), 4, Within.RESPONSE, Optional.of("refs"))
            .open();
    Sample bare = Sample.of("p", "violet");
    Sample sample =
        new Sample("", bare.prompt(), "violet", null, Map.of("refs", List.of("green", "violet")));
    assertEquals(1, value(signal.of(sample)), 1e-5);
    assertInstanceOf(Unscored.class, signal.of(bare));
  }

  @Test
  void aFileThatHoldsNoVectorsIsNamedWithItsLine(@TempDir Path folder) throws IOException {
    for (String text : List.of("", "a 1 2\nb 1\n", "a 1 x\n", "a 1 NaN\n")) {
      Path file = vectors(folder, text);
      GoodhartException e = assertThrows(GoodhartException.class, () -> WordVectors.read(file));
      assertTrue(String.valueOf(e.getMessage()).contains("vectors.txt"), e.getMessage());
    }
  }

  /** LI · RP = D/100 · n/(n - 2), with D counted here independently. */
  @Test
  void lengthTimesNoveltyIsTheNumberOfDistinctTrigrams() {
    var random = new Random(5);
    for (int n = 3; n < 60; n++) {
      List<String> words = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        words.add("abcd".substring(random.nextInt(4)).substring(0, 1));
      }
      Set<List<String>> distinct = new HashSet<>();
      for (int i = 0; i + 3 <= n; i++) {
        distinct.add(words.subList(i, i + 3));
      }
      double expected = distinct.size() / 100.0 * n / (n - 2);
      assertEquals(expected, product(String.join(" ", words)), 1e-12);
    }
    assertEquals(0.02, product("a b"), 1e-12); // no trigram, no penalty
  }

  @Test
  void sayingATextAgainEarnsNextToNothing() {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      words.add("w" + i);
    }
    String text = String.join(" ", words);
    for (int k = 2; k <= 10; k++) {
      // 18 trigrams, and two more across each seam, which repeat after the first
      int n = 20 * k;
      double expected = 20 / 100.0 * n / (n - 2);
      String again = String.join(" ", Collections.nCopies(k, text));
      assertEquals(expected, product(again), 1e-12);
      assertEquals(product(text), product(again), 0.1 * product(text));
    }
  }

  private static double product(String text) {
    Sample sample = Sample.of("p", text);
    return value(
        new RegularisedRelevance("n", "fit", "new")
            .of(
                Map.of(
                    "n", new Length(Length.Unit.TOKENS).of(sample),
                    "fit", Reward.of(1),
                    "new", Reward.of(1 + value(new Repetition(3).of(sample))))));
  }
}
