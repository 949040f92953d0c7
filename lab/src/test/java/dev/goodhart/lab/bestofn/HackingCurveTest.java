package dev.goodhart.lab.bestofn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.bestofn.HackingCurve.Mean;
import dev.goodhart.lab.bestofn.HackingCurve.Peak;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HackingCurveTest {
  private static final int[] NS = {1, 2, 4};

  private static HackingCurve curve(double[]... gold) {
    return new HackingCurve("single model", NS, gold, gold, gold);
  }

  @Test
  void meanAndStandardErrorByHand() {
    Mean mean = Mean.of(new double[] {1, 2, 3, 4});
    assertEquals(2.5, mean.value(), 1e-12);
    assertEquals(Math.sqrt(5 / 12.0), mean.standardError(), 1e-12);
  }

  @Test
  void eachPromptFallsFromThePeakOfTheOthers() {
    // Sums 3, 9, 6. Without prompt 1: 3, 4, 5 peaks at the last: no fall. Without the others: n =
    // 2.
    HackingCurve curve =
        curve(new double[] {0, 5, 1}, new double[] {1, 2, 2}, new double[] {2, 2, 3});
    Mean fall = curve.fall();
    assertEquals((0 + (2 - 2) + (2 - 3)) / 3.0, fall.value(), 1e-12);
    assertFalse(fall.above());
  }

  @Test
  void aPeakThatAllPromptsShareHasANarrowInterval() {
    HackingCurve curve =
        curve(new double[] {0, 5, 1}, new double[] {1, 6, 2}, new double[] {0, 4, 1});
    assertEquals(new Peak(2, 2, 2, 5), curve.peak(new SplittableRandom(1)));
    assertTrue(curve.fall().above());
    assertEquals((4 + 4 + 3) / 3.0, curve.fall().value(), 1e-12);
  }

  @Test
  void twoCurvesArePairedByPrompt() {
    HackingCurve one = curve(new double[] {0, 0, 100}, new double[] {0, 0, 1});
    HackingCurve other = curve(new double[] {0, 0, 99}, new double[] {0, 0, -1});
    assertEquals(new Mean(1.5, 0.5), one.over(other));
  }

  /**
   * Flat curves with noise: the plain peak lies above the end in every case, the honest fall does
   * not.
   */
  @Test
  void noiseIsNotCalledAFall() {
    int called = 0;
    double sum = 0;
    for (int world = 0; world < 300; world++) {
      var random = new SplittableRandom(world);
      double[][] gold = new double[30][3];
      for (double[] prompt : gold) {
        Arrays.setAll(prompt, i -> random.nextGaussian());
      }
      Mean fall = curve(gold).fall();
      called += fall.above() ? 1 : 0;
      sum += fall.value() / 300;
    }
    assertTrue(
        called <= 18, called + " of 300"); // 2.7 % expected of a t with 29 degrees of freedom
    assertTrue(sum < 0.03, "mean fall " + sum);
  }
}
