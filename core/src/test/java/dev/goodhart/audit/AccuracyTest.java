package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  @Test
  void aPairIsRightWrongOrHalf() {
    assertEquals(1, Accuracy.pair(2, 1, 1));
    assertEquals(0, Accuracy.pair(1, 2, 1));
    assertEquals(0.5, Accuracy.pair(1, 1, 1));
    assertEquals(0.5, Accuracy.pair(0.0, -0.0, 1));
  }

  @Test
  void whenTheSecondIsProbablyBetterTheOrderTurns() {
    assertEquals(0, Accuracy.pair(2, 1, 0.3));
    assertEquals(1, Accuracy.pair(1, 2, 0.3));
  }

  @Test
  void aTiedLabelAndAMissingRewardAreLeftOut() {
    assertEquals(Double.NaN, Accuracy.pair(2, 1, 0.5));
    assertEquals(Double.NaN, Accuracy.pair(Double.NaN, 1, 1));
    assertEquals(Double.NaN, Accuracy.pair(2, Double.NaN, 1));
  }

  @Test
  void aTieAtTheTopIsShared() {
    assertEquals(1, Accuracy.top(new double[] {3, 2, 1}, 0));
    assertEquals(1 / 3.0, Accuracy.top(new double[] {3, 3, 1, 3}, 1));
    assertEquals(0, Accuracy.top(new double[] {3, 3, 1}, 2));
    assertEquals(Double.NaN, Accuracy.top(new double[] {3, Double.NaN}, 0));
  }

  @Test
  void ranksCountTiesAgainst() {
    assertEquals(1, Accuracy.rank(new double[] {3, 2, 1}, 0));
    assertEquals(3, Accuracy.rank(new double[] {3, 3, 3, 1}, 1));
    assertEquals(4, Accuracy.rank(new double[] {1, 3, 3, 3}, 0));
  }

  @Property
  void theSharesOfTheTopAddUpToOne(@ForAll @Size(min = 1, max = 8) double[] rewards) {
    double sum = 0;
    for (int i = 0; i < rewards.length; i++) {
      sum += Accuracy.top(rewards, i);
    }
    assertEquals(1, sum, 1e-12);
  }

  @Property
  void swappingAPairTurnsAHitIntoAMiss(
      @ForAll @IntRange(min = -3, max = 3) int one,
      @ForAll @IntRange(min = -3, max = 3) int two,
      @ForAll @DoubleRange(min = 0, max = 1) double p) {
    if (p != 0.5) {
      assertEquals(1 - Accuracy.pair(one, two, p), Accuracy.pair(two, one, p));
    }
  }
}
