package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.OptimalFrontier.At;
import dev.goodhart.audit.OptimalFrontier.Gap;
import dev.goodhart.audit.exact.BestOfN;
import dev.goodhart.audit.exact.Divergence;
import dev.goodhart.audit.exact.Tilt;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;

class OptimalFrontierTest {
  private static final double[] BASE = {0.5, 0.3, 0.2};
  private static final double[] REWARDS = {0, 0.37, 1};
  private static final OptimalFrontier FRONTIER =
      new OptimalFrontier(new double[][] {BASE}, new double[][] {REWARDS});

  /** Two responses: at KL D the better one has the p with p log 2p + (1-p) log 2(1-p) = D. */
  @Test
  void aCoinByHand() {
    var coin = OptimalFrontier.sampled(new double[][] {{0, 1}, {5, 6}});
    double kl = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
    At at = coin.at(kl);
    assertEquals(0.75 + 2.5, at.reward(), 1e-9);
    assertEquals(Math.log(3), at.strength(), 1e-7);
    assertEquals(Math.log(2), coin.farthest(), 1e-15);
    assertEquals(0.75 + 2.5, coin.bestOfN(2).reward(), 1e-15);
    assertEquals(kl, coin.bestOfN(2).kl(), 1e-15);
    // a policy there that earns 1/4 less: log 3 / 4 nats from the optimum, itself at half: 0 nats
    Gap gap = coin.gap(3, kl);
    assertEquals(0.25, gap.shortfall(), 1e-9);
    assertEquals(Math.log(3) / 4, gap.fromOptimum(), 1e-7);
    assertEquals(0, gap.needed(), 1e-9);
  }

  /** The constrained optimum by an independent road: a fine grid over the simplex. */
  @Test
  void noPolicyOnAGridEarnsMore() {
    double kl = 0.2;
    double best = 0;
    int steps = 2000;
    for (int i = 0; i <= steps; i++) {
      for (int j = 0; i + j <= steps; j++) {
        double[] policy = {
          (double) i / steps, (double) j / steps, (double) (steps - i - j) / steps
        };
        if (Divergence.kl(policy, BASE) <= kl) {
          best = Math.max(best, Tilt.mean(policy, REWARDS));
        }
      }
    }
    double optimum = FRONTIER.at(kl).reward();
    assertTrue(best <= optimum + 1e-12 && best > optimum - 2e-3, best + " of " + optimum);
  }

  /**
   * The same to 1e-6: along a circle of policies of exactly that divergence, found by bisection
   * from the base outwards in each direction.
   */
  @Test
  void theOptimumOnTheBoundaryOfTheBall() {
    double kl = 0.2;
    double best = 0;
    for (int i = 0; i < 5_000; i++) {
      double angle = 2 * Math.PI * i / 5_000;
      double low = 0;
      double high = 1;
      for (int k = 0; k < 60; k++) {
        double middle = (low + high) / 2;
        double[] policy = away(angle, middle);
        boolean out =
            Arrays.stream(policy).anyMatch(p -> p < 0) || Divergence.kl(policy, BASE) > kl;
        if (out) {
          high = middle;
        } else {
          low = middle;
        }
      }
      best = Math.max(best, Tilt.mean(away(angle, low), REWARDS));
    }
    assertEquals(best, FRONTIER.at(kl).reward(), 1e-6);
  }

  private static double[] away(double angle, double far) {
    double a = far * Math.cos(angle);
    double b = far * Math.sin(angle);
    return new double[] {BASE[0] + a, BASE[1] + b, BASE[2] - a - b};
  }

  @Test
  void theClosenessIdentityHoldsForAnyPolicy() {
    SplittableRandom random = new SplittableRandom(1);
    At at = FRONTIER.at(0.3);
    double[] optimum = Tilt.of(BASE, REWARDS, at.strength());
    for (int i = 0; i < 200; i++) {
      double[] policy = random.doubles(3, 0.01, 1).toArray();
      double sum = Arrays.stream(policy).sum();
      Arrays.setAll(policy, y -> policy[y] / sum);
      double kl = Divergence.kl(policy, BASE);
      double reward = Tilt.mean(policy, REWARDS);
      assertEquals(
          kl - at.kl() + at.strength() * (at.reward() - reward),
          Divergence.kl(policy, optimum),
          1e-9);
      if (kl < FRONTIER.farthest()) { // and at the policy's own divergence, as the gap has it
        At own = FRONTIER.at(kl);
        assertEquals(
            Divergence.kl(policy, Tilt.of(BASE, REWARDS, own.strength())),
            FRONTIER.gap(reward, kl).fromOptimum(),
            1e-7);
      }
    }
  }

  @Test
  void theSameRewardIsToBeHadForLess() {
    At best = FRONTIER.bestOfN(4);
    Gap gap = FRONTIER.gap(best.reward(), best.kl());
    assertTrue(gap.shortfall() > 0 && gap.needed() < best.kl());
    assertEquals(best.reward(), FRONTIER.at(gap.needed()).reward(), 1e-9);
  }

  /** Draws of best-of-5 against the exact law, chi-squared with two degrees of freedom. */
  @Test
  void sampledBestOfNFollowsTheExactLaw() {
    double[] exact = BestOfN.distribution(BASE, REWARDS, 5);
    SplittableRandom random = new SplittableRandom(2);
    int draws = 100_000;
    double[] counts = new double[3];
    for (int i = 0; i < draws; i++) {
      int best = 0;
      for (int k = 0; k < 5; k++) {
        double u = random.nextDouble();
        best = Math.max(best, u < 0.5 ? 0 : u < 0.8 ? 1 : 2);
      }
      counts[best]++;
    }
    double chi = 0;
    for (int y = 0; y < 3; y++) {
      chi += Math.pow(counts[y] - draws * exact[y], 2) / (draws * exact[y]);
    }
    assertTrue(chi < new ChiSquaredDistribution(2).inverseCumulativeProbability(0.999), "" + chi);
  }

  @Test
  void theChartShowsTheFrontierAboveEverything() {
    var chart = FRONTIER.chart(List.of(new At(0.4, 0.4, Double.NaN)));
    assertEquals(3, chart.series().size());
    assertTrue(FRONTIER.finding(0.4, 0.4).says().contains("0.4"));
    assertArrayEquals(
        new double[] {0, 0.3 * 0.37 + 0.2},
        new double[] {FRONTIER.tilt(0).kl(), FRONTIER.tilt(0).reward()},
        1e-15);
  }

  @Test
  void tablesMatchAndTheLimitIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new OptimalFrontier(new double[][] {BASE}, new double[][] {{1}}));
    assertThrows(IllegalArgumentException.class, () -> FRONTIER.at(-Math.log(0.2) + 0.01));
  }
}
