package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.audit.exact.Tilt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogLinearPolicyTest {
  private static final double[] BASE = {0.5, 0.3, 0.2};
  private static final double[][] FEATURES = {{1, 0}, {0, 1}, {2, -1}};

  /**
   * One step by hand: E phi = (0.5 + 0.4, 0.3 - 0.2) = (0.9, 0.1). Drawn 0 and 2 with advantages 1
   * and -3: ((0.1, -0.1) - 3 (1.1, -1.1)) / 2 = (-1.6, 1.6), times 0.1.
   */
  @Test
  void oneStepByHand() {
    var policy = new LogLinearPolicy(BASE, FEATURES);
    policy.step(new int[] {0, 2}, new double[] {1, -3}, 0.1);
    assertArrayEquals(new double[] {-0.16, 0.16}, policy.weights(), 1e-12);
    // logits -0.16, 0.16, -0.48
    double[] p = {0.5 * Math.exp(-0.16), 0.3 * Math.exp(0.16), 0.2 * Math.exp(-0.48)};
    double z = p[0] + p[1] + p[2];
    assertArrayEquals(new double[] {p[0] / z, p[1] / z, p[2] / z}, policy.probabilities(), 1e-12);
    assertEquals(Math.log(p[1] / z / 0.3), policy.logRatio(1), 1e-12);
  }

  /** Where the reward is a sum of the features, the trained policy is the exact tilt. */
  @Test
  void trainingEndsAtTheExactOptimum() {
    double[] reward = {0.5, -0.25, 1.25}; // 0.5 phi_1 - 0.25 phi_2
    double penalty = 0.5;
    var policy = new LogLinearPolicy(BASE, FEATURES);
    var random = new SplittableRandom(1);
    for (int step = 0; step < 4000; step++) {
      int[] drawn = policy.draw(64, random);
      double[] advantages = new double[drawn.length];
      double mean = 0;
      for (int j = 0; j < drawn.length; j++) {
        advantages[j] = reward[drawn[j]] - penalty * policy.logRatio(drawn[j]);
        mean += advantages[j] / drawn.length;
      }
      for (int j = 0; j < drawn.length; j++) {
        advantages[j] -= mean;
      }
      policy.step(drawn, advantages, 0.2);
    }
    assertArrayEquals(Tilt.of(BASE, reward, 1 / penalty), policy.probabilities(), 0.01);
  }

  @Test
  void responsesAreDrawnAsOftenAsTheirProbabilitySays() {
    var policy = new LogLinearPolicy(BASE, FEATURES);
    var random = new SplittableRandom(2);
    double[] share = new double[3];
    for (int y : policy.draw(40_000, random)) {
      share[y] += 1.0 / 40_000;
    }
    assertArrayEquals(BASE, share, 0.01); // four standard errors
  }
}
