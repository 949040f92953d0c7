package dev.goodhart.advantage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.advantage.BetaNormalised.Normaliser;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class BetaNormalisedTest {
  private static final BetaNormalised BNPO = new BetaNormalised();

  /** Rates 1/4 and 3/4: m 1/2, v 1/8, c = 1/4 / (1/8) - 1 = 1; a = b = 1/2; alpha = 1 + 1/6. */
  @Test
  void theBetaDistributionIsFittedByMoments() {
    Normaliser fit = Normaliser.of(new double[] {0.25, 0.75});
    assertEquals(new Normaliser(0.5, 0.5, 7.0 / 6, 7.0 / 6), fit);
    // Beta(2, 5): mean 2/7, variance 10/392; two rates at plus and minus sqrt(5/392)
    double apart = Math.sqrt(5.0 / 392);
    Normaliser skewed = Normaliser.of(new double[] {2.0 / 7 - apart, 2.0 / 7 + apart});
    assertEquals(2, skewed.a(), 1e-9);
    assertEquals(5, skewed.b(), 1e-9);
    assertEquals(5.0 / 3, skewed.alpha(), 1e-9);
    assertEquals(8.0 / 3, skewed.beta(), 1e-9);
  }

  /** Beta(2, 2): 6 p (1 - p), 9/8 at 1/4. Beta(1, 1): 1. Beta(3, 1): 3 p^2. */
  @Test
  void theWeightIsOneOverTheDensity() {
    assertEquals(8.0 / 9, new Normaliser(3, 3, 2, 2).weight(0.25), 1e-12);
    assertEquals(1, new Normaliser(0, 0, 1, 1).weight(0.3), 1e-12);
    assertEquals(1 / (3 * 0.49), new Normaliser(6, 0, 3, 1).weight(0.7), 1e-12);
  }

  /** With alpha = beta = 3/2 it is GRPO by the population deviation, times pi/8. */
  @Property(tries = 200)
  void threeHalvesIsGrpo(@ForAll @DoubleRange(min = 0.01, max = 0.99) double p) {
    assertEquals(
        Math.PI / 8 / Math.sqrt(p * (1 - p)), new Normaliser(1.5, 1.5, 1.5, 1.5).weight(p), 1e-10);
  }

  /** Groups of rate 1/4 and 3/4 under Beta(7/6, 7/6); the density written out with gamma. */
  @Test
  void theAdvantageIsTheCentredRewardTimesTheWeight() {
    double gamma = 0.9277193336300; // Gamma(7/6) = Gamma(1/6) / 6, tables give 5.56631600178 / 6
    double gammaOfTheSum = 1.1906393487590; // Gamma(7/3) = 4/9 Gamma(1/3), 2.67893853470775 there
    double weight = gamma * gamma / gammaOfTheSum / Math.pow(3.0 / 16, 1.0 / 6);
    List<Advantages> all =
        BNPO.ofAll(List.of(Drawn.group(1, 0, 0, 0), Drawn.group(1, 1, Double.NaN, 1, 0)));
    assertEquals(weight * 0.75, all.get(0).values()[0], 1e-9);
    assertEquals(weight * -0.25, all.get(0).values()[1], 1e-9);
    assertArrayEquals(
        new double[] {weight * 0.25, weight * 0.25, 0, weight * 0.25, -weight * 0.75},
        all.get(1).values(),
        1e-9);
    assertEquals(false, all.get(1).mask()[2]);
  }

  @Test
  void solvedAndHopelessGroupsGiveExactZerosAndTheCapHolds() {
    List<Advantages> all =
        new BetaNormalised(0, 1, 3, List.of())
            .ofAll(
                List.of(
                    Drawn.group(1, 1, 1, 1),
                    Drawn.group(0, 1, 1, 1),
                    Drawn.group(1, 1, 1, 0),
                    Drawn.group(0, 0, 0, 1)));
    assertArrayEquals(new double[4], all.get(0).values());
    for (Advantages advantages : all) {
      for (double value : advantages.values()) {
        assertTrue(Math.abs(value) <= 3 * 0.75);
      }
    }
  }

  @Test
  void onePromptOrEqualRatesAreThePlainBaseline() {
    Group group = Drawn.group(1, 0, 0, 1);
    double[] plain = {0.5, -0.5, -0.5, 0.5};
    assertArrayEquals(plain, BNPO.of(group).values(), 1e-15);
    assertArrayEquals(plain, BNPO.ofAll(List.of(group, group)).get(1).values(), 1e-15);
  }

  /** Spread wider than any Beta distribution: v = 1/2 above m (1 - m) = 1/4. */
  @Test
  void ratesAtBothEndsFallBackToThePlainBaseline() {
    Normaliser wide = Normaliser.of(new double[] {0, 1});
    assertEquals(-0.25, wide.a(), 1e-15);
    assertEquals(1, wide.alpha());
    assertEquals(1, wide.weight(0.5), 1e-12);
  }

  @Test
  void otherRangesAreMappedAndWhatLiesOutsideIsRefused() {
    double[] values =
        new BetaNormalised(-1, 1, 1e6, List.of()).of(Drawn.group(-1, 1, 1, 1)).values();
    assertArrayEquals(new double[] {-0.75, 0.25, 0.25, 0.25}, values, 1e-15);
    assertTrue(
        assertThrows(GoodhartException.class, () -> BNPO.of(Drawn.group(0, 1.5)))
            .getMessage()
            .startsWith("beta-normalised: a reward of 1.5 lies outside [0.0, 1.0]"));
    assertThrows(IllegalArgumentException.class, () -> new BetaNormalised(1, 1, 1, List.of()));
    assertThrows(IllegalArgumentException.class, () -> new BetaNormalised(0, 1, 0, List.of()));
  }

  private static Reward parts(double right, double format) {
    return Reward.of(right)
        .withParts(Map.of("right", Drawn.reward(right), "format", Drawn.reward(format)));
  }

  /** One prompt: every weight is 1. right 1 0 (rate 1/2), format 1 1 (flat): the mean of both. */
  @Test
  void partsAreNormalisedByThemselvesAndAveraged() {
    Advantages advantages =
        new BetaNormalised(0, 1, 1e6, List.of("right", "format"))
            .of(Drawn.group(parts(1, 1), parts(0, 1), parts(0, Double.NaN)));
    assertArrayEquals(new double[] {0.25, -0.25, 0}, advantages.values(), 1e-15);
    assertArrayEquals(new boolean[] {true, true, false}, advantages.mask());
    assertThrows(
        GoodhartException.class,
        () -> new BetaNormalised(0, 1, 1, List.of("style")).of(Drawn.group(parts(1, 1))));
  }

  /**
   * The variance that the weight leaves, where scores do not depend on rewards: the integral of p
   * (1 - p) BetaPDF(p; a, b) / BetaPDF(p; alpha, beta)^2. By quadrature after p = sin^2, with
   * densities from the weights themselves.
   */
  private static double variance(double a, double b, double alpha, double beta) {
    Normaliser prompts = new Normaliser(0, 0, a, b);
    Normaliser normaliser = new Normaliser(a, b, alpha, beta);
    int steps = 40_000;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      double angle = (i + 0.5) / steps * Math.PI / 2;
      double p = Math.pow(Math.sin(angle), 2);
      double slope = 2 * Math.sin(angle) * Math.cos(angle) * Math.PI / 2 / steps;
      double weight = normaliser.weight(p);
      sum += p * (1 - p) / prompts.weight(p) * weight * weight * slope;
    }
    return sum;
  }

  /** REINFORCE: a b / ((a + b) (a + b + 1)), 10/56 for (2, 5); GRPO: (pi/8)^2 for any. */
  @Test
  void theClosedFormOfTheVariance() {
    double[][] cases = {{2, 5, 0.1786, 0.0947}, {0.5, 0.5, 0.125, 0.1202}, {1, 1, 1 / 6.0, 0.1489}};
    for (double[] c : cases) {
      double a = c[0];
      double b = c[1];
      assertEquals(c[2], variance(a, b, 1, 1), 5e-5);
      assertEquals(Math.pow(Math.PI / 8, 2), variance(a, b, 1.5, 1.5), 1e-6);
      assertEquals(c[3], variance(a, b, 1 + a / 3, 1 + b / 3), 5e-5);
      for (double[] to : new double[][] {{1, 1}, {1.5, 1.5}, {1 + a / 3, 1 + b / 3}}) {
        assertEquals(
            variance(a, b, to[0], to[1]), new Normaliser(a, b, to[0], to[1]).variance(), 1e-6);
      }
    }
    assertEquals(Double.POSITIVE_INFINITY, new Normaliser(2, 5, 2.5, 2).variance());
  }

  @Property
  void theChosenDensityLeavesLessThanGrpoAndThanNone(
      @ForAll @DoubleRange(min = 0.2, max = 10) double a,
      @ForAll @DoubleRange(min = 0.2, max = 10) double b) {
    double least = new Normaliser(a, b, 1 + a / 3, 1 + b / 3).variance();
    double none = new Normaliser(a, b, 1, 1).variance();
    assertEquals(a * b / ((a + b) * (a + b + 1)), none, 1e-12);
    assertTrue(least <= none + 1e-12 && least <= Math.pow(Math.PI / 8, 2) + 1e-12);
  }

  @Property(tries = 60)
  void noOtherBetaDensityLeavesLess(
      @ForAll @DoubleRange(min = 0.2, max = 10) double a,
      @ForAll @DoubleRange(min = 0.2, max = 10) double b,
      @ForAll @DoubleRange(min = -0.2, max = 0.2) double up,
      @ForAll @DoubleRange(min = -0.2, max = 0.2) double across) {
    double least = variance(a, b, 1 + a / 3, 1 + b / 3);
    assertTrue(least <= variance(a, b, 1, 1) + 1e-5);
    assertTrue(least <= variance(a, b, 1.5, 1.5) + 1e-5);
    double alpha = Math.max(0.9, 1 + a / 3 + up);
    double beta = Math.max(0.9, 1 + b / 3 + across);
    if (alpha < (a + 3) / 2 - 0.2 && beta < (b + 3) / 2 - 0.2) { // finite, and fit for quadrature
      assertTrue(least <= variance(a, b, alpha, beta) + 1e-5);
    }
  }
}
