package dev.goodhart.audit.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.transform.LogSigmoidCentred;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TiltTest {
  private static final double[] BASE = {0.5, 0.3, 0.2};

  @Test
  void aTiltByHand() {
    // weights 0.5, 0.3 * 2, 0.2 * 4 of sum 1.9
    double[] policy = Tilt.of(BASE, new double[] {0, Math.log(2), Math.log(4)}, 1);
    assertArrayEquals(new double[] {0.5 / 1.9, 0.6 / 1.9, 0.8 / 1.9}, policy, 1e-12);
    double kl = (0.6 * Math.log(2) + 0.8 * Math.log(4)) / 1.9 - Math.log(1.9);
    assertEquals(kl, Divergence.kl(policy, BASE), 1e-12);
  }

  @Test
  void noStrengthIsTheBasePolicy() {
    assertArrayEquals(BASE, Tilt.of(BASE, new double[] {9, -3, 1}, 0), 1e-12);
  }

  /** No other policy at the same divergence earns more: the property that makes it the optimum. */
  @Test
  void noPolicyOfTheSameDivergenceEarnsMore() {
    double[] utilities = {0.3, -1, 2};
    double[] best = Tilt.of(BASE, utilities, 0.7);
    var random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      double[] other = new double[3];
      Arrays.setAll(other, y -> -Math.log(1 - random.nextDouble()));
      double sum = Arrays.stream(other).sum();
      double[] policy = Arrays.stream(other).map(p -> p / sum).toArray();
      if (Divergence.kl(policy, BASE) <= Divergence.kl(best, BASE)) {
        assertTrue(Tilt.mean(policy, utilities) <= Tilt.mean(best, utilities) + 1e-12);
      }
    }
  }

  @Test
  void bisectionFindsTheWantedMeanDivergence() {
    double[][] bases = {BASE, {0.2, 0.2, 0.6}};
    double[][] utilities = {{1, 2, 3}, {5, 0, -1}};
    double[][] policies = Tilt.atKl(bases, utilities, 0.4);
    double mean = (Divergence.kl(policies[0], bases[0]) + Divergence.kl(policies[1], bases[1])) / 2;
    assertEquals(0.4, mean, 1e-9);
  }

  @Test
  void aDivergenceThatNoTiltReachesIsRefused() {
    double[][] flat = {{1, 1, 1}};
    assertThrows(IllegalArgumentException.class, () -> Tilt.atKl(new double[][] {BASE}, flat, 0.1));
  }

  /** Far below its reference LSC is linear, far above it is flat. */
  @Test
  void lscWithAFarReferenceIsTheRawRewardOrNothing() {
    var lsc = new LogSigmoidCentred(0.85, 1);
    double[] raw = {0.3, -1, 2};
    double[] far = Arrays.stream(raw).map(r -> lsc.of(r, new double[] {60})).toArray();
    double[] near = Arrays.stream(raw).map(r -> lsc.of(r, new double[] {-60})).toArray();
    assertArrayEquals(Tilt.of(BASE, raw, 0.8), Tilt.of(BASE, far, 0.8), 1e-12);
    assertArrayEquals(BASE, Tilt.of(BASE, near, 0.8), 1e-12);
  }
}
