package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.CapabilityBoundary.Kind;
import dev.goodhart.audit.CapabilityBoundary.Stage;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MassFlowTest {
  private static final double[] REWARDS = {0, 0.6, 1};
  private static final double[] LOGITS = {1, 1.6, -2};

  private static double[] softmax(double[] logits) {
    double z = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(l -> Math.exp(l) / z).toArray();
  }

  @Test
  void oneDrawByHand() {
    var flow = new MassFlow(0.1, 1);
    double[] policy = {0.5, 0.3, 0.2};
    assertArrayEquals(new double[] {-0.1, 0.14, -0.04}, flow.update(policy, 1, 2), 1e-12);
    assertArrayEquals(new double[] {0.05, -0.07, 0.02}, flow.update(policy, 1, -1), 1e-12);
  }

  /** One draw against d log pi(y) / d logits, the expectation against d E[r] / d logits. */
  @Test
  void updatesAreGradientsByDifferences() {
    var flow = new MassFlow(1, 1);
    double[] policy = softmax(LOGITS);
    for (int k = 0; k < 3; k++) {
      double[] up = LOGITS.clone();
      double[] down = LOGITS.clone();
      up[k] += 1e-5;
      down[k] -= 1e-5;
      double[] above = softmax(up);
      double[] below = softmax(down);
      double value = 0;
      for (int j = 0; j < 3; j++) {
        double slope = (Math.log(above[j]) - Math.log(below[j])) / 2e-5;
        assertEquals(slope, flow.update(policy, j, 1)[k], 1e-6);
        value += REWARDS[j] * (above[j] - below[j]) / 2e-5;
      }
      assertEquals(value, flow.expected(policy, REWARDS)[k], 1e-6);
    }
  }

  /** 100,000 groups of four, centred and normalised. */
  @Test
  void expectationsAreThoseOfDraws() {
    var flow = new MassFlow(1, 4);
    double[] policy = {0.55, 0.35, 0.1};
    var random = new SplittableRandom(5);
    int groups = 100_000;
    double[][] sums = new double[4][3];
    for (int g = 0; g < groups; g++) {
      int[] drawn = new int[4];
      double mean = 0;
      for (int i = 0; i < 4; i++) {
        double u = random.nextDouble();
        drawn[i] = u < 0.55 ? 0 : u < 0.9 ? 1 : 2;
        mean += REWARDS[drawn[i]] / 4;
      }
      double squares = 0;
      for (int y : drawn) squares += (REWARDS[y] - mean) * (REWARDS[y] - mean);
      double deviation = Math.sqrt(squares / 3);
      for (int k = 0; k < 3; k++) {
        double centred = 0;
        for (int y : drawn) centred += (REWARDS[y] - mean) * ((y == k ? 1 : 0) - policy[k]) / 4;
        double normalised = deviation < 1e-9 ? 0 : centred / deviation;
        sums[0][k] += centred;
        sums[1][k] += centred * centred;
        sums[2][k] += normalised;
        sums[3][k] += normalised * normalised;
      }
    }
    double[][] expected = {
      flow.expected(policy, REWARDS), flow.expectedNormalised(policy, REWARDS)
    };
    for (int k = 0; k < 3; k++) {
      for (int n = 0; n < 2; n++) {
        double mean = sums[2 * n][k] / groups;
        double error = Math.sqrt((sums[2 * n + 1][k] / groups - mean * mean) / groups);
        assertEquals(expected[n][k], mean, 3.5 * error, n + " " + k);
      }
    }
  }

  /** Two answers, two draws: they part in 2 p (1 - p) of the groups, with A = +-1/sqrt 2. */
  @Test
  void normalisedByHand() {
    double[] change = new MassFlow(1, 2).expectedNormalised(new double[] {0.3, 0.7}, REWARDS2);
    assertEquals(0.42 / Math.sqrt(2) / 2, change[1], 1e-12);
    assertEquals(-change[1], change[0], 1e-12);
    double[] many = new double[40];
    Arrays.fill(many, 1.0 / 40);
    assertThrows(
        IllegalArgumentException.class, () -> new MassFlow(1, 16).expectedNormalised(many, many));
  }

  private static final double[] REWARDS2 = {0, 1};

  /** The best answer has the highest reward of all, and yet loses mass, until it is common. */
  @Test
  void theRareBestAnswerFallsFirst() {
    var flow = new MassFlow(0.05, 8);
    double[] policy = softmax(LOGITS);
    assertEquals(0.017, policy[2], 5e-4);
    double[] growth = MassFlow.growth(policy, flow.expected(policy, REWARDS));
    assertTrue(growth[1] > 0 && growth[0] < 0 && growth[2] < 0, Arrays.toString(growth));

    double[] later = {0.02, 0.9, 0.08};
    growth = MassFlow.growth(later, flow.expected(later, REWARDS));
    assertTrue(growth[2] > 0 && growth[1] < growth[2], Arrays.toString(growth));
  }

  /** The rule: pi_k (r_k - mean) against sum pi² (r - mean), and to first order what happens. */
  @Property(tries = 200)
  void growthIsTheChangeOfTheLogProbability(
      @ForAll @IntRange(min = 0, max = 100_000) int seed,
      @ForAll @DoubleRange(min = -1, max = 1) double reward) {
    var random = new SplittableRandom(seed);
    double[] logits = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
    double[] rewards = {reward, 0.5, 0};
    double[] policy = softmax(logits);
    double[] change = new MassFlow(1e-5, 1).expected(policy, rewards);
    double[] moved =
        softmax(new double[] {logits[0] + change[0], logits[1] + change[1], logits[2] + change[2]});
    double[] growth = MassFlow.growth(policy, change);
    double mean = 0;
    double squares = 0;
    for (int k = 0; k < 3; k++) mean += policy[k] * rewards[k];
    for (int k = 0; k < 3; k++) squares += policy[k] * policy[k] * (rewards[k] - mean);
    for (int k = 0; k < 3; k++) {
      assertEquals(Math.log(moved[k] / policy[k]), growth[k], 1e-9);
      assertEquals(1e-5 * (policy[k] * (rewards[k] - mean) - squares), growth[k], 1e-15);
    }
  }

  @Test
  void answersAreToldApartAndCheckpointsLabelled() {
    Kind[] kinds =
        CapabilityBoundary.kinds(
            new double[] {0.6, 0.3, 0.05, 0.05}, new double[] {0.2, 0.6, 1, 0.1}, 0.1);
    assertArrayEquals(new Kind[] {Kind.LOW, Kind.HIGH, Kind.POTENTIAL, Kind.LOW}, kinds);
    var start = CapabilityBoundary.of(new double[] {0.6, 0.3, 0.05, 0.05}, kinds);
    assertEquals(new CapabilityBoundary(0.3, 0.65, 0.05).low(), start.low(), 1e-12);
    var narrow = new CapabilityBoundary(0.95, 0.04, 0.01);
    var wide = new CapabilityBoundary(0.3, 0, 0.7);
    assertEquals(Stage.EXPLOITATION, narrow.since(start, 0.005));
    assertEquals(Stage.EXPLORATION, wide.since(narrow, 0.005));
    assertEquals(Stage.SETTLED, wide.since(wide, 0));
    // Rewards of 0 and 1: a rare right answer is potential, a frequent one high.
    assertArrayEquals(
        new Kind[] {Kind.HIGH, Kind.POTENTIAL, Kind.LOW},
        CapabilityBoundary.kinds(new double[] {0.5, 0.01, 0.49}, new double[] {1, 1, 0}, 0.1));
  }
}
