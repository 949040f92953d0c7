package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.junit.jupiter.api.Test;

/** System 148. */
class OffSwitchTest {
  private static final Overseer RATIONAL = Overseer.RATIONAL;

  /** U is 3 or -1: acting is worth 1, an overseer who never errs makes it 3/2. */
  @Test
  void anUncertainAgentGainsWhatTheOverseerPrevents() {
    OffSwitch game = OffSwitch.of(new double[] {3, -1}, RATIONAL);
    assertEquals(1, game.act());
    assertEquals(1.5, game.defer());
    assertEquals(0.5, game.incentive()); // E[U-]
    assertTrue(game.defers());
    // 3/4 of the weight on -1: acting is worth 0, and both parts are 3/4
    assertEquals(
        0.75, OffSwitch.of(new double[] {3, -1}, new double[] {0.25, 0.75}, RATIONAL).incentive());
  }

  /** pi(ln 3) = 3/4 and pi(-ln 3) = 1/4 at noise 1. */
  @Test
  void aSureAgentOnlyPaysForHumanErrors() {
    double u = Math.log(3);
    Overseer noisy = new Overseer(1);
    assertEquals(-u / 4, OffSwitch.of(new double[] {u}, noisy).incentive(), 1e-15);
    assertEquals(-u / 4, OffSwitch.of(new double[] {-u}, noisy).incentive(), 1e-15);
    assertEquals(-u / 4, OffSwitch.normal(u, 0, noisy).incentive(), 1e-15);
    assertFalse(OffSwitch.of(new double[] {u}, noisy).defers());
    assertEquals(0, OffSwitch.of(new double[] {u}, RATIONAL).incentive());
    // it pays for a blind spot up to that, and never where acting is not worth it
    assertTrue(OffSwitch.of(new double[] {u}, noisy).disables(0.99 * u / 4));
    assertFalse(OffSwitch.of(new double[] {u}, noisy).disables(1.01 * u / 4));
    assertFalse(OffSwitch.of(new double[] {-u}, noisy).disables(0));
  }

  /** Standard normal: E[U+] = 1/sqrt(2 pi). */
  @Test
  void theNormalBeliefHasItsClosedForm() {
    assertEquals(1 / Math.sqrt(2 * Math.PI), OffSwitch.normal(0, 1, RATIONAL).incentive(), 1e-15);
    // at m = 1, s = 1: E[U-] = phi(1) - Phi(-1) = 0.2419707245 - 0.1586552539
    assertEquals(0.0833154706, OffSwitch.normal(1, 1, RATIONAL).incentive(), 1e-10);
    // a nearly rational overseer is a rational one, a blind one halves the utility
    assertEquals(0.0833154706, OffSwitch.normal(1, 1, new Overseer(1e-7)).incentive(), 1e-10);
    assertEquals(-0.5, OffSwitch.normal(1, 1, new Overseer(1e9)).incentive(), 1e-8);
  }

  /** A dense grid of 3000 points is a belief of its own, summed without any of the integrals. */
  @Property(tries = 60)
  void theNormalBeliefIsTheLimitOfAGrid(
      @ForAll @DoubleRange(min = -3, max = 3) double mean,
      @ForAll @DoubleRange(min = 0.1, max = 5) double deviation,
      @ForAll @DoubleRange(min = 0.1, max = 5) double noise) {
    int points = 3001;
    double[] utilities = new double[points];
    double[] weights = new double[points];
    for (int k = 0; k < points; k++) {
      double z = -10 + 20.0 * k / (points - 1);
      utilities[k] = mean + deviation * z;
      weights[k] = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * 20 / (points - 1);
    }
    Overseer overseer = new Overseer(noise);
    assertEquals(
        OffSwitch.of(utilities, weights, overseer).incentive(),
        OffSwitch.normal(mean, deviation, overseer).incentive(),
        1e-9);
  }

  /** Stein: E[pi(U) U] = m E[pi] + s^2 E[pi'], with the derivative pi (1 - pi) / noise. */
  @Property(tries = 60)
  void theNormalBeliefObeysSteinsLemma(
      @ForAll @DoubleRange(min = -3, max = 3) double mean,
      @ForAll @DoubleRange(min = 0.2, max = 3) double deviation,
      @ForAll @DoubleRange(min = 0.3, max = 5) double noise) {
    Overseer overseer = new Overseer(noise);
    double allowed = 0;
    double slope = 0;
    for (int k = -60; k < 60; k++) {
      var panel = new GaussIntegratorFactory().legendre(10, k / 6.0, (k + 1) / 6.0);
      allowed += panel.integrate(z -> overseer.allows(mean + deviation * z) * phi(z));
      slope +=
          panel.integrate(
              z -> {
                double u = mean + deviation * z;
                return overseer.allows(u) * overseer.stops(u) / noise * phi(z);
              });
    }
    assertEquals(
        mean * allowed + deviation * deviation * slope,
        OffSwitch.normal(mean, deviation, overseer).defer(),
        1e-10);
  }

  private static double phi(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  @Test
  void simulationAgreesWithTheIntegral() {
    var random = new SplittableRandom(7);
    for (int point = 0; point < 20; point++) {
      double mean = random.nextDouble(-2, 2);
      double deviation = random.nextDouble(0.1, 3);
      Overseer overseer = new Overseer(random.nextDouble(0.05, 2));
      double sum = 0;
      double squares = 0;
      int draws = 50_000;
      for (int i = 0; i < draws; i++) {
        double u = mean + deviation * random.nextGaussian();
        double got = random.nextDouble() < overseer.allows(u) ? u : 0;
        sum += got;
        squares += got * got;
      }
      double error = Math.sqrt((squares / draws - Math.pow(sum / draws, 2)) / draws);
      assertEquals(sum / draws, OffSwitch.normal(mean, deviation, overseer).defer(), 4.5 * error);
    }
  }

  @Property(tries = 200)
  void deferenceIsLostExactlyAtTheBoundary(
      @ForAll @DoubleRange(min = 0.05, max = 3) double mean,
      @ForAll @DoubleRange(min = 0.1, max = 3) double deviation) {
    double noise = OffSwitch.toleratedNoise(mean, deviation);
    for (double m : new double[] {mean, -mean}) {
      assertEquals(0, OffSwitch.normal(m, deviation, new Overseer(noise)).incentive(), 1e-12);
      if (mean < 3 * deviation) {
        assertTrue(OffSwitch.normal(m, deviation, new Overseer(0.9 * noise)).incentive() > 0);
        assertTrue(OffSwitch.normal(m, deviation, new Overseer(1.1 * noise)).incentive() < 0);
      }
    }
  }

  @Property(tries = 200)
  void theIncentiveOfAnyBeliefFallsWithTheNoiseFromTheSmallerPartToMinusHalfTheMean(
      @ForAll @Size(min = 1, max = 12) double[] drawn,
      @ForAll @DoubleRange(min = 0.01, max = 10) double noise) {
    double[] utilities = Arrays.stream(drawn).map(u -> 10 * Math.tanh(u)).toArray();
    double best = OffSwitch.of(utilities, RATIONAL).incentive();
    double positive = Arrays.stream(utilities).map(u -> Math.max(u, 0)).sum() / utilities.length;
    double negative = Arrays.stream(utilities).map(u -> Math.max(-u, 0)).sum() / utilities.length;
    assertEquals(Math.min(positive, negative), best, 1e-12);
    double some = OffSwitch.of(utilities, new Overseer(noise)).incentive();
    double more = OffSwitch.of(utilities, new Overseer(2 * noise)).incentive();
    double worst = -Math.abs(positive - negative) / 2;
    assertTrue(best + 1e-12 >= some && some + 1e-12 >= more && more + 1e-12 >= worst);
  }

  @Property(tries = 200)
  void moreUncertaintyNeverLowersTheIncentiveUnderAnOverseerWhoNeverErrs(
      @ForAll @DoubleRange(min = -3, max = 3) double mean,
      @ForAll @DoubleRange(min = 0, max = 3) double deviation,
      @ForAll @DoubleRange(min = 0, max = 1) double more) {
    assertTrue(
        OffSwitch.normal(mean, deviation + more, RATIONAL).incentive() + 1e-14
            >= OffSwitch.normal(mean, deviation, RATIONAL).incentive());
  }

  /** To second order in s the incentive moves by s^2 / (2 noise) pi (1 - pi) (2 - x tanh(x/2)). */
  @Test
  void underANoisyOverseerItFirstDipsForAnAgentThatIsRatherSure() {
    Overseer noisy = new Overseer(1);
    double dips = OffSwitch.DIPS;
    assertEquals(2, dips * Math.tanh(dips / 2), 1e-11);
    double sure = OffSwitch.normal(dips + 0.3, 0, noisy).incentive();
    assertTrue(OffSwitch.normal(dips + 0.3, 0.1, noisy).incentive() < sure);
    double lessSure = OffSwitch.normal(dips - 0.3, 0, noisy).incentive();
    assertTrue(OffSwitch.normal(dips - 0.3, 0.1, noisy).incentive() > lessSure);
    // m = 3: -0.142 when sure, -0.148 at s = 1, +0.13 at s = 3
    assertEquals(-0.142, OffSwitch.normal(3, 0, noisy).incentive(), 0.0005);
    assertEquals(-0.148, OffSwitch.normal(3, 1, noisy).incentive(), 0.0005);
    assertEquals(0.13, OffSwitch.normal(3, 3, noisy).incentive(), 0.005);
  }

  /**
   * U is 2 or -1, mean 1/2: indifferent where the errors cost what they prevent, (1 - pi(2)) 2 = (1
   * - pi(-1)) 1.
   */
  @Test
  void theToleratedNoiseOfMembersIsWhereTheyAreIndifferent() {
    double noise = OffSwitch.toleratedNoise(new double[] {2, -1});
    Overseer overseer = new Overseer(noise);
    assertEquals(2 * overseer.stops(2), overseer.stops(-1), 1e-12);
    assertEquals(0, OffSwitch.toleratedNoise(new double[] {2, 1}));
    assertEquals(0, OffSwitch.toleratedNoise(new double[] {-2}));
    assertEquals(Double.POSITIVE_INFINITY, OffSwitch.toleratedNoise(new double[] {2, -2}));
    assertEquals(Double.POSITIVE_INFINITY, OffSwitch.toleratedNoise(0, 1));
  }

  @Test
  void membersDrawnFromANormalTolerateTheNoiseOfTheNormal() {
    var random = new SplittableRandom(11);
    double[] utilities = new double[200_000];
    for (int i = 0; i < utilities.length; i++) utilities[i] = 0.8 + random.nextGaussian();
    assertEquals(1 / 1.6, OffSwitch.toleratedNoise(utilities), 0.01);
  }

  @Test
  void whatIsNoUtilityIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> OffSwitch.of(new double[0], RATIONAL));
    assertThrows(
        IllegalArgumentException.class, () -> OffSwitch.of(new double[] {Double.NaN}, RATIONAL));
    assertThrows(IllegalArgumentException.class, () -> OffSwitch.normal(0, -1, RATIONAL));
    assertThrows(IllegalArgumentException.class, () -> new Overseer(-1));
  }

  @Test
  void theAuditOfAnEnsembleSaysWhatItTolerates() {
    double[] members = {2, 1.5, -1, 0.5, -0.6, 1, 2.2, -0.4, 0.9, -1.2};
    Deference sure = Deference.of(members, new Overseer(0.01), new Bootstrap(200, 0.95, 1));
    assertEquals(
        OffSwitch.of(members, new Overseer(0.01)).incentive(), sure.incentive().estimate());
    assertEquals(Finding.Level.FINE, sure.finding().level(), sure.finding().says());
    // the widest spread tolerates most, half the spread less; the middle one is the members' own
    assertEquals(sure.toleratedNoise(), sure.sweep().get(2).toleratedNoise(), 1e-12);
    assertTrue(sure.sweep().get(4).toleratedNoise() > sure.sweep().get(1).toleratedNoise());

    Deference lost =
        Deference.of(
            new double[] {1, 1.1, 0.9, 1.05}, new Overseer(1), new Bootstrap(200, 0.95, 1));
    assertEquals(Finding.Level.ALARM, lost.finding().level(), lost.finding().says());
    assertEquals(0, lost.toleratedNoise());
  }
}
