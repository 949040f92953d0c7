package dev.goodhart.audit.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IidTokensTest {
  /** A fair coin of rewards 0 and 1: everything is known. */
  private static final IidTokens COIN = new IidTokens(new double[] {0.5, 0.5}, new double[] {0, 1});

  private static final IidTokens THREE =
      new IidTokens(new double[] {0.5, 0.3, 0.2}, new double[] {0, 0.37, 1});

  /** L(s) = log((1 + e^s)/2), m = sigmoid(s), L*(t) = log 2 - entropy(t). */
  @Test
  void theCoinByHand() {
    double s = Math.log(3);
    assertEquals(Math.log(2), COIN.logPartition(s), 1e-15);
    assertEquals(0.75, COIN.mean(s), 1e-15);
    assertEquals(3 / 16.0, COIN.variance(s), 1e-15);
    double entropy = -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75);
    assertEquals(Math.log(2) - entropy, COIN.kl(s), 1e-14);
    assertEquals(s, COIN.strengthAtMean(0.75), 1e-9);
    assertEquals(-s, COIN.strengthAtMean(0.25), 1e-9);
    assertEquals(s, COIN.strengthAtKl(Math.log(2) - entropy), 1e-7);
    // from the fair coin the rate of t is L*(t); from its own tilt it is 0
    assertEquals(Math.log(2) - entropy, COIN.rate(0.75, 0), 1e-12);
    assertEquals(0, COIN.rate(0.75, s), 1e-12);
  }

  @Test
  void typesOfFourTossesAreBinomial() {
    IidTokens.Types types = COIN.types(4);
    assertArrayEquals(new double[] {0, 1, 2, 3, 4}, types.rewards(), 0);
    assertArrayEquals(
        new double[] {1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0},
        types.probabilities(),
        1e-15);
    assertEquals(Math.log(5 / 16.0), COIN.logTail(0.75, 0, 4), 1e-14);
  }

  @Test
  void typesOfThreeTokensSumToOneAndHaveTheMean() {
    IidTokens.Types types = THREE.types(30);
    assertEquals(32 * 31 / 2, types.rewards().length);
    assertEquals(1, Arrays.stream(types.probabilities()).sum(), 1e-12);
    assertEquals(30 * (0.3 * 0.37 + 0.2), Tilt.mean(types.probabilities(), types.rewards()), 1e-11);
  }

  /** The whole sequence's tilt is the tokens' tilt, n times. */
  @Test
  void theTiltOfASequenceIsThatOfItsTokens() {
    IidTokens.Types types = THREE.types(20);
    double[] base = types.probabilities();
    double[] tilt = Tilt.of(base, types.rewards(), 1.7);
    assertEquals(20 * THREE.mean(1.7), Tilt.mean(tilt, types.rewards()), 1e-10);
    assertEquals(20 * THREE.kl(1.7), Divergence.kl(tilt, base), 1e-10);
    assertEquals(
        20 * THREE.logPartition(1.7), Tilt.logPartition(base, types.rewards(), 1.7), 1e-10);
  }

  /** Scaled cumulants: log E_tilt exp(v r) = n (L(s + v) - L(s)), by brute force over types. */
  @Test
  void cumulantsUnderTheTiltAreDifferencesOfTheLogPartition() {
    IidTokens.Types types = THREE.types(10);
    double[] tilt = Tilt.of(types.probabilities(), types.rewards(), 0.8);
    double sum = 0;
    for (int i = 0; i < tilt.length; i++) {
      sum += tilt[i] * Math.exp(0.5 * types.rewards()[i]);
    }
    assertEquals(10 * (THREE.logPartition(1.3) - THREE.logPartition(0.8)), Math.log(sum), 1e-10);
  }

  /** A reward that is log q makes the log-partition a Renyi cross entropy. */
  @Test
  void aLogLikelihoodForAReward() {
    double[] p = {0.5, 0.3, 0.2};
    double[] q = {0.2, 0.3, 0.5};
    var tokens = new IidTokens(p, Arrays.stream(q).map(Math::log).toArray());
    for (double s : new double[] {0.5, 1, 3}) {
      assertEquals(-s * Divergence.renyiCrossEntropy(p, q, 1 + s), tokens.logPartition(s), 1e-12);
    }
    // order 1: -sum p log q
    double cross = -0.5 * Math.log(0.2) - 0.3 * Math.log(0.3) - 0.2 * Math.log(0.5);
    assertEquals(cross, Divergence.renyiCrossEntropy(p, q, 1), 1e-14);
    assertEquals(cross, Divergence.renyiCrossEntropy(p, q, 1 + 1e-8), 1e-6);
  }

  @Test
  void largeDeviationsAgreeWithExactCounts() {
    int n = 200;
    double s = THREE.strengthAtKl(0.1);
    int close = 0;
    for (double t = THREE.mean(s) + 0.05; t < 0.93; t += 0.02) {
      double exact = -THREE.logTail(t, s, n) / n;
      double rate = THREE.rate(t, s);
      if (rate >= 0.12) {
        assertEquals(1, exact / rate, 0.15, "t " + t);
        assertTrue(exact > rate, "the prefactor makes tails rarer");
      }
      if (n * rate >= 5) {
        assertEquals(1, exact / THREE.refinedRate(t, s, n), 0.02, "t " + t);
        close++;
      }
    }
    assertTrue(close >= 10, close + " thresholds");
  }

  @Test
  void whatHasNoAnswerIsRefused() {
    double[] half = {0.5, 0.5};
    assertThrows(IllegalArgumentException.class, () -> new IidTokens(half, new double[] {1, 1}));
    assertThrows(
        IllegalArgumentException.class,
        () -> new IidTokens(new double[] {1, 0}, new double[] {1, 2}));
    assertThrows(IllegalArgumentException.class, () -> COIN.strengthAtMean(1));
    assertThrows(IllegalArgumentException.class, () -> COIN.refinedRate(0.4, 0, 10));
    assertThrows(IllegalArgumentException.class, () -> THREE.types(3000));
    assertThrows(IllegalArgumentException.class, () -> COIN.strengthAtKl(0.7)); // > log 2
  }
}
