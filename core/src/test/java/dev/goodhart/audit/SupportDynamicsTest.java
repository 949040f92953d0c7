package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class SupportDynamicsTest {
  @Test
  void passAtKByHand() {
    assertEquals(0.5, PassAtK.of(4, 1, 2), 1e-15); // 1 - C(3,2) / C(4,2) = 1 - 3/6
    assertEquals(0.9, PassAtK.of(5, 2, 3), 1e-15); // 1 - C(3,3) / C(5,3) = 1 - 1/10
    assertEquals(1, PassAtK.of(5, 3, 3), 0);
    assertEquals(0, PassAtK.of(5, 0, 5), 0);
    assertEquals(0.75, PassAtK.of(0.5, 2), 1e-15);
    assertEquals(1e-17, PassAtK.of(1e-20, 1000), 1e-30);
    assertEquals(1, PassAtK.of(1.0, 1), 0);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> PassAtK.of(4, 1, 5));
    assertThrows(IllegalArgumentException.class, () -> PassAtK.of(4, 5, 1));
    assertThrows(IllegalArgumentException.class, () -> PassAtK.of(1.5, 1));
    assertThrows(IllegalArgumentException.class, () -> new SupportDynamics(0, 0.05));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SupportDynamics(8, 0.05).chance(new long[] {1}, 15));
  }

  /** E over c ~ Binomial(n, p) of the estimate is 1 - (1 - p)^k. */
  @Property(tries = 100)
  void theEstimateOfPassAtKIsUnbiased(
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 40) int k,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double p) {
    int tries = Math.min(k, n);
    var counts = new BinomialDistribution(n, p);
    double mean = 0;
    for (int c = 0; c <= n; c++) mean += counts.probability(c) * PassAtK.of(n, c, tries);
    assertEquals(1 - Math.pow(1 - p, tries), mean, 1e-10);
  }

  @Test
  void aReachableAnswerIsMissedAsOftenAsWasAskedFor() {
    var support = new SupportDynamics(8192, 0.05);
    assertEquals(0.05, Math.pow(1 - support.threshold(), 8192), 1e-10);
    assertEquals(3.66e-4, support.threshold(), 1e-6); // published: log(20) / 8192
    assertTrue(support.threshold() <= Math.log(20) / 8192);
    assertEquals(0.95, new SupportDynamics(1, 0.05).threshold(), 1e-15); // not log(20) = 3.0
  }

  /** The counts that were published of one model. */
  @Test
  void theRatiosOfThePublishedCounts() {
    var change = new SupportChange(2388, 48, 175, 0);
    assertEquals(0.9317, change.retention().getAsDouble(), 5e-5); // 2388 / 2563
    assertEquals(0.0197, change.discovery().getAsDouble(), 5e-5); // 48 / 2436
    assertEquals(-0.0486, change.net().getAsDouble(), 5e-5); // -127 / 2611
    assertEquals(0.0386, change.harmonic().getAsDouble(), 5e-5); // 2 . 0.9317 . 0.0197 / 0.9514
  }

  @Test
  void ratiosOfNothingAreEmptyAndTwoZerosHaveAHarmonicMean() {
    var nothing = new SupportChange(0, 0, 0, 7);
    assertTrue(nothing.retention().isEmpty() && nothing.net().isEmpty());
    assertTrue(nothing.harmonic().isEmpty());
    // All old ones lost, no old one kept, none new: retention 0, discovery of nothing.
    assertTrue(new SupportChange(0, 0, 3, 0).harmonic().isEmpty());
    var replaced = new SupportChange(0, 2, 3, 0);
    assertEquals(0, replaced.retention().getAsDouble(), 0);
    assertEquals(1, replaced.discovery().getAsDouble(), 0);
    assertEquals(0, replaced.harmonic().getAsDouble(), 0);
    assertEquals(0, new SupportChange(5, 0, 0, 0).harmonic().getAsDouble(), 0);
  }

  @Test
  void answersAndPromptsAreCountedByTheThreshold() {
    var support = new SupportDynamics(2, 0.25); // threshold 1 - 0.25^(1/2) = 0.5
    double[][] before = {{0.5, 0.4, 0.1}, {0.6, 0.4, 0}};
    double[][] after = {{0.4, 0.6, 0}, {0.7, 0.2, 0.1}};
    boolean[][] correct = {{true, true, false}, {true, false, true}};
    assertEquals(new SupportChange(1, 1, 1, 1), support.answers(before, after, correct));
    assertEquals(
        new SupportChange(1, 1, 0, 1),
        support.prompts(new double[] {0.9, 0.4, 0.2}, new double[] {0.9, 0.5, 0.3}));
    assertEquals(
        new SupportChange(1, 1, 2, 1),
        SupportDynamics.seen(new long[] {3, 1, 0, 1, 0}, new long[] {9, 0, 2, 0, 0}));
  }

  /** An answer that half of all sets of draws show seems gained in a quarter of the pairs. */
  @Test
  void chanceByHand() {
    double half = 1 - Math.pow(0.5, 1.0 / 8);
    assertEquals(0.25, new SupportDynamics(8, 0.05).chance(new double[] {half, 0, 1}), 1e-12);
    // 2 draws, 1 of each set; seen once: P(first misses) - P(both miss) = 1/2 - 0.
    assertEquals(0.5, new SupportDynamics(1, 0.05).chance(new long[] {1, 0, 2}, 2), 1e-12);
  }

  @Property(tries = 60)
  void chanceFromDrawsIsUnbiased(
      @ForAll @IntRange(min = 1, max = 10) int draws,
      @ForAll @IntRange(min = 0, max = 20) int more,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double p) {
    var support = new SupportDynamics(draws, 0.05);
    int n = 2 * draws + more;
    var counts = new BinomialDistribution(n, p);
    double mean = 0;
    for (int c = 0; c <= n; c++) {
      mean += counts.probability(c) * support.chance(new long[] {c}, n);
    }
    assertEquals(support.chance(new double[] {p}), mean, 1e-10);
  }

  @Test
  void chanceIsWhatTwoSetsOfDrawsShow() {
    double[] probabilities = {0.001, 0.01, 0.03, 0.1, 0.3};
    var support = new SupportDynamics(64, 0.05);
    var random = new SplittableRandom(1);
    int pairs = 20_000;
    double gained = 0;
    for (int i = 0; i < pairs; i++) {
      for (double p : probabilities) {
        double seen = PassAtK.of(p, 64);
        gained += random.nextDouble() >= seen && random.nextDouble() < seen ? 1 : 0;
      }
    }
    double expected = support.chance(probabilities);
    assertEquals(expected, gained / pairs, 3 * Math.sqrt(expected / pairs));
  }

  @Test
  void answerEntropyByHand() {
    assertEquals(Math.log(2), SupportDynamics.answerEntropy(new long[] {5, 0, 5}), 1e-12);
    assertEquals(0, SupportDynamics.answerEntropy(new long[] {9}), 1e-12);
    assertEquals(
        0.25 * Math.log(4) + 0.75 * Math.log(4.0 / 3),
        SupportDynamics.answerEntropy(new long[] {1, 3}),
        1e-12);
  }

  /** Against the tilted table itself. */
  @Property(tries = 200)
  void theTiltFromOneNumberIsTheTiltOfTheTable(
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed,
      @ForAll @IntRange(min = 2, max = 12) int answers,
      @ForAll @DoubleRange(min = 0.05, max = 20) double tau) {
    var random = new SplittableRandom(seed);
    double[] base = new double[answers];
    double sum = 0;
    for (int y = 0; y < answers; y++) {
      base[y] = Math.exp(3 * random.nextGaussian());
      sum += base[y];
    }
    int right = 1 + random.nextInt(answers - 1);
    double p = 0;
    double z = 0;
    for (int y = 0; y < answers; y++) {
      base[y] /= sum;
      p += y < right ? base[y] : 0;
      z += base[y] * (y < right ? Math.exp(1 / tau) : 1);
    }
    double more = 0;
    double divergence = 0;
    double entropy = 0;
    double[] within = new double[2];
    for (int y = 0; y < answers; y++) {
      double tilted = base[y] * (y < right ? Math.exp(1 / tau) : 1) / z;
      more += y < right ? tilted : 0;
      divergence += tilted * Math.log(tilted / base[y]);
      entropy -= tilted * Math.log(tilted);
      double share = base[y] / (y < right ? p : 1 - p);
      within[y < right ? 0 : 1] -= share * Math.log(share);
    }
    var tilt = new VerifiableTilt(p);
    assertEquals(more, tilt.correct(tau), 1e-10);
    assertEquals(divergence, tilt.divergence(tau), 1e-10 * Math.max(1, divergence));
    assertEquals(entropy, tilt.entropy(tau, within[0], within[1]), 1e-9);
    assertTrue(tilt.divergence(tau) <= -Math.log(p) + 1e-12);
    if (more < 1 - 1e-9) assertEquals(tau, tilt.tau(more), 1e-6 * tau);
  }

  @Test
  void withoutAPenaltyNothingButRightAnswersIsLeft() {
    var tilt = new VerifiableTilt(0.01);
    assertEquals(1, tilt.correct(1e-9), 0);
    assertEquals(-Math.log(0.01), tilt.divergence(1e-9), 1e-12);
    assertEquals(0.01, tilt.correct(1e12), 1e-12);
    assertEquals(0, tilt.divergence(1e6), 1e-12);
    // Odds 1 : 99 times e^(1/tau) = 99 make even odds.
    assertEquals(0.5, tilt.correct(1 / Math.log(99)), 1e-12);
  }

  /** Four right answers, one wrong one: entropy rises until logit pi(C) = log 4, then falls. */
  @Test
  void tiltingRaisesTheEntropyWhereRightAnswersAreMoreSpreadOut() {
    double right = Math.log(4);
    assertEquals(0.8, VerifiableTilt.entropyPeak(right, 0), 1e-12);
    var tilt = new VerifiableTilt(0.2);
    double before = tilt.entropy(1e9, right, 0);
    double peak = tilt.entropy(tilt.tau(0.8), right, 0);
    assertEquals(Math.log(5), peak, 1e-12); // all five equally likely
    assertTrue(tilt.entropy(tilt.tau(0.79), right, 0) < peak);
    assertTrue(tilt.entropy(tilt.tau(0.81), right, 0) < peak);
    assertTrue(tilt.entropy(1e-9, right, 0) > before); // log 4 above h(0.2) + 0.2 log 4
  }
}
