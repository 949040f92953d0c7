package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.transform.LogSigmoidCentred;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExactTiltTest {
  private static final double[] BASE = {0.5, 0.3, 0.2};

  @Test
  void aTiltByHand() {
    // weights 0.5, 0.3 * 2, 0.2 * 4 of sum 1.9
    double[] policy = ExactTilt.of(BASE, new double[] {0, Math.log(2), Math.log(4)}, 1);
    assertArrayEquals(new double[] {0.5 / 1.9, 0.6 / 1.9, 0.8 / 1.9}, policy, 1e-12);
    double kl = (0.6 * Math.log(2) + 0.8 * Math.log(4)) / 1.9 - Math.log(1.9);
    assertEquals(kl, ExactTilt.kl(policy, BASE), 1e-12);
  }

  @Test
  void noStrengthIsTheBasePolicy() {
    assertArrayEquals(BASE, ExactTilt.of(BASE, new double[] {9, -3, 1}, 0), 1e-12);
  }

  /** No other policy at the same divergence earns more: the property that makes it the optimum. */
  @Test
  void noPolicyOfTheSameDivergenceEarnsMore() {
    double[] utilities = {0.3, -1, 2};
    double[] best = ExactTilt.of(BASE, utilities, 0.7);
    var random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      double[] other = new double[3];
      Arrays.setAll(other, y -> -Math.log(1 - random.nextDouble()));
      double sum = Arrays.stream(other).sum();
      double[] policy = Arrays.stream(other).map(p -> p / sum).toArray();
      if (ExactTilt.kl(policy, BASE) <= ExactTilt.kl(best, BASE)) {
        assertTrue(ExactTilt.mean(policy, utilities) <= ExactTilt.mean(best, utilities) + 1e-12);
      }
    }
  }

  @Test
  void bisectionFindsTheWantedMeanDivergence() {
    double[][] bases = {BASE, {0.2, 0.2, 0.6}};
    double[][] utilities = {{1, 2, 3}, {5, 0, -1}};
    double[][] policies = ExactTilt.atKl(bases, utilities, 0.4);
    double mean = (ExactTilt.kl(policies[0], bases[0]) + ExactTilt.kl(policies[1], bases[1])) / 2;
    assertEquals(0.4, mean, 1e-9);
  }

  @Test
  void aDivergenceThatNoTiltReachesIsRefused() {
    double[][] flat = {{1, 1, 1}};
    assertThrows(
        IllegalArgumentException.class, () -> ExactTilt.atKl(new double[][] {BASE}, flat, 0.1));
  }

  /** Far below its reference LSC is linear, far above it is flat. */
  @Test
  void lscWithAFarReferenceIsTheRawRewardOrNothing() {
    var lsc = new LogSigmoidCentred(0.85, 1);
    double[] raw = {0.3, -1, 2};
    double[] far = Arrays.stream(raw).map(r -> lsc.of(r, new double[] {60})).toArray();
    double[] near = Arrays.stream(raw).map(r -> lsc.of(r, new double[] {-60})).toArray();
    assertArrayEquals(ExactTilt.of(BASE, raw, 0.8), ExactTilt.of(BASE, far, 0.8), 1e-12);
    assertArrayEquals(BASE, ExactTilt.of(BASE, near, 0.8), 1e-12);
  }
}
