package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.AuditSet.Comparison;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairAccuracyTest {
  @Test
  void theModelStandsBesideTheLengthRuleOnTheSamePairs() {
    // The chosen one is longer in three of four pairs; the reward is right in the first two and
    // ties in the third.
    AuditSet set =
        Sets.pairs(new int[] {20, 10}, new int[] {30, 10}, new int[] {40, 10}, new int[] {5, 10});
    Scores scores = Scores.of("r", 2, 1, 2, 1, 1, 1, 1, 2);
    PairAccuracy accuracy = PairAccuracy.of(set, scores, Sets.bootstrap());
    assertEquals(2.5 / 4, accuracy.accuracy().estimate(), 1e-12);
    assertEquals("longer wins", accuracy.baseline());
    assertEquals(3.0 / 4, accuracy.baselineAccuracy().estimate(), 1e-12);
    assertEquals(-0.5 / 4, accuracy.difference().estimate(), 1e-12);
    assertFalse(accuracy.beatsBaseline());
    assertEquals(1, accuracy.tiedRewards());
  }

  @Test
  void theLengthRuleTakesTheShorterWhereThatIsRightMoreOften() {
    AuditSet set = Sets.pairs(new int[] {5, 10}, new int[] {5, 10}, new int[] {20, 10});
    PairAccuracy accuracy =
        PairAccuracy.of(set, Scores.of("r", 1, 0, 1, 0, 1, 0), Sets.bootstrap());
    assertEquals("shorter wins", accuracy.baseline());
    assertEquals(2 / 3.0, accuracy.baselineAccuracy().estimate(), 1e-12);
  }

  @Test
  void tiedLabelsAndUnscoredResponsesAreLeftOutAndCounted() {
    AuditSet set = Sets.pairs(new int[] {2, 1}, new int[] {2, 1});
    int one = set.add("tie", Sets.sample("t", "aa"), Sets.NONE, Sets.NONE);
    int two = set.add("tie", Sets.sample("t", "b"), Sets.NONE, Sets.NONE);
    set.add(new Comparison(one, two, 0.5, Sets.NONE, List.of()));
    PairAccuracy accuracy =
        PairAccuracy.of(set, Scores.of("r", 0, 1, 1, Sets.NONE, 1, 0), Sets.bootstrap());
    assertEquals(1, accuracy.pairs());
    assertEquals(1, accuracy.tiedLabels());
    assertEquals(1, accuracy.unscored());
    assertEquals(0, accuracy.accuracy().estimate());
    assertEquals(
        1, accuracy.baselineAccuracy().estimate(), "the rule is judged on the scored pair alone");
  }

  @Test
  void aRewardThatIsRightWhereLengthIsWrongBeatsItByMoreThanTheInterval() {
    int[][] lengths = new int[60][];
    double[] rewards = new double[120];
    for (int i = 0; i < 60; i++) {
      lengths[i] = i % 2 == 0 ? new int[] {20, 10} : new int[] {10, 20};
      rewards[2 * i] = i % 10 == 0 ? 0 : 1;
      rewards[2 * i + 1] = 0.5;
    }
    PairAccuracy accuracy =
        PairAccuracy.of(Sets.pairs(lengths), Scores.of("r", rewards), Sets.bootstrap());
    assertEquals(0.9, accuracy.accuracy().estimate(), 1e-12);
    assertEquals(0.5, accuracy.baselineAccuracy().estimate(), 1e-12);
    assertTrue(accuracy.beatsBaseline());
    assertEquals(Finding.Level.FINE, accuracy.findings().getFirst().level());
  }

  @Test
  void slicesGoByTheSideThatIsLongerAndByStrength() {
    AuditSet set = new AuditSet();
    double[] strengths = {0.1, 0.2, 0.8, 0.9};
    for (int i = 0; i < 4; i++) {
      int chosen =
          set.add("row" + i, Sets.sample("p" + i, i < 3 ? "long" : "s"), Sets.NONE, Sets.NONE);
      int rejected = set.add("row" + i, Sets.sample("p" + i, "mid"), Sets.NONE, Sets.NONE);
      set.add(new Comparison(chosen, rejected, 1, strengths[i], List.of()));
    }
    List<PairAccuracy.Slice> slices =
        PairAccuracy.of(set, Scores.of("r", 0, 1, 0, 1, 1, 0, 1, 0), Sets.bootstrap()).slices();
    assertEquals(
        List.of(
            "0.100 to 0.100",
            "0.200 to 0.200",
            "0.800 to 0.800",
            "0.900 to 0.900",
            "is longer",
            "is shorter"),
        slices.stream().map(PairAccuracy.Slice::name).toList());
    assertEquals(
        List.of(0.0, 0.0, 1.0, 1.0, 1 / 3.0, 1.0),
        slices.stream().map(s -> s.accuracy().estimate()).toList());
  }

  @Test
  void withoutTextsThereIsNoLengthRule() {
    PairAccuracy accuracy =
        PairAccuracy.of(Sets.oneOfMany(2, 3), Scores.of("r", 3, 1, 2, 1, 2, 3), Sets.bootstrap());
    assertEquals(0.5, accuracy.accuracy().estimate(), 1e-12);
    assertFalse(accuracy.baselineAccuracy().isKnown());
    assertFalse(accuracy.beatsBaseline());
  }
}
