package dev.goodhart.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.Constrained.Constraint;
import dev.goodhart.combine.Constrained.Constraint.Kind;
import dev.goodhart.combine.Constrained.Multiplier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** System 82. */
class ConstrainedTest {
  private static Constrained two(Map<String, Multiplier> multipliers, Optional<String> objective) {
    return new Constrained(
        Map.of("a", new Constraint(0.5, Kind.EQUAL), "b", new Constraint(1, Kind.AT_LEAST)),
        objective,
        0.1,
        0.5,
        2,
        multipliers);
  }

  /**
   * By hand. x_a = 0.2 + 2 (0.15) = 0.5, lambda_a = tanh 0.5 = 0.46211716; x_b = 1 + 2 (-0.5) = 0,
   * lambda_b = 1/2; the rest is 2 - 0.96211716 = 1.03788284, so w = 0.44525, 0.48175.
   */
  @Test
  void theWeightsAreTheMultipliersOverWhatIsLeft() {
    Map<String, Multiplier> at =
        Map.of("a", new Multiplier(0.2, 0, 0.15), "b", new Multiplier(1, 0, -0.5));
    Constrained combine = two(at, Optional.empty());
    assertEquals(0.46211716, combine.lambda("a"), 1e-8);
    assertEquals(0.5, combine.lambda("b"), 1e-15);
    assertEquals(0.46211716 / 1.03788284, combine.weights().get("a"), 1e-8);
    assertEquals(0.5 / 1.03788284, combine.weights().get("b"), 1e-8);
    Reward reward = combine.of(Map.of("a", Reward.of(3), "b", Reward.of(-1)));
    assertEquals(
        (3 * 0.46211716 - 0.5) / 1.03788284, assertInstanceOf(Scored.class, reward).value(), 1e-7);
    // with an objective of its own
    Reward with =
        two(at, Optional.of("task"))
            .of(Map.of("a", Reward.of(3), "b", Reward.of(-1), "task", Reward.of(10)));
    assertEquals(((Scored) reward).value() + 10, ((Scored) with).value(), 1e-12);
  }

  /**
   * By hand. a: gap = 0.5 - 0.3 = 0.2, slope 1 - tanh(0)^2 = 1, v = -0.2, u = 0.02. Then gap =
   * -0.1, slope 1 - tanh(0.02)^2 = 0.9996001, v = 0.5 (-0.2) + 0.09996001 = -0.00003999, u =
   * 0.020004. b: gap = 1 - 3 = -2, slope sigmoid'(0) = 1/4, v = 1/2, u = -0.05.
   */
  @Test
  void aMeanBelowItsPointRaisesTheMultiplierAndOneAboveLowersIt() {
    Constrained once = two(Map.of(), Optional.empty()).after(Map.of("a", 0.3, "b", 3.0));
    assertMultiplier(0.02, -0.2, 0.2, once.multipliers().get("a"));
    assertMultiplier(-0.05, 0.5, -2, once.multipliers().get("b"));
    Constrained twice = once.after(Map.of("a", 0.6));
    assertMultiplier(0.020004, -0.00003999, -0.1, twice.multipliers().get("a"));
    assertEquals(once.multipliers().get("b"), twice.multipliers().get("b"));
  }

  private static void assertMultiplier(double u, double velocity, double gap, Multiplier actual) {
    assertEquals(u, actual.u(), 1e-6);
    assertEquals(velocity, actual.velocity(), 1e-8);
    assertEquals(gap, actual.gap(), 1e-12);
  }

  /** Deviations: (1, 2, 3) is brought to ±1.2247449 and 0; equal advantages to 0. */
  @Test
  void thePublishedMixtureStandardisesEachAdvantageFirst() {
    Constrained combine =
        new Constrained(
            Map.of("a", new Constraint(0.5, Kind.AT_LEAST)),
            Optional.empty(),
            0.1,
            0.1,
            0,
            Map.of("a", new Multiplier(Math.log(3), 0, 0))); // lambda = 3/4
    double[] mixed =
        combine.mixed(new double[] {7, 7, 7}, Map.of("a", new double[] {100, 200, 300}));
    assertArrayEquals(new double[] {-0.75 * 1.2247449, 0, 0.75 * 1.2247449}, mixed, 1e-6);
    mixed = combine.mixed(new double[] {3, 2, 1}, Map.of("a", new double[] {5, 5, 5}));
    assertArrayEquals(new double[] {0.25 * 1.2247449, 0, -0.25 * 1.2247449}, mixed, 1e-6);
  }

  /**
   * The exact policy gradient of a policy with two actions, rewards 1 and 0, pi_0(1) = 0.2: held at
   * 0.6 it needs a tilt of mu = logit 0.6 - logit 0.2 = 1.7918, and w/beta comes to that.
   */
  @Test
  void theFixedPointIsTheTiltThatMeetsTheConstraint() {
    for (Kind kind : Kind.values()) {
      Constrained settled = bandit(0.6, kind, 0.6);
      double lambda = settled.lambda("r");
      assertEquals(1.7918, lambda / ((1 - lambda) * BETA), 0.05 * 1.7918, kind.name());
      assertEquals(1.7918, settled.weights().get("r") / BETA, 0.05 * 1.7918, kind.name());
    }
  }

  /** Below what the base policy earns only a multiplier that may be negative gets there. */
  @Test
  void onlyAnEqualityPushesAMeanDown() {
    Constrained equal = bandit(0.1, Kind.EQUAL, 0.1);
    assertTrue(equal.lambda("r") < 0);
    bandit(0.1, Kind.AT_LEAST, 0.2);
  }

  private static final double BETA = 0.2;

  private static Constrained bandit(double threshold, Kind kind, double expected) {
    Constrained combine =
        new Constrained(
            Map.of("r", new Constraint(threshold, kind)), Optional.empty(), 0.05, 0.1, 1, Map.of());
    double base = Math.log(0.2 / 0.8);
    double logit = base;
    for (int step = 0; step < 40_000; step++) {
      double mean = 1 / (1 + Math.exp(-logit));
      double slope = combine.weights().get("r") - BETA * (logit - base);
      combine = combine.after(Map.of("r", mean));
      logit += 0.5 * mean * (1 - mean) * slope;
    }
    assertEquals(expected, 1 / (1 + Math.exp(-logit)), 0.005, kind.name());
    return combine;
  }

  @Test
  void theDivergenceNeverLosesAllItsWeight() {
    Constrained combine =
        new Constrained(
            Map.of("a", new Constraint(1, Kind.EQUAL)),
            Optional.empty(),
            0.1,
            0.1,
            1,
            Map.of("a", new Multiplier(50, 0, 0)));
    assertEquals(1, combine.lambda("a"));
    assertEquals(100, combine.weights().get("a"), 1e-9);
  }

  @Test
  void theMeansAreThoseOfTheBatchWithoutWhatIsUnscored() {
    List<Reward> batch =
        List.of(
            new Scored(0, OptionalDouble.empty(), Map.of("a", Reward.of(1), "b", Reward.of(5))),
            new Unscored("b: no answer", Map.of("a", Reward.of(0), "b", Reward.unscored("none"))));
    Constrained start = two(Map.of(), Optional.empty());
    assertEquals(start.after(Map.of("a", 0.5, "b", 5.0)), start.after(batch));
    assertEquals(start, start.after(List.of(Reward.unscored("nothing at all"))));
  }

  @Test
  void anUnscoredPartLeavesTheWholeUnscoredAlsoWhileItsMultiplierIsZero() {
    Reward reward =
        two(Map.of(), Optional.empty()).of(Map.of("a", Reward.unscored("late"), "b", Reward.of(1)));
    assertEquals(new Unscored("late"), reward);
  }

  @Test
  void whatMeansNothingIsRefused() {
    Map<String, Constraint> one = Map.of("a", new Constraint(1, Kind.EQUAL));
    assertThrows(IllegalArgumentException.class, () -> new Constrained(Map.of()));
    assertThrows(IllegalArgumentException.class, () -> new Constraint(Double.NaN, Kind.EQUAL));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Constrained(one, Optional.of("a"), 0.1, 0.1, 1, Map.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Constrained(one, Optional.empty(), 0, 0.1, 1, Map.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Constrained(one, Optional.empty(), 0.1, 1, 1, Map.of()));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Constrained(
                one, Optional.empty(), 0.1, 0, 1, Map.of("b", new Multiplier(0, 0, 0))));
  }
}
