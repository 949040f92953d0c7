package dev.goodhart.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TransformTest {
  private static final double LN3 = Math.log(3);
  private static final double[] NONE = {};

  // --- preference-as-reward (system 31)

  @Test
  void parIsTheProbabilityToBeatTheReferences() {
    // sigmoid(ln 3) = 3/4, sigmoid(0) = 1/2, sigmoid(-ln 3) = 1/4
    assertEquals(0.75, new PreferenceAsReward(1, 1).of(LN3, new double[] {0}), 1e-15);
    assertEquals(0.5, new PreferenceAsReward(1, 1).of(7, new double[] {7}), 0);
    assertEquals(
        (0.75 + 0.5 + 0.25) / 3,
        new PreferenceAsReward(3, 1).of(LN3, new double[] {0, LN3, 2 * LN3}),
        1e-15);
    // the slope: sigmoid(2 ln 3) = 9/10
    assertEquals(0.9, new PreferenceAsReward(1, 2).of(LN3, new double[] {0}), 1e-15);
  }

  @Test
  void parUsesTheFirstReferencesOnlyAndSaysHowMany() {
    PreferenceAsReward one = new PreferenceAsReward(1, 1);
    assertEquals(one.of(2, new double[] {1}), one.of(2, new double[] {1, -50, 50}));
    assertEquals(4, new PreferenceAsReward(4, 1).references());
  }

  @Property(tries = 300)
  void parRisesWithTheRewardAndStaysBetweenZeroAndOne(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double reward,
      @ForAll @DoubleRange(min = 0, max = 1e6) double more,
      @ForAll @Size(3) List<@DoubleRange(min = -1e6, max = 1e6) Double> referencesList) {
    double[] references = array(referencesList);
    PreferenceAsReward par = new PreferenceAsReward(3, 1);
    double value = par.of(reward, references);
    assertTrue(value >= 0 && value <= 1);
    assertTrue(par.of(reward + more, references) >= value);
  }

  @Property(tries = 200)
  void parDependsOnlyOnTheDistanceFromTheReferences(
      @ForAll @IntRange(min = -50, max = 50) int reward,
      @ForAll @IntRange(min = -50, max = 50) int reference,
      @ForAll @IntRange(min = -1000, max = 1000) int shift) {
    PreferenceAsReward par = new PreferenceAsReward(1, 1);
    assertEquals(
        par.of(reward, new double[] {reference}),
        par.of(reward + shift, new double[] {reference + shift}));
  }

  @Test
  void parRefusesHyperParametersThatMeanNothing() {
    assertThrows(IllegalArgumentException.class, () -> new PreferenceAsReward(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new PreferenceAsReward(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new PreferenceAsReward(1, Double.NaN));
  }

  // --- log-sigmoid-centred (system 9)

  @Test
  void lscIsTheLogProbabilityToBeatAnAcceptableAnswer() {
    LogSigmoidCentred median = new LogSigmoidCentred(0.5, 4);
    double[] references = {4, 1, 3, 2}; // the median of 1 2 3 4 is 2.5
    assertEquals(Math.log(0.5), median.of(2.5, references), 1e-15);
    assertEquals(Math.log(0.75), median.of(2.5 + LN3, references), 1e-15);
    assertEquals(Math.log(0.25), median.of(2.5 - LN3, references), 1e-15);
  }

  @Test
  void theQuantileLiesBetweenOrderStatistics() {
    double[] zeroToTwenty = new double[21];
    Arrays.setAll(zeroToTwenty, i -> 20 - i); // in falling order: it must sort
    assertEquals(17, new LogSigmoidCentred(0.85, 21).acceptable(zeroToTwenty), 1e-12);
    assertEquals(0, new LogSigmoidCentred(0, 21).acceptable(zeroToTwenty));
    assertEquals(20, new LogSigmoidCentred(1, 21).acceptable(zeroToTwenty));
    assertEquals(1.3, new LogSigmoidCentred(0.1, 1).acceptable(new double[] {1, 4}), 1e-15);
    assertEquals(5, new LogSigmoidCentred(0.85, 1).acceptable(new double[] {5}));
  }

  @Test
  void theReferencesAreNotSortedInPlace() {
    double[] references = {3, 1, 2};
    new LogSigmoidCentred(0.5, 3).of(0, references);
    assertEquals(Arrays.toString(new double[] {3, 1, 2}), Arrays.toString(references));
  }

  /** Both ends that the closed form has: u ~ r - r_ref far below, u ~ 0 far above. */
  @Test
  void lscIsLinearFarBelowTheReferenceAndFlatFarAbove() {
    LogSigmoidCentred lsc = new LogSigmoidCentred(0.85, 1);
    assertEquals(-800, lsc.of(-800, new double[] {0}));
    assertEquals(-1e300, lsc.of(-1e300, new double[] {0}));
    assertEquals(0, lsc.of(800, new double[] {0}), 0);
    assertEquals(-Math.exp(-40), lsc.of(40, new double[] {0}), 1e-32);
  }

  @Property(tries = 300)
  void lscIsNegativeAndRisesAtMostAsFastAsTheReward(
      @ForAll @DoubleRange(min = -1e3, max = 1e3) double reward,
      @ForAll @DoubleRange(min = 0, max = 1e3) double more) {
    LogSigmoidCentred lsc = new LogSigmoidCentred(0.85, 1);
    double value = lsc.of(reward, new double[] {0});
    double higher = lsc.of(reward + more, new double[] {0});
    assertTrue(value <= 0 && higher >= value && higher - value <= more + 1e-9);
  }

  /** The sum of two transformed rewards is the log-probability that both are good. */
  @Property(tries = 200)
  void lscAddsUpToALogicalAnd(
      @ForAll @DoubleRange(min = -30, max = 30) double a,
      @ForAll @DoubleRange(min = -30, max = 30) double b) {
    LogSigmoidCentred lsc = new LogSigmoidCentred(0.85, 1);
    double both = 1 / (1 + Math.exp(-a)) * (1 / (1 + Math.exp(-b)));
    assertEquals(both, Math.exp(lsc.of(a, new double[] {0}) + lsc.of(b, new double[] {0})), 1e-12);
  }

  @Test
  void lscRefusesHyperParametersThatMeanNothing() {
    assertThrows(IllegalArgumentException.class, () -> new LogSigmoidCentred(1.1, 1));
    assertThrows(IllegalArgumentException.class, () -> new LogSigmoidCentred(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new LogSigmoidCentred(0.5, 0));
  }

  // --- affine, bounded, the logistic function

  @Test
  void affineScalesAndShifts() {
    assertEquals(-5, new Affine(-2, 1).of(3, NONE));
    assertThrows(IllegalArgumentException.class, () -> new Affine(Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> new Affine(1, Double.POSITIVE_INFINITY));
  }

  @Test
  void boundedCutsOffBothEnds() {
    Bounded bounded = new Bounded(-1, 2);
    assertEquals(-1, bounded.of(-7, NONE));
    assertEquals(0.5, bounded.of(0.5, NONE));
    assertEquals(2, bounded.of(1e300, NONE));
    assertEquals(-7, new Bounded(Double.NEGATIVE_INFINITY, 2).of(-7, NONE));
    assertEquals(3, new Bounded(3, 3).of(0, NONE));
    assertThrows(IllegalArgumentException.class, () -> new Bounded(2, 1));
    assertThrows(IllegalArgumentException.class, () -> new Bounded(Double.NaN, 1));
  }

  @Property(tries = 300)
  void theLogisticFunctionIsSymmetricAndAgreesWithItsLogarithm(
      @ForAll @DoubleRange(min = -700, max = 700) double x) {
    assertEquals(1, Logistic.sigmoid(x) + Logistic.sigmoid(-x), 1e-15);
    assertEquals(Math.log(Logistic.sigmoid(x)), Logistic.logSigmoid(x), 1e-10);
  }

  @Test
  void theLogisticFunctionNeitherOverflowsNorCancels() {
    assertEquals(0, Logistic.sigmoid(-1e9));
    assertEquals(1, Logistic.sigmoid(1e9));
    assertEquals(Math.exp(-100), Logistic.sigmoid(-100), 1e-58);
    assertEquals(-1e9, Logistic.logSigmoid(-1e9));
    assertEquals(-Math.log(2), Logistic.logSigmoid(0), 1e-16);
  }

  private static double[] array(List<? extends Number> numbers) {
    return numbers.stream().mapToDouble(Number::doubleValue).toArray();
  }
}
