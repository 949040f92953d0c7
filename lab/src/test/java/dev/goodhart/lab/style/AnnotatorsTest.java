package dev.goodhart.lab.style;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Preference;
import dev.goodhart.run.Seeds;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnnotatorsTest {
  private static final int DRAWS = 40_000;

  @Test
  void withoutBiasOrFlipsTheLabelsAreBradleyTerry() {
    var annotators = new Annotators(1, 2, Taste.NONE, 0, 0);
    // 2 * (1.3 - 0.8) = 1 log-odd
    assertShare(1 / (1 + Math.exp(-1)), annotators, 1.3, 50, 0.8, 50);
  }

  @Test
  void aDoublingOfTheWordsIsWorthTheBias() {
    assertShare(
        1 / (1 + Math.exp(-0.7)), new Annotators(1, 1, Taste.forLength(0.7), 0, 0), 1, 120, 1, 60);
    assertShare(
        1 / (1 + Math.exp(1.4)), new Annotators(1, 1, Taste.forLength(0.7), 0, 0), 1, 30, 1, 120);
  }

  @Test
  void flipsPullTheShareTowardsAHalf() {
    double sure = 1 / (1 + Math.exp(-3));
    assertShare(
        0.75 * sure + 0.25 * (1 - sure), new Annotators(1, 1, Taste.NONE, 0, 0.25), 3, 50, 0, 50);
  }

  @Test
  void annotatorsDifferInTheirWeaknessAsConfigured() {
    var annotators = new Annotators(2000, 1, Taste.forLength(1), 0.5, 0);
    double mean = 0;
    double squares = 0;
    for (int i = 0; i < 2000; i++) {
      mean += annotators.weakness(i) / 2000;
      squares += (annotators.weakness(i) - 1) * (annotators.weakness(i) - 1) / 2000;
    }
    assertEquals(1, mean, 4 * 0.5 / Math.sqrt(2000));
    assertEquals(0.25, squares, 4 * 0.25 * Math.sqrt(2 / 2000.0));
    assertNotEquals(annotators.weakness(0), annotators.weakness(1));
  }

  @Test
  void theConfiguredShareOfLabelsIsFlippedAndNothingElse() {
    int pairs = 10_000;
    List<Preference> noisy = StyleWorld.DEFAULT.open().pairs(pairs, new Seeds(1));
    Annotators a = StyleWorld.DEFAULT.annotators();
    List<Preference> clean =
        StyleWorld.DEFAULT
            .with(new Annotators(a.count(), a.care(), a.taste(), a.spread(), 0))
            .open()
            .pairs(pairs, new Seeds(1));
    int flipped = 0;
    for (int i = 0; i < pairs; i++) {
      boolean flip = Boolean.TRUE.equals(noisy.get(i).columns().get("flipped"));
      flipped += flip ? 1 : 0;
      assertEquals(clean.get(i).chosen(), flip ? noisy.get(i).rejected() : noisy.get(i).chosen());
    }
    assertEquals(a.flips() * pairs, flipped, 4 * Math.sqrt(pairs * a.flips() * (1 - a.flips())));
  }

  /**
   * Among pairs of the same worth, the longer response wins more often than not; without the bias
   * it does not.
   */
  @Test
  void theBiasShowsInThePairs() {
    assertTrue(longerWins(StyleWorld.DEFAULT.annotators()) > 0.55);
    Annotators a = StyleWorld.DEFAULT.annotators();
    assertEquals(
        0.5, longerWins(new Annotators(a.count(), a.care(), Taste.NONE, 0, a.flips())), 0.06);
  }

  private static double longerWins(Annotators annotators) {
    int longer = 0;
    int pairs = 0;
    for (Preference pair : StyleWorld.DEFAULT.with(annotators).open().pairs(15_000, new Seeds(2))) {
      double gap =
          (Double) java.util.Objects.requireNonNull(pair.columns().get("gold_chosen"))
              - (Double) java.util.Objects.requireNonNull(pair.columns().get("gold_rejected"));
      int words = Writer.words(pair.chosen()) - Writer.words(pair.rejected());
      if (Math.abs(gap) < 0.1 && words != 0) {
        pairs++;
        longer += words > 0 ? 1 : 0;
      }
    }
    assertTrue(pairs > 300, pairs + " pairs");
    return longer / (double) pairs;
  }

  private static void assertShare(
      double expected, Annotators annotators, double gold1, int words1, double gold2, int words2) {
    var random = new SplittableRandom(5);
    int first = 0;
    for (int i = 0; i < DRAWS; i++) {
      first += annotators.judge(gold1, words(words1), gold2, words(words2), random).first() ? 1 : 0;
    }
    assertEquals(
        expected, first / (double) DRAWS, 4 * Math.sqrt(expected * (1 - expected) / DRAWS));
  }

  private static Attributes words(int count) {
    return new Attributes(1, 1, 0, 0, 0, 0, 0, 0, false, count);
  }

  @Test
  void whatCharmsIsCountedByItsLogarithm() {
    var taste = new Taste(0.5, 2, 0.25, 1);
    // 0.5 log2(16) + 2 log2(1 + 3) + 0.25 + log2(1 + 1)
    assertEquals(
        2 + 4 + 0.25 + 1, taste.charm(new Attributes(1, 1, 0, 0, 0, 3, 0, 1, true, 16)), 1e-12);
    assertEquals(0, taste.charm(words(0)), 1e-12); // an empty response is no shorter than one word
  }
}
