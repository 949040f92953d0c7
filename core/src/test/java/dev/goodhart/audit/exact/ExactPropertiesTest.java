package dev.goodhart.audit.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What must hold of the closed forms for any table. */
class ExactPropertiesTest {
  private static final double[] ORDERS = {0, 0.3, 0.5, 0.9, 1, 1.5, 2, 5, Double.POSITIVE_INFINITY};

  /** Some entries are 0 now and then: that is where definitions break. */
  private static double[] distribution(int m, SplittableRandom random, boolean zeros) {
    double[] p = new double[m];
    double sum = 0;
    for (int y = 0; y < m; y++) {
      p[y] = zeros && random.nextInt(4) == 0 ? 0 : Math.pow(random.nextDouble(), 4) + 1e-9;
      sum += p[y];
    }
    if (sum == 0) {
      p[0] = sum = 1;
    }
    for (int y = 0; y < m; y++) p[y] /= sum;
    return p;
  }

  private static double[] through(double[][] channel, double[] p) {
    double[] out = new double[channel[0].length];
    for (int y = 0; y < p.length; y++) {
      for (int z = 0; z < out.length; z++) out[z] += p[y] * channel[y][z];
    }
    return out;
  }

  private static boolean atMost(double a, double b) {
    return a <= b + 1e-9 * (1 + Math.abs(b)) || b == Double.POSITIVE_INFINITY;
  }

  @Property(tries = 300)
  void divergencesAreNotNegativeAndAreZeroOfEqualDistributions(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int m) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] p = distribution(m, random, true);
    double[] q = distribution(m, random, false);
    double distance = Divergence.totalVariation(p, q);
    assertTrue(distance >= 0 && distance <= 1 + 1e-12);
    assertTrue(Divergence.kl(p, q) >= 2 * distance * distance - 1e-12, "Pinsker");
    assertTrue(atMost(Divergence.kl(p, q), Math.log1p(Divergence.chiSquared(p, q))), "Jensen");
    for (double order : ORDERS) {
      assertTrue(Divergence.renyi(p, q, order) >= 0);
      assertEquals(0, Divergence.renyi(p.clone(), p, order), 1e-12);
    }
    assertEquals(0, Divergence.chiSquared(p.clone(), p));
    assertTrue(Divergence.entropy(p) <= Math.log(m) + 1e-12);
  }

  @Property(tries = 300)
  void noChannelMakesDistributionsEasierToTellApart(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 10) int m,
      @ForAll @IntRange(min = 1, max = 10) int k) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] p = distribution(m, random, true);
    double[] q = distribution(m, random, true);
    double[][] channel = new double[m][];
    Arrays.setAll(channel, y -> distribution(k, random, true));
    double[] pOut = through(channel, p);
    double[] qOut = through(channel, q);
    assertTrue(atMost(Divergence.kl(pOut, qOut), Divergence.kl(p, q)), "KL");
    assertTrue(atMost(Divergence.chiSquared(pOut, qOut), Divergence.chiSquared(p, q)), "chi²");
    assertTrue(
        atMost(Divergence.totalVariation(pOut, qOut), Divergence.totalVariation(p, q)), "TV");
    for (double order : ORDERS) {
      assertTrue(
          atMost(Divergence.renyi(pOut, qOut, order), Divergence.renyi(p, q, order)),
          "Renyi " + order);
    }
  }

  @Property(tries = 300)
  void renyiNeverFallsInItsOrderAndMeetsItsNeighbours(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 12) int m) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] p = distribution(m, random, true);
    double[] q = distribution(m, random, false);
    for (int i = 1; i < ORDERS.length; i++) {
      assertTrue(atMost(Divergence.renyi(p, q, ORDERS[i - 1]), Divergence.renyi(p, q, ORDERS[i])));
    }
    double kl = Divergence.kl(p, q);
    assertEquals(kl, Divergence.renyi(p, q, 1 + 1e-7), 1e-4 * (1 + kl));
    assertEquals(kl, Divergence.renyi(p, q, 1 - 1e-7), 1e-4 * (1 + kl));
    double chi = Math.log1p(Divergence.chiSquared(p, q));
    assertEquals(chi, Divergence.renyi(p, q, 2), 1e-9 * (1 + chi));
    double most = Divergence.renyi(p, q, Double.POSITIVE_INFINITY);
    assertEquals(most, Divergence.renyi(p, q, 1e5), 1e-3 * (1 + most));
  }

  @Property(tries = 200)
  void aStrongerTiltEarnsMoreAndIsFarther(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int m,
      @ForAll @DoubleRange(min = 0, max = 20) double strength,
      @ForAll @DoubleRange(min = 0, max = 20) double more) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] base = distribution(m, random, true);
    double[] utilities = random.doubles(m, -3, 3).toArray();
    double[] weak = Tilt.of(base, utilities, strength);
    double[] strong = Tilt.of(base, utilities, strength + more);
    assertTrue(Tilt.mean(strong, utilities) >= Tilt.mean(weak, utilities) - 1e-12);
    assertTrue(Divergence.kl(strong, base) >= Divergence.kl(weak, base) - 1e-12);
    double kl = strength * Tilt.mean(weak, utilities);
    kl -= Tilt.logPartition(base, utilities, strength);
    assertEquals(kl, Divergence.kl(weak, base), 1e-10);
  }

  /** The identity behind "regret is a divergence": it makes the tilt the only optimum. */
  @Property(tries = 200)
  void whatAPolicyIsMissingIsItsDivergenceFromTheTilt(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int m,
      @ForAll @DoubleRange(min = 0.1, max = 5) double beta) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] base = distribution(m, random, false);
    double[] policy = distribution(m, random, true);
    double[] utilities = random.doubles(m, -3, 3).toArray();
    double best = beta * Tilt.logPartition(base, utilities, 1 / beta);
    double[] tilt = Tilt.of(base, utilities, 1 / beta);
    assertEquals(best, Tilt.value(tilt, base, utilities, beta), 1e-9);
    assertEquals(
        best - Tilt.value(policy, base, utilities, beta),
        Regret.regularised(policy, base, utilities, beta),
        1e-8);
    assertArrayEquals(new double[m], Tilt.gradient(tilt, base, utilities, beta), 1e-9);
    assertTrue(Regret.simple(policy, utilities) >= 0);
  }

  @Property(tries = 200)
  void theTiltAtADivergenceHasItAndNoOffsetMatters(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int m,
      @ForAll @DoubleRange(min = 0.01, max = 0.95) double share) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] base = distribution(m, random, false);
    double[] utilities = random.doubles(m, -3, 3).toArray();
    int best = 0;
    for (int y = 1; y < m; y++) best = utilities[y] > utilities[best] ? y : best;
    double kl = share * -Math.log(base[best]);
    double[] tilt = Tilt.atKl(base, utilities, kl);
    assertEquals(kl, Divergence.kl(tilt, base), 1e-8);
    double[] shifted = Arrays.stream(utilities).map(u -> u + 7).toArray();
    assertArrayEquals(tilt, Tilt.atKl(base, shifted, kl), 1e-6);
  }

  @Property(tries = 200)
  void theGradientIsTheDifferenceQuotient(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 8) int m,
      @ForAll @DoubleRange(min = 0, max = 2) double beta) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] base = distribution(m, random, false);
    double[] utilities = random.doubles(m, -3, 3).toArray();
    double[] logits = random.doubles(m, -2, 2).toArray();
    double[] exact = Tilt.gradient(Softmax.of(logits), base, utilities, beta);
    double h = 1e-5;
    for (int y = 0; y < m; y++) {
      double[] up = logits.clone();
      up[y] += h;
      double[] down = logits.clone();
      down[y] -= h;
      double slope = Tilt.value(Softmax.of(up), base, utilities, beta);
      slope -= Tilt.value(Softmax.of(down), base, utilities, beta);
      assertEquals(slope / (2 * h), exact[y], 1e-6);
    }
  }

  @Property(tries = 200)
  void moreSamplesEarnMoreOfWhatIsChosenByAndTheTiltEarnsMostAtTheSameDistance(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int m,
      @ForAll @DoubleRange(min = 1, max = 500) double n,
      @ForAll @DoubleRange(min = 0, max = 50) double more) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] base = distribution(m, random, false);
    double[] rewards = random.ints(m, 0, 6).asDoubleStream().toArray();
    double[] best = BestOfN.distribution(base, rewards, n);
    assertArrayEquals(base, BestOfN.distribution(base, rewards, 1), 1e-12);
    double earned = Tilt.mean(best, rewards);
    assertTrue(BestOfN.expected(base, rewards, rewards, n + more) >= earned - 1e-12);
    double kl = BestOfN.kl(base, rewards, n);
    assertTrue(kl <= BestOfN.klBound(n) + 1e-12);
    if (kl > 1e-6 && Arrays.stream(rewards).distinct().count() > 1) {
      double strength;
      try {
        strength = Tilt.strengthAt(base, rewards, kl * (1 - 1e-9));
      } catch (IllegalArgumentException beyond) {
        return; // n so large that only the limit is as far
      }
      assertTrue(Tilt.mean(Tilt.of(base, rewards, strength), rewards) >= earned - 1e-6);
    }
  }

  @Property(tries = 100)
  void anOccupancyFlowsAndItsReturnIsThatOfTheValues(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int states,
      @ForAll @IntRange(min = 1, max = 4) int actions,
      @ForAll @DoubleRange(min = 0, max = 0.99) double gamma) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] start = distribution(states, random, true);
    double[][] policy = new double[states][];
    double[][] rewards = new double[states][];
    double[][][] moves = new double[states][actions][];
    for (int s = 0; s < states; s++) {
      policy[s] = distribution(actions, random, true);
      rewards[s] = random.doubles(actions, -1, 1).toArray();
      for (int a = 0; a < actions; a++) moves[s][a] = distribution(states, random, true);
    }
    double[][] occupancy = Occupancy.of(start, moves, policy, gamma);
    double total = 0;
    for (int next = 0; next < states; next++) {
      double inflow = (1 - gamma) * start[next];
      for (int s = 0; s < states; s++) {
        for (int a = 0; a < actions; a++) inflow += gamma * occupancy[s][a] * moves[s][a][next];
      }
      double mass = Arrays.stream(occupancy[next]).sum();
      assertEquals(inflow, mass, 1e-9);
      total += mass;
      if (mass > 1e-6) {
        assertArrayEquals(policy[next], Occupancy.policy(occupancy)[next], 1e-8);
      }
    }
    assertEquals(1, total, 1e-9);
    double[] values = Occupancy.values(moves, policy, rewards, gamma);
    double expected = 0;
    for (int s = 0; s < states; s++) expected += start[s] * values[s];
    assertEquals(expected, Occupancy.value(occupancy, rewards, gamma), 1e-8);
  }
}
