package dev.goodhart.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.AdmissibleWeights.Order;
import dev.goodhart.combine.AdmissibleWeights.Range;
import dev.goodhart.combine.AdmissibleWeights.Tie;
import dev.goodhart.combine.AdmissibleWeights.Value;
import dev.goodhart.combine.RoleNorms.Norm;
import dev.goodhart.spec.RewardSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** System 168, its two combinations of one sample. */
class AdmissibleWeightsTest {
  /** At least 0.1 each of three values: corners (0.8, 0.1, 0.1) and its turns. */
  private static final AdmissibleWeights SIMPLEX = of(0.1, 1, 0.1, 1, 0.1, 1);

  private static AdmissibleWeights of(double... ranges) {
    Map<String, Range> weights = new LinkedHashMap<>();
    for (int k = 0; k < ranges.length; k += 2) {
      weights.put("v" + k / 2, new Range(ranges[k], ranges[k + 1]));
    }
    return new AdmissibleWeights(weights, Value.MIDDLE);
  }

  private static double[][] drawn(int options, SplittableRandom random) {
    return random
        .ints(options)
        .mapToObj(i -> new double[] {random.nextDouble(), random.nextDouble(), random.nextDouble()})
        .toArray(double[][]::new);
  }

  @Test
  void leastAndMostAreThoseOfTheCorners() {
    double[] values = {1, 0, -2};
    assertEquals(0.8 - 0.2, SIMPLEX.most(values), 1e-15);
    assertEquals(0.1 - 1.6, SIMPLEX.least(values), 1e-15);
    assertEquals(-1 / 3.0, SIMPLEX.middle(values), 1e-15);
    // ranges: 0.6 at most of the best value, then 0.3 of the next, and the rest of the last
    AdmissibleWeights ranges = of(0.2, 0.6, 0, 0.3, 0.1, 1);
    assertEquals(0.6 * 3 + 0.3 * 2 + 0.1 * 1, ranges.most(new double[] {3, 2, 1}), 1e-15);
    assertEquals(0.2 * 3 + 0.8 * 1, ranges.least(new double[] {3, 2, 1}), 1e-15);
  }

  /** Against the six corners of a box on the simplex, enumerated. */
  @Property(tries = 200)
  void theKnapsackIsTheBestOfManyAdmissibleWeightings(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    AdmissibleWeights ranges = of(0.1, 0.5, 0.2, 0.7, 0, 0.6);
    double[] values = drawn(1, random)[0];
    double best = Double.NEGATIVE_INFINITY;
    double[][] ends = {{0.1, 0.5}, {0.2, 0.7}, {0, 0.6}};
    for (int free = 0; free < 3; free++) {
      for (int corner = 0; corner < 4; corner++) {
        double[] w = new double[3];
        w[(free + 1) % 3] = ends[(free + 1) % 3][corner & 1];
        w[(free + 2) % 3] = ends[(free + 2) % 3][corner >> 1];
        w[free] = 1 - w[(free + 1) % 3] - w[(free + 2) % 3];
        if (w[free] >= ends[free][0] - 1e-12 && w[free] <= ends[free][1] + 1e-12) {
          best = Math.max(best, w[0] * values[0] + w[1] * values[1] + w[2] * values[2]);
        }
      }
    }
    assertEquals(best, ranges.most(values), 1e-12);
  }

  @Test
  void anOptionIsOverAnotherOnlyIfAllWeightingsSaySo() {
    double[] base = {0, 0, 0};
    assertEquals(Order.OVER, SIMPLEX.order(new double[] {1, 1, 0}, base));
    assertEquals(Order.UNDER, SIMPLEX.order(base, new double[] {1, 1, 0}));
    assertEquals(Order.EQUAL, SIMPLEX.order(base, base.clone()));
    // 0.1 of the gain against up to 0.8 of the loss, and just not
    assertEquals(Order.UNDECIDED, SIMPLEX.order(new double[] {1, 0, -1}, base));
    assertEquals(Order.OVER, SIMPLEX.order(new double[] {8, 8, -1}, base));
    assertEquals(Order.OVER, SIMPLEX.order(new double[] {9, 0, -1.0}, base)); // 0.9 - 0.8
    assertEquals(Order.UNDECIDED, SIMPLEX.order(new double[] {7, 0, -1.0}, base)); // 0.7 - 0.8
  }

  @Property(tries = 200)
  void theBestByTheMiddleIsNeverDominatedAndTheOrderIsStrict(@ForAll long seed) {
    double[][] options = drawn(10, new SplittableRandom(seed));
    int[] undominated = SIMPLEX.undominated(options);
    int best = 0;
    for (int y = 1; y < 10; y++) {
      if (SIMPLEX.middle(options[y]) > SIMPLEX.middle(options[best])) best = y;
    }
    int middle = best;
    assertTrue(Arrays.stream(undominated).anyMatch(y -> y == middle));
    for (double[] a : options) {
      for (double[] b : options) {
        if (SIMPLEX.order(a, b) != Order.OVER) continue;
        assertEquals(Order.UNDER, SIMPLEX.order(b, a));
        for (double[] c : options) {
          if (SIMPLEX.order(b, c) == Order.OVER) assertEquals(Order.OVER, SIMPLEX.order(a, c));
        }
      }
    }
  }

  @Property(tries = 100)
  void aSingleWeightIsTheWeightedSum(@ForAll long seed) {
    AdmissibleWeights one = of(0.5, 0.5, 0.3, 0.3, 0.2, 0.2);
    double[][] options = drawn(6, new SplittableRandom(seed));
    assertEquals(1, one.comparable(options));
    double[] sums =
        Arrays.stream(options).mapToDouble(v -> 0.5 * v[0] + 0.3 * v[1] + 0.2 * v[2]).toArray();
    double most = Arrays.stream(sums).max().orElseThrow();
    int[] best = one.undominated(options);
    assertEquals(1, best.length);
    assertEquals(most, sums[best[0]], 1e-12);
    assertEquals(most, one.middle(options[best[0]]), 1e-12);
  }

  @Test
  void whatIsUndecidedIsDealtWithAsSaid() {
    double[][] options = {{0, 0, 0}, {1, 0, -1}, {-1, 0, 1}, {-1, -1, -1}};
    assertArrayEquals(new int[] {0, 1, 2}, SIMPLEX.undominated(options));
    var random = new SplittableRandom(1);
    assertEquals(OptionalInt.of(0), SIMPLEX.choose(options, 0, Tie.KEEP, random));
    assertEquals(OptionalInt.of(0), SIMPLEX.choose(options, 3, Tie.KEEP, random));
    assertEquals(OptionalInt.of(1), SIMPLEX.choose(options, 0, Tie.TAKE, random));
    assertEquals(OptionalInt.empty(), SIMPLEX.choose(options, 0, Tie.ASK, random));
    assertTrue(SIMPLEX.choose(options, 0, Tie.RANDOM, random).orElseThrow() < 3);
    double[][] clear = {{0, 0, 0}, {1, 1, 1}};
    assertEquals(OptionalInt.of(1), SIMPLEX.choose(clear, 0, Tie.ASK, random));
    assertEquals(3 / 6.0, SIMPLEX.comparable(options)); // all three are over the last
  }

  @Test
  void aRewardIsTheMiddleOrTheWorstWithTheWidthAsItsDeviation() {
    Map<String, Reward> parts = Map.of("v0", Reward.of(1), "v1", Reward.of(0), "v2", Reward.of(-2));
    Scored middle = assertInstanceOf(Scored.class, SIMPLEX.of(parts));
    assertEquals(-1 / 3.0, middle.value(), 1e-15);
    assertEquals(2.1 / Math.sqrt(12), middle.deviation().orElseThrow(), 1e-15);
    var worst = new AdmissibleWeights(SIMPLEX.weights(), Value.WORST);
    assertEquals(-1.5, assertInstanceOf(Scored.class, worst.of(parts)).value(), 1e-15);
    assertInstanceOf(
        Unscored.class,
        SIMPLEX.of(Map.of("v0", Reward.of(1), "v1", Reward.unscored("no"), "v2", Reward.of(0))));
    assertThrows(IllegalArgumentException.class, () -> of(0.6, 1, 0.6, 1));
    assertThrows(IllegalArgumentException.class, () -> of(0, 0.4, 0, 0.4));
    assertThrows(IllegalArgumentException.class, () -> new Range(0.5, 0.4));
  }

  @Test
  void outsideTheNormsIsBelowEverythingInside() {
    var role =
        new RoleNorms(
            "help",
            Map.of(
                "cites", new Norm(OptionalDouble.of(1), OptionalDouble.empty()),
                "risk", new Norm(OptionalDouble.empty(), OptionalDouble.of(0.2))),
            -5);
    assertEquals(3, role(role, 3, 1, 0.2));
    assertEquals(-5, role(role, -50, 1, 0));
    assertEquals(-6.3, role(role, 100, 1, 0.5), 1e-12); // -5 - 1 - 0.3
    assertEquals(-7.8, role(role, 100, 0, 1), 1e-12); // and 1 for what is not cited
    assertEquals("no", unscored(role, Reward.of(1), Reward.unscored("no")));
    assertEquals("no", unscored(role, Reward.unscored("no"), Reward.of(0)));
    assertThrows(IllegalArgumentException.class, () -> new RoleNorms("help", Map.of(), 0));
    assertThrows(
        IllegalArgumentException.class, () -> new Norm(OptionalDouble.of(1), OptionalDouble.of(0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Norm(OptionalDouble.empty(), OptionalDouble.empty()));
  }

  private static double role(RoleNorms role, double help, double cites, double risk) {
    Map<String, Reward> parts =
        Map.of("help", Reward.of(help), "cites", Reward.of(cites), "risk", Reward.of(risk));
    return assertInstanceOf(Scored.class, role.of(parts)).value();
  }

  private static String unscored(RoleNorms role, Reward help, Reward risk) {
    Map<String, Reward> parts = Map.of("help", help, "cites", Reward.of(1), "risk", risk);
    return assertInstanceOf(Unscored.class, role.of(parts)).reason();
  }

  @Test
  void aSpecCanSayThem() {
    RewardSpec spec =
        RewardSpec.parse(
            """
            signals: { a: { length: {} }, b: { column: { name: b } } }
            combine:
              cobb-douglas:
                sides:
                  user: { of: { weighted: { a: 0.5, b: 1 } }, share: 0.7 }
                  house: { of: b, share: 0.3 }
            """,
            "spec.yaml",
            Path.of("."));
    assertEquals(
        0.3,
        assertInstanceOf(CobbDouglas.class, spec.combine().orElseThrow())
            .sides()
            .get("house")
            .share());
    for (String combine :
        new String[] {
          "{ admissible-weights: { weights: { a: { least: 0.2 }, b: {} } } }",
          "{ role-norms: { objective: a, norms: { b: { most: 0.2 } }, floor: -3 } }",
          "{ nash-bargaining: { stakeholders: { a: { disagreement: 1 }, b: { disagreement: 0 } } }"
              + " }"
        }) {
      RewardSpec.parse(
          "signals: { a: { length: {} }, b: { column: { name: b } } }\ncombine: " + combine,
          "spec.yaml",
          Path.of("."));
    }
  }
}
