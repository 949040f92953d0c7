package dev.goodhart.lab.bandit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.lab.bandit.Comparisons.Pair;
import dev.goodhart.run.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BanditTest {
  private static final Bandit HAND =
      new Bandit(
          new double[][] {{0.5, 0.5}, {0.25, 0.75}},
          new double[][] {{0, 1}, {4, 0}},
          new double[][] {{0, Math.log(3)}, {0, 0}});

  @Test
  void expectationsDivergencesAndRegretByHand() {
    double[][] optimum = HAND.optimum(HAND.proxy(), 1);
    assertArrayEquals(new double[] {0.25, 0.75}, optimum[0], 1e-15);
    assertArrayEquals(new double[] {0.25, 0.75}, optimum[1], 1e-15);
    assertEquals((0.75 + 1) / 2, HAND.gold(optimum), 1e-15);
    assertEquals(0.75 * Math.log(3) / 2, HAND.proxy(optimum), 1e-15);
    double kl = 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5);
    assertEquals(kl / 2, HAND.kl(optimum), 1e-15);
    assertEquals((0.25 + 3) / 2, HAND.regret(optimum), 1e-15);
    // the optimum is worth beta log Z: log(0.5 + 1.5) and log 1
    assertEquals(Math.log(2) / 2, HAND.value(optimum, HAND.proxy(), 1), 1e-15);
    // the proxy's best of two: 3/4; where it ties the base policy stays
    assertEquals((0.75 + 1) / 2, HAND.gold(HAND.bestOfN(HAND.proxy(), 2)), 1e-15);
  }

  @Test
  void theGradientIsTheDifferenceQuotient() {
    Bandit bandit = BanditWorld.DEFAULT.draw(new Seeds(3));
    var policy = new TablePolicy(noise(bandit, new SplittableRandom(4)));
    double[][] exact = bandit.gradient(policy.probabilities(), bandit.proxy(), 0.3);
    double h = 1e-5;
    for (int x = 0; x < 3; x++) {
      for (int y = 0; y < bandit.responses(x); y++) {
        double[][] up = policy.logits();
        up[x][y] += h;
        double[][] down = policy.logits();
        down[x][y] -= h;
        double slope =
            (bandit.value(Softmax.of(up), bandit.proxy(), 0.3)
                    - bandit.value(Softmax.of(down), bandit.proxy(), 0.3))
                / (2 * h);
        assertEquals(slope, exact[x][y], 1e-8);
      }
    }
  }

  /** The reference instrument against itself: gradient ascent arrives at the closed form. */
  @Test
  void climbingTheGradientEndsAtTheTilt() {
    Bandit bandit = BanditWorld.plain(2, 4, 0.5).draw(new Seeds(5));
    TablePolicy policy = TablePolicy.of(bandit.base());
    for (int i = 0; i < 20_000; i++) {
      policy.step(bandit.gradient(policy.probabilities(), bandit.proxy(), 0.5), 4);
    }
    double[][] optimum = bandit.optimum(bandit.proxy(), 0.5);
    for (int x = 0; x < bandit.prompts(); x++) {
      assertArrayEquals(optimum[x], policy.probabilities()[x], 1e-7);
    }
  }

  /** REINFORCE on draws has the exact gradient as its mean. */
  @Test
  void sampledGradientsAverageToTheExactOne() {
    Bandit bandit = BanditWorld.plain(1, 5, 0.5).draw(new Seeds(6));
    TablePolicy policy = TablePolicy.of(bandit.base());
    double[] exact = bandit.gradient(policy.probabilities(), bandit.gold(), 0)[0];
    double[] mean = new double[5];
    SplittableRandom random = new SplittableRandom(7);
    int draws = 400_000;
    for (int i = 0; i < draws; i++) {
      int y = policy.draw(0, random);
      double[] score = Softmax.score(policy.probabilities()[0], y);
      for (int k = 0; k < 5; k++) {
        mean[k] += bandit.gold()[0][y] * score[k] / draws;
      }
    }
    assertArrayEquals(exact, mean, 0.01);
  }

  @Test
  void trapsAreRareHarmfulAndLiked() {
    Bandit bandit = new BanditWorld(200, 10, 1, 0.1, 2, 1, 3, 2, 4).draw(new Seeds(8));
    double rare = 0;
    double harm = 0;
    double lure = 0;
    for (int x = 0; x < 200; x++) {
      rare += bandit.base()[x][9] / 200;
      harm += bandit.gold()[x][9] / 200;
      lure += (bandit.proxy()[x][9] / 2 - bandit.gold()[x][9]) / 200;
    }
    assertTrue(rare < 0.02, "mass " + rare);
    assertEquals(-2, harm, 0.3);
    assertEquals(4, lure, 0.05);
    assertTrue(bandit.gold(bandit.bestOfN(bandit.proxy(), 4096)) < 0, "best of many is a trap");
  }

  @Test
  void aWorldWithoutErrorHasGoldForItsProxy() {
    Bandit bandit = BanditWorld.plain(3, 4, 0).draw(new Seeds(9));
    assertTrue(Arrays.deepEquals(bandit.gold(), bandit.proxy()));
  }

  @Test
  void annotatorsPreferByBradleyAndTerryAndFlip() {
    double[] rewards = {0, 2 * Math.log(3)};
    var annotators = new Comparisons(2, 0.1); // sigmoid(ln 3) = 3/4
    assertEquals(0.9 * 0.75 + 0.1 * 0.25, annotators.probability(rewards, 1, 0), 1e-15);
    assertEquals(
        1, annotators.probability(rewards, 0, 1) + annotators.probability(rewards, 1, 0), 1e-15);
    List<Pair> pairs =
        annotators.draw(
            new double[][] {rewards},
            new double[][] {{0.2, 0.8}},
            100_000,
            new SplittableRandom(1));
    double chosen = pairs.stream().filter(p -> p.chosen() == 1).count() / 1e5;
    assertEquals(0.7, chosen, 0.006);
    assertFalse(pairs.stream().anyMatch(p -> p.chosen() == p.rejected()));
  }

  @Test
  void whatIsNoWorldIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> BanditWorld.plain(0, 4, 0));
    assertThrows(IllegalArgumentException.class, () -> new BanditWorld(1, 3, 1, 0, 1, 3, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Comparisons(1, 0.6));
    assertThrows(
        IllegalArgumentException.class,
        () -> Bandit.of(new double[] {1}, new double[] {1, 2}, new double[] {1}));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Comparisons.CLEAN.draw(
                new double[][] {{0, 1}}, new double[][] {{1, 0}}, 1, new SplittableRandom(1)));
  }

  private static double[][] noise(Bandit bandit, SplittableRandom random) {
    double[][] logits = new double[bandit.prompts()][];
    for (int x = 0; x < logits.length; x++) {
      logits[x] = random.doubles(bandit.responses(x), -1, 1).toArray();
    }
    return logits;
  }
}
