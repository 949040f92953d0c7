package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.ThurstonianUtilities.Fit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;

/** System 140. */
class ThurstonianUtilitiesTest {
  @Property
  void theNormalDistributionIsThatOfTheLibrary(@ForAll @DoubleRange(min = -37, max = 37) double x) {
    double expected = Erf.erfc(-x / Math.sqrt(2)) / 2;
    assertEquals(1, Gaussian.cumulative(x) / expected, 1e-11);
    assertEquals(Math.log(expected), Gaussian.logCumulative(x), 1e-11 + 1e-13 * x * x);
    assertEquals(1, Gaussian.hazard(x) * expected / Gaussian.density(x), 1e-11);
  }

  /** Phi(-x) is phi(x) / x (1 - 1/x^2 + 3/x^4 - ...) where doubles have long run out. */
  @Test
  void theTailGoesOnBelowTheSmallestDouble() {
    double x = 100;
    double expected =
        -x * x / 2 - Math.log(x * Math.sqrt(2 * Math.PI)) + Math.log1p(-1e-4 + 3e-8 - 15e-12);
    assertEquals(expected, Gaussian.logCumulative(-x), 1e-10);
    assertEquals(100.009998, Gaussian.hazard(-x), 1e-6);
  }

  /** Phi(1 / sqrt(1/2 + 1/2)) = 0.8413447461. */
  @Test
  void theProbabilityIsThatOfTwoNormals() {
    var utilities = new ThurstonianUtilities(new double[] {0.5, -0.5}, new double[] {0.5, 0.5});
    assertEquals(0.8413447461, utilities.probability(0, 1), 1e-5); // of the 1e-5 added
    assertEquals(1, utilities.probability(0, 1) + utilities.probability(1, 0), 1e-14);
    List<Choice> choices = List.of(Choice.of(0, 1, 0.75), Choice.of(1, 0, 1), Choice.of(0, 1, 0.5));
    double p = utilities.probability(0, 1);
    assertEquals(
        -(0.75 * Math.log(p)
                + 0.25 * Math.log(1 - p)
                + Math.log(1 - p)
                + 0.5 * Math.log(p * (1 - p)))
            / 3,
        utilities.logLoss(choices),
        1e-12);
    assertEquals(0.5, utilities.accuracy(choices)); // the tie does not count
  }

  /** Three options with all pairs: two differences of z fit three shares if they are consistent. */
  @Test
  void sharesThatUtilitiesCanMakeAreMetExactly() {
    var planted =
        new ThurstonianUtilities(
            new double[] {Math.sqrt(1.5), 0, -Math.sqrt(1.5)}, new double[] {0.6, 1.4, 0.9});
    List<Choice> choices = allPairs(planted);
    ThurstonianUtilities fitted = ThurstonianUtilities.fit(choices, 3, new Fit(4000, 0.02, 0));
    for (Choice c : choices) {
      assertEquals(c.share(), fitted.probability(c.a(), c.b()), 1e-4);
    }
    assertEquals(0, Arrays.stream(fitted.means()).sum(), 1e-12);
    assertEquals(3, Arrays.stream(fitted.means()).map(m -> m * m).sum(), 1e-12);
  }

  @Test
  void plantedUtilitiesComeBackFromTheirProbabilities() {
    ThurstonianUtilities planted = planted(12, new SplittableRandom(5));
    ThurstonianUtilities fitted =
        ThurstonianUtilities.fit(allPairs(planted), 12, new Fit(3000, 0.03, 0));
    assertArrayEquals(planted.means(), fitted.means(), 0.02);
    assertArrayEquals(planted.variances(), fitted.variances(), 0.05);
  }

  /** The fit has no gradient left at its end, by differences of the loss. */
  @Test
  void theFitIsAtAMinimumOfTheLoss() {
    var random = new SplittableRandom(9);
    List<Choice> noisy = new ArrayList<>();
    for (Choice c : allPairs(planted(6, random))) {
      noisy.add(Choice.of(c.a(), c.b(), 0.1 + 0.8 * (0.9 * c.share() + 0.1 * random.nextDouble())));
    }
    ThurstonianUtilities best = ThurstonianUtilities.fit(noisy, 6, new Fit(6000, 0.01, 0));
    for (int o = 0; o < 6; o++) {
      for (double step : new double[] {-0.05, 0.05}) {
        double[] means = best.means().clone();
        means[o] += step;
        double[] variances = best.variances().clone();
        variances[o] *= 1 + step;
        assertTrue(
            new ThurstonianUtilities(means, best.variances()).logLoss(noisy) > best.logLoss(noisy));
        assertTrue(
            new ThurstonianUtilities(best.means(), variances).logLoss(noisy) + 1e-7
                > best.logLoss(noisy));
      }
    }
  }

  @Test
  void aChooserWithoutPreferencesHasNone() {
    ThurstonianUtilities none =
        ThurstonianUtilities.fit(List.of(Choice.of(0, 1, 0.5)), 2, Fit.PUBLISHED);
    assertArrayEquals(new double[2], none.means(), 1e-12);
    assertEquals(0.5, none.probability(0, 1), 1e-12);
  }

  @Test
  void pseudoLabelsAddWhatIsBelievedAlready() {
    var utilities =
        new ThurstonianUtilities(new double[] {1.2, 0, -1.2}, new double[] {.1, .1, .1});
    // z is 1.2 / sqrt(0.2) = 2.68 for neighbours and twice that for the ends
    List<Choice> asked = List.of(Choice.of(1, 0, 0.1));
    assertEquals(
        List.of(Choice.of(1, 0, 0.1), Choice.of(0, 2, 1), Choice.of(1, 2, 1)),
        utilities.withPseudoLabels(asked, 0.95));
    assertEquals(
        List.of(Choice.of(1, 0, 0.1), Choice.of(0, 2, 1)),
        utilities.withPseudoLabels(asked, 0.9999));
  }

  @Test
  void lotteriesAndFreeChoicesAreHeldAgainstTheUtilities() {
    var utilities = new ThurstonianUtilities(new double[] {1, 0.2, -1}, new double[] {.1, .1, .1});
    // 0.75 of 1 and 0.25 of -1 is 0.5; the lottery stands at 0.2
    assertEquals(0.3, utilities.lotteryGap(1, new int[] {0, 2}, new double[] {0.75, 0.25}), 1e-15);
    int[][] offered = {{0, 1, 2}, {1, 2}, {0, 2}, {0, 1, 2}};
    int[] chosen = {0, 2, 0, 1};
    assertEquals(0.5, utilities.maximises(offered, chosen, 1));
    assertEquals(1, utilities.maximises(offered, chosen, 2));
  }

  /** Half the citizens would never, half always: the target is a coin. */
  @Test
  void anAssemblysTargetIsItsMeanShare() {
    var yes = new ThurstonianUtilities(new double[] {9, -9}, new double[] {.1, .1});
    var no = new ThurstonianUtilities(new double[] {-9, 9}, new double[] {.1, .1});
    assertEquals(0.5, ThurstonianUtilities.assembly(List.of(yes, no), 0, 1), 1e-12);
  }

  /** U_X = 2 ln n + 1 and U_Y = ln n: n of X are worth e n^2 of Y, in whatever unit. */
  @Property
  void anExchangeRateDoesNotDependOnTheUnit(
      @ForAll @DoubleRange(min = 0.1, max = 10) double unit,
      @ForAll @DoubleRange(min = -5, max = 5) double zero,
      @ForAll @DoubleRange(min = 0.5, max = 20) double amount) {
    double[] amounts = {1, 3, 10, 100};
    LogUtility x =
        LogUtility.fit(
            amounts,
            Arrays.stream(amounts).map(n -> unit * (2 * Math.log(n) + 1) + zero).toArray());
    LogUtility y =
        LogUtility.fit(
            amounts, Arrays.stream(amounts).map(n -> unit * Math.log(n) + zero).toArray());
    assertEquals(1, x.inTermsOf(y, amount) / (Math.E * amount * amount), 1e-9);
    assertEquals(amount, y.inTermsOf(x, x.inTermsOf(y, amount)), 1e-9 * amount);
  }

  @Test
  void withoutWantingMoreThereIsNoRate() {
    LogUtility bad = new LogUtility(-1, 0);
    assertThrows(IllegalArgumentException.class, () -> bad.inTermsOf(new LogUtility(1, 0), 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> LogUtility.fit(new double[] {0, 1}, new double[] {0, 1}));
    assertThrows(
        IllegalArgumentException.class,
        () -> LogUtility.fit(new double[] {2, 2}, new double[] {0, 1}));
  }

  @Test
  void eitherOrderCountsTheSame() {
    var choice = new Choice(0, 1, 0.9, 0.3);
    assertEquals(0.6, choice.share(), 1e-15);
    assertEquals(0.3, choice.positionBias(), 1e-15);
    assertEquals(0.9, new Choice(0, 1, 0.9, Double.NaN).share());
    assertTrue(Double.isNaN(new Choice(0, 1, 0.9, Double.NaN).positionBias()));
    assertThrows(IllegalArgumentException.class, () -> new Choice(1, 1, 0.5, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new Choice(0, 1, 1.1, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new Choice(0, 1, Double.NaN, Double.NaN));
    assertThrows(
        IllegalArgumentException.class,
        () -> ThurstonianUtilities.fit(List.of(Choice.of(0, 2, 1)), 2, Fit.QUICK));
  }

  /** 8 log2 8 = 24 of the 28 pairs: none twice, every option in at least two. */
  @Test
  void activeChoicesAskNoPairTwiceAndEveryOption() {
    ThurstonianUtilities planted = planted(8, new SplittableRandom(2));
    assertEquals(24, ActiveChoices.budget(8, 1));
    assertEquals(28, ActiveChoices.budget(8, 2));
    for (int questions : new int[] {8, 24, 28}) {
      List<Choice> asked =
          new ActiveChoices(10, 20, 5)
              .ask(
                  8,
                  questions,
                  (a, b) -> Choice.of(a, b, planted.probability(a, b)),
                  new SplittableRandom(3));
      Set<Long> pairs = new HashSet<>();
      int[] degree = new int[8];
      for (Choice c : asked) {
        pairs.add(ThurstonianUtilities.pair(c.a(), c.b()));
        degree[c.a()]++;
        degree[c.b()]++;
      }
      assertEquals(questions, pairs.size());
      assertTrue(Arrays.stream(degree).allMatch(d -> d >= 2));
    }
  }

  /** A circle of three, 0.9 each: 0.729 + 0.001; in order, 0.9 0.9 0.1 twice over. */
  @Test
  void circlesAreCounted() {
    assertEquals(0.73, ValueAudit.cycle(0.9, 0.9, 0.9), 1e-15);
    assertEquals(0.25, ValueAudit.cycle(0.5, 0.5, 0.5));
    List<Choice> circle = List.of(Choice.of(0, 1, 0.9), Choice.of(2, 1, 0.1), Choice.of(2, 0, 0.9));
    ValueAudit audit = audit(circle, List.of(Choice.of(0, 3, 1)), 4);
    assertEquals(0.73, audit.cycles(), 1e-15);
    assertEquals(1, audit.triples());
    assertEquals(0.64, audit.constancy(), 1e-15);
    assertEquals(0, audit.positionBias(), 1e-15);
    // 0 over 1 over 2 over 3, all at 0.9: p_ab p_bc (1 - p_ac) + (1 - p_ab) (1 - p_bc) p_ac
    List<Choice> order = new ArrayList<>();
    for (int a = 0; a < 4; a++) for (int b = a + 1; b < 4; b++) order.add(Choice.of(a, b, 0.9));
    List<Choice> asked = order.stream().filter(c -> c.b() - c.a() < 3).toList();
    ValueAudit ordered = audit(asked, List.of(Choice.of(0, 3, 0.9)), 4);
    assertEquals(0.09, ordered.cycles(), 1e-15);
    assertEquals(2, ordered.triples()); // 0 1 2 and 1 2 3; 0 with 3 was held out
    assertEquals(1, ordered.accuracy().estimate());
  }

  private static ValueAudit audit(List<Choice> choices, List<Choice> heldOut, int options) {
    return ValueAudit.of(choices, heldOut, options, Fit.QUICK, new Bootstrap(50, 0.95, 1));
  }

  private static ThurstonianUtilities planted(int options, SplittableRandom random) {
    double[] means = new double[options];
    Arrays.setAll(means, o -> random.nextGaussian());
    double mean = Arrays.stream(means).average().orElseThrow();
    double deviation =
        Math.sqrt(Arrays.stream(means).map(m -> (m - mean) * (m - mean)).average().orElseThrow());
    return new ThurstonianUtilities(
        Arrays.stream(means).map(m -> (m - mean) / deviation).toArray(),
        random.doubles(options, 0.3, 0.8).toArray());
  }

  private static List<Choice> allPairs(ThurstonianUtilities utilities) {
    List<Choice> choices = new ArrayList<>();
    for (int a = 0; a < utilities.options(); a++) {
      for (int b = a + 1; b < utilities.options(); b++) {
        choices.add(Choice.of(a, b, utilities.probability(a, b)));
      }
    }
    return choices;
  }
}
