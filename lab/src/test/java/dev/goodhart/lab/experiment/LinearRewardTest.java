package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LinearRewardTest {
  /**
   * One pair with a difference of 1 and a ridge of 1: the slope is 0 where w = 1 / (1 + e^w), at
   * 0.401058; there the curvature is 1 + 0.401058 (1 - 0.401058) = 1.240211, and s(x) = |x| /
   * sqrt(1.240211).
   */
  @Test
  void onePairByHand() {
    LinearReward reward = LinearReward.fit(new double[][] {{1}}, new double[] {0}, 1);
    assertEquals(0.401058, reward.weights()[0], 1e-6);
    assertEquals(-0.802116, reward.of(new double[] {-2}), 2e-6);
    assertEquals(2 / Math.sqrt(1.240211), reward.deviation(new double[] {-2}), 1e-6);
  }

  /** Where no pair says anything the head keeps its start, and is as unsure as the ridge. */
  @Test
  void anAttributeThatNoPairHasKeepsItsStart() {
    LinearReward reward =
        LinearReward.fit(new double[][] {{2, 0}, {-1, 0}}, new double[] {0.3, -0.7}, 4);
    assertEquals(-0.7, reward.weights()[1], 1e-9);
    assertEquals(3 / Math.sqrt(4), reward.deviation(new double[] {0, 3}), 1e-9);
  }

  /** A step of Newton from far away may overshoot; the minimum is where the slope is 0. */
  @Test
  void theSlopeIsZeroAtTheEnd() {
    double[][] pairs = {{5, -3}, {-4, 1}, {9, 9}, {0.1, -7}};
    double[] start = {-6, 8};
    double[] w = LinearReward.fit(pairs, start, 0.01).weights();
    double[] slope = {0.01 * (w[0] - start[0]), 0.01 * (w[1] - start[1])};
    for (double[] d : pairs) {
      double miss = 1 / (1 + Math.exp(LinearReward.dot(w, d)));
      slope[0] -= miss * d[0];
      slope[1] -= miss * d[1];
    }
    assertArrayEquals(new double[2], slope, 1e-8);
  }
}
