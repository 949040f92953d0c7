package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import org.junit.jupiter.api.Test;

class ShapedRewardsTest {
  /**
   * The base policy's gold by hand: mean quality weighs 0..5 by exp(-(q - 1.5)^2 / 2), flattery
   * costs 0.6 sum_{f>3} (f - 3) 0.4^f / sum_f 0.4^f. Numerator of the latter 0.4^4 + 2 (0.4^5) +
   * ... + 6 (0.4^9) = 0.0702, denominator (1 - 0.4^10) / 0.6 = 1.6665.
   */
  @Test
  void everyArmStartsAtTheBasePolicy() {
    Outcome outcome = new ShapedRewards(5, 10, 4, 8, 0.05, 0.05).run(new Seeds(2));
    double[] weights = new double[6];
    double sum = 0;
    double quality = 0;
    for (int q = 0; q < 6; q++) {
      weights[q] = Math.exp(-Math.pow(q - 1.5, 2) / 2);
      sum += weights[q];
      quality += q * weights[q];
    }
    double expected = quality / sum - 0.6 * 0.0702 / 1.6665;
    outcome.curves().forEach((arm, curve) -> assertEquals(expected, curve.getFirst(), 1e-3, arm));
  }

  /** The rescaled reward differs from the raw one in its scale, and with it in its pace alone. */
  @Test
  void aSmallerScaleGoesLessFar() {
    Outcome outcome = new ShapedRewards(20, 60, 8, 16, 0.05, 0.005).run(new Seeds(3));
    double base = outcome.curves().get("raw").getFirst();
    double raw = Math.abs(outcome.figures().get("raw end") - base);
    double rescaled = Math.abs(outcome.figures().get("rescaled end") - base);
    assertTrue(rescaled < raw, rescaled + " " + raw);
  }
}
