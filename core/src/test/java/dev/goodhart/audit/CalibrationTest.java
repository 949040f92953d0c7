package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static int[] all(int n) {
    return IntStream.range(0, n).toArray();
  }

  @Test
  void theBestSlopeOfOneMarginIsItsLogOdds() {
    // At a margin of 2 three of four are right: sigmoid(2 slope) = 3/4, slope = log(3) / 2.
    double[] margin = {2, 2, 2, 2};
    Platt fit = Platt.fit(margin, new double[] {1, 1, 1, 0}, all(4), false);
    assertEquals(Math.log(3) / 2, fit.slope(), 1e-3);
    assertEquals(0, fit.offset());
  }

  @Test
  void twoRewardsHaveTheLineThroughTheirLogOdds() {
    // At 0 one of five is good, at 1 four of five: offset -log 4, slope 2 log 4.
    double[] reward = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
    double[] good = {1, 0, 0, 0, 0, 1, 1, 1, 1, 0};
    Platt fit = Platt.fit(reward, good, all(10), true);
    assertEquals(-Math.log(4), fit.offset(), 5e-3);
    assertEquals(2 * Math.log(4), fit.slope(), 1e-2);
  }

  @Test
  void separableDataDoesNotRunAway() {
    Platt fit = Platt.fit(new double[] {1e6, 2e6}, new double[] {1, 1}, all(2), false);
    assertTrue(Double.isFinite(fit.slope()) && fit.slope() > 0, fit.toString());
  }

  /** Pairs whose labels are drawn from sigmoid(gap); the reward shown is the gap times a factor. */
  private static Calibration calibration(int pairs, double factor) {
    SplittableRandom random = new SplittableRandom(7);
    int[][] lengths = new int[pairs][];
    double[] rewards = new double[2 * pairs];
    for (int i = 0; i < pairs; i++) {
      lengths[i] = new int[] {2, 1};
      double gap = 4 * random.nextDouble();
      boolean right = random.nextDouble() < Platt.sigmoid(gap);
      rewards[2 * i] = right ? factor * gap : 0;
      rewards[2 * i + 1] = right ? 0 : factor * gap;
    }
    return Calibration.ofPairs(
        Sets.pairs(lengths), Scores.of("r", rewards), new Bootstrap(60, 0.95, 1));
  }

  @Test
  void anHonestRewardIsOffByNoMoreThanChance() {
    Calibration honest = calibration(4000, 1);
    assertTrue(honest.ece().estimate() < 2 * honest.byChance(), honest.toString());
    assertEquals(1, honest.slope(), 0.1);
    assertEquals(10, honest.bins().size());
  }

  @Test
  void aRewardThreeTimesTooSureIsMendedByAThird() {
    Calibration sure = calibration(4000, 3);
    assertTrue(sure.ece().isAbove(0.05), sure.toString());
    assertEquals(1 / 3.0, sure.slope(), 0.04);
    assertTrue(sure.scaledEce().estimate() < 2 * calibration(4000, 1).byChance(), sure.toString());
    assertEquals(Finding.Level.NOTE, sure.findings().getFirst().level());
  }
}
