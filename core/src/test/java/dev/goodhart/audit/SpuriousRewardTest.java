package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.SpuriousReward.Deviation;
import dev.goodhart.audit.SpuriousReward.Step;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SpuriousRewardTest {
  private static final double[] PEAKED = {0.9, 0.025, 0.025, 0.025, 0.025};
  private static final double[] UNIFORM = {0.2, 0.2, 0.2, 0.2, 0.2};

  private static SpuriousReward coins(int group, Deviation deviation) {
    return new SpuriousReward(group, deviation, 0.5);
  }

  private static double[] advantages(int rewards, int group, Deviation deviation) {
    double mean = (double) Integer.bitCount(rewards) / group;
    int divisor = deviation == Deviation.SAMPLE ? group - 1 : group;
    double std = Math.sqrt(group * mean * (1 - mean) / divisor);
    double[] advantages = new double[group];
    for (int i = 0; i < group && std > 0; i++) {
      advantages[i] = ((rewards >> i & 1) - mean) / std;
    }
    return advantages;
  }

  /** Over all 2^G rewards of a group. */
  @Property(tries = 40)
  void momentsAndBoundAreThoseOfAllGroups(
      @ForAll @IntRange(min = 2, max = 10) int group,
      @ForAll Deviation deviation,
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double share) {
    double square = 0;
    double cube = 0;
    double most = 0;
    for (int rewards = 0; rewards < 1 << group; rewards++) {
      double a = advantages(rewards, group, deviation)[0];
      int ones = Integer.bitCount(rewards);
      square += Math.pow(share, ones) * Math.pow(1 - share, group - ones) * a * a;
      cube += a * a * a;
      most = Math.max(most, Math.abs(a));
    }
    var spurious = new SpuriousReward(group, deviation, share);
    assertEquals(square, spurious.secondMoment(), 1e-9);
    assertEquals(most, spurious.bound(), 1e-9);
    assertEquals(0, cube / (1 << group), 1e-9); // fair coins: every odd moment is 0
  }

  @Test
  void theBoundByHand() {
    assertEquals(3.75, coins(16, Deviation.SAMPLE).bound(), 1e-12); // 4 - 1/4
    assertEquals(Math.sqrt(15), coins(16, Deviation.POPULATION).bound(), 1e-12);
    assertEquals(0.5, coins(2, Deviation.POPULATION).secondMoment(), 1e-12); // half are flat
  }

  /**
   * The expectation over every outcome of a group of four, G = 4 and K = 3: 16 rewards times 81
   * draws. What is left beyond the formula shrinks with the fourth power of the step.
   */
  @Test
  void theEntropyChangeIsExactToFourthOrder() {
    double[] policy = {0.6, 0.3, 0.1};
    for (Step step : Step.values()) {
      for (Deviation deviation : Deviation.values()) {
        double[] left = new double[2];
        double[] etas = {0.1, 0.05};
        for (int e = 0; e < 2; e++) {
          double formula = coins(4, deviation).entropyChange(policy, etas[e], step);
          double exact = enumerated(policy, 4, deviation, etas[e], step);
          left[e] = exact - formula;
          assertTrue(Math.abs(left[e]) < 0.05 * Math.abs(formula), step + " " + left[e]);
        }
        assertEquals(16, left[0] / left[1], 1.5, step + " " + deviation);
      }
    }
  }

  private static double enumerated(
      double[] policy, int group, Deviation deviation, double eta, Step step) {
    int k = policy.length;
    int outcomes = (int) Math.pow(k, group);
    double expected = 0;
    for (int rewards = 0; rewards < 1 << group; rewards++) {
      double[] advantages = advantages(rewards, group, deviation);
      for (int draw = 0; draw < outcomes; draw++) {
        double probability = Math.pow(0.5, group);
        double[] x = new double[k];
        for (int i = 0, rest = draw; i < group; i++, rest /= k) {
          int a = rest % k;
          probability *= policy[a];
          x[a] += advantages[i] / group / (step == Step.ON_LOGITS ? 1 : policy[a]);
        }
        expected += probability * (entropy(moved(policy, x, eta)) - entropy(policy));
      }
    }
    return expected;
  }

  private static double[] moved(double[] policy, double[] x, double eta) {
    double[] moved = new double[policy.length];
    Arrays.setAll(moved, a -> policy[a] * Math.exp(eta * x[a]));
    double z = Arrays.stream(moved).sum();
    return Arrays.stream(moved).map(p -> p / z).toArray();
  }

  private static double entropy(double[] policy) {
    return -Arrays.stream(policy).map(p -> p * Math.log(p)).sum();
  }

  /** 100,000 draws with the term of first order, whose mean is 0, taken out. */
  @Test
  void coinsLowerTheEntropyOfAFlatPolicyAndRaiseThatOfAPeakedOne() {
    var spurious = coins(16, Deviation.POPULATION);
    double eta = 0.02;
    for (double[] policy : List.of(UNIFORM, PEAKED)) {
      var random = new SplittableRandom(7);
      int draws = 100_000;
      double sum = 0;
      double squares = 0;
      for (int d = 0; d < draws; d++) {
        double[] advantages = advantages(random.nextInt(1 << 16), 16, Deviation.POPULATION);
        double[] x = new double[policy.length];
        for (double advantage : advantages) {
          double u = random.nextDouble();
          int a = 0;
          while (a < policy.length - 1 && u >= policy[a]) u -= policy[a++];
          x[a] += advantage / 16 / policy[a];
        }
        double first = 0;
        for (int a = 0; a < policy.length; a++) {
          first -= eta * policy[a] * x[a] * Math.log(policy[a]); // mean of x under pi is 0
        }
        double change = entropy(moved(policy, x, eta)) - entropy(policy) - first;
        sum += change;
        squares += change * change;
      }
      double mean = sum / draws;
      double error = Math.sqrt((squares / draws - mean * mean) / draws);
      double formula = spurious.entropyChange(policy, eta, Step.IMPORTANCE_WEIGHTED);
      assertEquals(formula, mean, 3 * error);
      assertEquals(policy[0] < 0.5 ? -1 : 1, Math.signum(formula), 0);
      assertTrue(Math.abs(mean) > 3 * error);
    }
  }

  /** Uniform over K: the sum of log pi + H is 0, and K - 1 remains. */
  @Test
  void theCurvatureOfAUniformPolicyByHand() {
    assertEquals(4, SpuriousReward.curvature(UNIFORM, Step.IMPORTANCE_WEIGHTED), 1e-12);
    // s2 = 1/5, s3 = 1/25: 1/5 - 2/25 + 1/25 = 4/25
    assertEquals(0.16, SpuriousReward.curvature(UNIFORM, Step.ON_LOGITS), 1e-12);
    assertThrows(
        IllegalArgumentException.class,
        () -> SpuriousReward.curvature(new double[] {1, 0}, Step.ON_LOGITS));
  }

  /** Over all 2^6 coins of a group of six, for each number of right responses. */
  @Test
  void misalignmentIsThatOfAllCoins() {
    int group = 6;
    var spurious = new SpuriousReward(group, Deviation.SAMPLE, 0.3);
    for (int correct = 0; correct <= group; correct++) {
      double mean = 0;
      double squares = 0;
      for (int rewards = 0; rewards < 1 << group; rewards++) {
        int ones = Integer.bitCount(rewards);
        double weight = Math.pow(0.3, ones) * Math.pow(0.7, group - ones);
        double truth = correct * (1 - (double) correct / group);
        double coin =
            Integer.bitCount(rewards & ((1 << correct) - 1)) - correct * (double) ones / group;
        mean += weight * (truth - coin);
        squares += weight * (truth - coin) * (truth - coin);
      }
      assertEquals(mean, spurious.misalignment(correct), 1e-12);
      assertEquals(squares - mean * mean, spurious.misalignmentVariance(correct), 1e-12);
    }
    assertEquals(4, coins(16, Deviation.SAMPLE).misalignment(8), 1e-12); // 8 . 8 / 16
    assertEquals(1, coins(16, Deviation.SAMPLE).misalignmentVariance(8), 1e-12); // a quarter
    assertEquals(0, coins(16, Deviation.SAMPLE).misalignment(16), 0);
  }

  @Test
  void misalignmentOfAnAccuracyIsTheBinomialMean() {
    // G = 2, p = 1/2: c = 1 in half of the groups, c (G - c) / G = 1/2 there.
    assertEquals(0.25, coins(2, Deviation.SAMPLE).misalignment(0.5), 1e-12);
    assertEquals(0, coins(16, Deviation.SAMPLE).misalignment(1.0), 0);
  }

  @Test
  void entropyDescentIsTheGradientByDifferences() {
    double[] logits = {0.3, -1.2, 0.9, 0};
    double[] descent = SpuriousReward.entropyDescent(softmax(logits));
    for (int a = 0; a < logits.length; a++) {
      double[] up = logits.clone();
      double[] down = logits.clone();
      up[a] += 1e-5;
      down[a] -= 1e-5;
      assertEquals(
          -(entropy(softmax(up)) - entropy(softmax(down))) / 2e-5, descent[a], 1e-8, "" + a);
    }
    assertArrayEquals(new double[3], SpuriousReward.entropyDescent(new double[] {1, 0, 0}), 0);
  }

  private static double[] softmax(double[] logits) {
    double z = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(l -> Math.exp(l) / z).toArray();
  }

  @Test
  void clipCorrectionsByHand() {
    double[] ratios = {1.5, 1.5, 0.5, 0.5, 1.1};
    double[] advantages = {2, -1, -1, 1, 1};
    var clip = ClipCorrection.of(ratios, advantages, 0.2, 0.28);
    assertEquals(3 - 1.5 - 0.5 + 0.5 + 1.1, clip.raw(), 1e-12);
    assertEquals((1.28 - 1.5) * 2, clip.upper(), 1e-12); // a ratio of 1.5 with A < 0 is not clipped
    assertEquals((0.8 - 0.5) * -1, clip.lower(), 1e-12);
    assertEquals(0.4, clip.activation(), 1e-12);
    assertEquals(clip.raw() / 0.44, ClipCorrection.dominance(List.of(clip)), 1e-9);
    var none = ClipCorrection.of(new double[] {1, 1}, new double[] {1, -1}, 0.2, 0.2);
    assertEquals(Double.POSITIVE_INFINITY, ClipCorrection.dominance(List.of(none)), 0);
  }

  @Property(tries = 200)
  void rawAndCorrectionsAreTheClippedSurrogate(
      @ForAll @DoubleRange(min = 0.01, max = 5) double ratio,
      @ForAll @DoubleRange(min = -3, max = 3) double advantage,
      @ForAll @DoubleRange(min = 0, max = 1) double low,
      @ForAll @DoubleRange(min = 0, max = 2) double high) {
    double surrogate =
        Math.min(ratio * advantage, Math.clamp(ratio, 1 - low, 1 + high) * advantage);
    var clip = ClipCorrection.of(new double[] {ratio}, new double[] {advantage}, low, high);
    assertEquals(surrogate, clip.surrogate(), 1e-12);
    assertTrue(clip.upper() <= 0 && clip.lower() <= 0);
  }
}
