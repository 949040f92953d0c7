package dev.goodhart.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PolicyObjectiveTest {
  private static final double LN2 = Math.log(2);

  /** Ratios of 1, 2, 2, ½ and ½ with advantages of both signs. */
  private static final Batches RATIOS =
      Batches.of(
          new double[] {-1, -1 + LN2, -1 + LN2, -1 - LN2, -1 - LN2},
          new double[] {-1, -1, -1, -1, -1},
          new double[] {3, 3, -3, 3, -3});

  @Test
  void reinforceCostsTheLogProbabilityTimesTheAdvantage() {
    var outcome = RATIOS.of(new PolicyGradient(0)::of);

    assertArrayEquals(
        new double[] {3, 3 * (1 - LN2), -3 * (1 - LN2), 3 * (1 + LN2), -3 * (1 + LN2)},
        outcome.cost(),
        1e-15);
    assertArrayEquals(new double[] {-3, -3, 3, -3, 3}, outcome.gradient(), 1e-15);
  }

  @Test
  void aTruncatedImportanceWeightIsHeldFixed() {
    // Weights 1, 1.5 (of 2), 1.5, ½, ½.
    var outcome = RATIOS.of(new PolicyGradient(1.5)::of);

    assertArrayEquals(new double[] {-3, -4.5, 4.5, -1.5, 1.5}, outcome.gradient(), 1e-14);
    assertArrayEquals(new double[] {0, 1, 1, 0, 0}, outcome.also("truncated-share"));
  }

  @Test
  void theClipStopsWhatGoesOnInItsDirectionAndNothingElse() {
    // min(ratio · A, clip · A): 3; 3.6 (clipped); −6; 1.5; −2.4 (clipped).
    var outcome = RATIOS.of(new PpoClip(0.2, 0.2, 0)::of);

    assertArrayEquals(new double[] {-3, -3.6, 6, -1.5, 2.4}, outcome.cost(), 1e-14);
    assertArrayEquals(new double[] {-3, 0, 6, -1.5, 0}, outcome.gradient(), 1e-14);
    assertArrayEquals(new double[] {0, 1, 0, 0, 1}, outcome.also("clip-share"));
  }

  @Test
  void clipHigherLeavesRisingTokensMoreRoom() {
    var outcome = RATIOS.of(new PpoClip(0.2, 1.1, 0)::of);

    assertArrayEquals(new double[] {-3, -6, 6, -1.5, 0}, outcome.gradient(), 1e-14);
  }

  @Test
  void theDualClipBoundsABadTokenThatBecameLikely() {
    // −A · 1.5 = 4.5 instead of 6.
    var outcome = RATIOS.of(new PpoClip(0.2, 0.2, 1.5)::of);

    assertArrayEquals(new double[] {-3, -3.6, 4.5, -1.5, 2.4}, outcome.cost(), 1e-14);
    assertArrayEquals(new double[] {-3, 0, 0, -1.5, 0}, outcome.gradient(), 1e-14);
  }

  @Test
  void cispoClipsTheWeightAndGoesOnTeaching() {
    // Weights 1, 1.2, 1.2, 0.8, 0.8.
    var both = RATIOS.of(new Cispo(0.2, 0.2)::of);
    // No lower bound: ½ stays ½, 2 stays below 5.
    var wide = RATIOS.of(new Cispo(1, 4)::of);

    assertArrayEquals(new double[] {-3, -3.6, 3.6, -2.4, 2.4}, both.gradient(), 1e-14);
    assertArrayEquals(new double[] {0, 1, 1, 1, 1}, both.also("clip-share"));
    assertArrayEquals(new double[] {-3, -6, 6, -1.5, 1.5}, wide.gradient(), 1e-14);
    assertArrayEquals(new double[5], wide.also("clip-share"));
  }

  /** Two responses of 2 and 3 tokens; an independent GSPO over arrays. */
  @Test
  void gspoIsTheLengthNormalisedRatioOfTheResponse() {
    Random random = new Random(7);
    for (int round = 0; round < 20; round++) {
      double[] old = random.doubles(5, -3, -0.1).toArray();
      double[] now = Arrays.stream(old).map(x -> x + random.nextDouble(-0.2, 0.2)).toArray();
      double[] a = {random.nextDouble(-2, 2), random.nextDouble(-2, 2)};
      int[] lengths = {2, 3};
      Batches batch =
          Batches.of(now, old, new double[] {a[0], a[0], a[1], a[1], a[1]})
              .withLengths(lengths)
              .withWeight(1 / 4.0, 1 / 4.0, 1 / 6.0, 1 / 6.0, 1 / 6.0);
      Gspo gspo = new Gspo(0.03, 0.05);

      assertEquals(plainGspo(now, old, a, 0.03, 0.05), batch.loss(gspo::of, now), 1e-14);
      double[] slopes = Chain.derivative(x -> plainGspo(x, old, a, 0.03, 0.05), now);
      assertArrayEquals(slopes, batch.of(gspo::of).gradient(), 1e-9);
    }
  }

  private static double plainGspo(double[] now, double[] old, double[] a, double low, double high) {
    double first = Math.exp((now[0] - old[0] + now[1] - old[1]) / 2);
    double second = Math.exp((now[2] - old[2] + now[3] - old[3] + now[4] - old[4]) / 3);
    return (surrogate(first, a[0], low, high) + surrogate(second, a[1], low, high)) / 2;
  }

  private static double surrogate(double ratio, double a, double low, double high) {
    return -Math.min(ratio * a, Math.clamp(ratio, 1 - low, 1 + high) * a);
  }

  @Test
  void atTheFirstStepAllHaveTheGradientOfThePolicy() {
    double[] log = {-0.5, -1, -2, -0.1};
    Batches batch =
        Batches.of(log, log, new double[] {1, 1, -2, -2})
            .withLengths(2, 2)
            .withWeight(0.25, 0.25, 0.25, 0.25);
    double[] expected = {-0.25, -0.25, 0.5, 0.5};

    for (PolicyObjective objective :
        new PolicyObjective[] {
          new PolicyGradient(0),
          new PolicyGradient(2),
          new PpoClip(0.2, 0.2, 0),
          new Cispo(1, 4),
          new Gspo(3e-4, 4e-4),
          new ClipCov(0.2, 0.2, 0.5, 100, 200, 0)
        }) {
      assertArrayEquals(expected, batch.of(objective::of).gradient(), 1e-14, objective.toString());
    }
  }

  @Test
  void ratiosWithoutBoundNeitherOverflowNorPoisonTheLoss() {
    Batches batch = Batches.of(new double[] {0, -1}, new double[] {-2000, -1}, new double[] {0, 1});

    for (PolicyObjective objective :
        new PolicyObjective[] {
          new PolicyGradient(2), new PpoClip(0.2, 0.2, 3), new Cispo(1, 4), new Gspo(3e-4, 4e-4)
        }) {
      double loss = batch.loss(objective::of, batch.now());
      assertTrue(Double.isFinite(loss), objective + " costs " + loss);
    }
  }

  @Test
  void clipCovLeavesOutTokensOfLargeCovarianceAlone() {
    // now and A centred: cov = 2, 0, 0, 2 with means −2 and 0.
    double[] log = {-1, -2, -2, -3};
    Batches batch = Batches.of(log, log, new double[] {2, 0, 0, -2});

    var one = batch.of(new ClipCov(0.2, 0.2, 0.25, 1, 5, 3)::of);
    var both = batch.of(new ClipCov(0.2, 0.2, 1, 1, 5, 3)::of);

    assertArrayEquals(new double[] {2, 0, 0, 2}, one.also("cov"), 1e-15);
    assertArrayEquals(new double[] {0, 0, 0, 0}, both.gradient(), 1e-15);
    assertArrayEquals(new double[] {1, 0, 0, 1}, both.also("clip-share"));
    assertEquals(1, Arrays.stream(one.also("clip-share")).sum());
    double left = one.gradient()[0] + one.gradient()[3];
    assertEquals(2, Math.abs(left), 1e-15);
    assertArrayEquals(
        one.gradient(), batch.of(new ClipCov(0.2, 0.2, 0.25, 1, 5, 3)::of).gradient(), 0);
  }

  @Test
  void clipCovDrawsOtherTokensWithOtherSeeds() {
    double[] log = {-1, -2, -2, -3};
    Batches batch = Batches.of(log, log, new double[] {2, 0, 0, -2});
    long first = 0;
    for (long seed = 0; seed < 200; seed++) {
      if (batch.of(new ClipCov(0.2, 0.2, 0.25, 1, 5, seed)::of).also("clip-share")[0] == 1) first++;
    }
    // Half of 200, within five deviations of 7.
    assertEquals(100, first, 36);
  }

  @Test
  void aTokenWithoutWeightHasNoPartInTheCovariances() {
    double[] log = {-1, -2, -2, -3, -50};
    Batches batch = Batches.of(log, log, new double[] {2, 0, 0, -2, 99}).withWeight(1, 1, 1, 1, 0);

    assertArrayEquals(
        new double[] {2, 0, 0, 2, 0},
        batch.of(new ClipCov(0.2, 0.2, 0.25, 1, 5, 3)::of).also("cov"),
        1e-15);
  }

  @Test
  void whatMeansNothingIsRefusedByName() {
    assertNamed("low", () -> new PpoClip(1, 0.2, 0));
    assertNamed("dual", () -> new PpoClip(0.2, 0.2, 0.5));
    assertNamed("high", () -> new Gspo(0.1, -1));
    assertNamed("low", () -> new Cispo(1.5, 1));
    assertNamed("truncation", () -> new PolicyGradient(-1));
    assertNamed("ceiling", () -> new ClipCov(0.2, 0.2, 0.1, 5, 1, 0));
    assertNamed("share", () -> new ClipCov(0.2, 0.2, 0, 1, 5, 0));
  }

  private static void assertNamed(String name, Runnable constructor) {
    var e = assertThrows(IllegalArgumentException.class, constructor::run);
    assertTrue(e.getMessage().startsWith(name + " "), e.getMessage());
  }
}
