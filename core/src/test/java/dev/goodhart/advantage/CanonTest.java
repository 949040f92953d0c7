package dev.goodhart.advantage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.advantage.Canon.Half;
import dev.goodhart.advantage.Canon.Schedule;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CanonTest {
  /** Lengths 4 1 3 2, rewards 1 0 1 1: lower half 0 and 1 (mean 1/2), upper 1 and 1 (mean 1). */
  private static final Rollouts FOUR = Drawn.rollouts(new int[] {4, 1, 3, 2}, 1, 0, 1, 1);

  @Test
  void interComparesWithTheOtherHalfAndIntraWithItsOwn() {
    assertArrayEquals(new double[] {0.5, -1, 0.5, 0}, Drawn.firsts(new Canon(1), FOUR), 1e-15);
    assertArrayEquals(new double[] {0, -0.5, 0, 0.5}, Drawn.firsts(new Canon(0), FOUR), 1e-15);
  }

  /** alpha 0.8 on the longer half: 0.8 - 0.5 there, 0 - 0.8 and 1 - 0.8 here. */
  @Test
  void alphaTakesItsShareFromOneHalf() {
    Canon canon = new Canon("length", 1, Schedule.CONSTANT, 0.8, Half.UPPER);
    assertArrayEquals(new double[] {0.3, -0.8, 0.3, 0.2}, Drawn.firsts(canon, FOUR), 1e-15);
    // All right: the longer ones lose 0.2, the shorter ones gain it.
    Rollouts right = Drawn.rollouts(new int[] {1, 2}, 1, 1);
    assertArrayEquals(new double[] {0.2, -0.2}, Drawn.firsts(canon, right), 1e-15);
    Canon lower = new Canon("length", 1, Schedule.CONSTANT, 0.8, Half.LOWER);
    assertArrayEquals(new double[] {-0.2, 0.2}, Drawn.firsts(lower, right), 1e-15);
    // All wrong: nothing to share.
    assertArrayEquals(
        new double[2], Drawn.firsts(canon, Drawn.rollouts(new int[] {1, 2}, 0, 0)), 1e-15);
  }

  /** The step's mean reward is 3/4: a quarter of intra, three quarters of inter. */
  @Test
  void muMayFollowTheAccuracyOfTheStep() {
    assertArrayEquals(
        new double[] {0.375, -0.875, 0.375, 0.125},
        Drawn.firsts(new Canon("length", 0, Schedule.ACCURACY, 1, Half.UPPER), FOUR),
        1e-15);
    assertArrayEquals(
        Drawn.firsts(new Canon(0.25), FOUR),
        Drawn.firsts(new Canon("length", 0, Schedule.INVERSE_ACCURACY, 1, Half.UPPER), FOUR),
        1e-15);
  }

  /** Of an odd group the lower half is the smaller one; the unscored one is in neither. */
  @Test
  void theScoredOnesAreHalved() {
    Rollouts three = Drawn.rollouts(new int[] {1, 9, 2, 3}, 1, Double.NaN, 0, 1);
    // lower: 1 (mean 1); upper: 0 1 (mean 1/2)
    assertArrayEquals(new double[] {0.5, 0, -1, 0}, Drawn.firsts(new Canon(1), three), 1e-15);
    assertArrayEquals(
        new double[] {0, 0},
        Drawn.firsts(new Canon(1), Drawn.rollouts(new int[] {1, 2}, 1, Double.NaN)));
  }

  @Property(tries = 300)
  void halfAndHalfIsDrGrpoAndEachHalfSumsToZero(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int pairs) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] rewards = random.doubles(2 * pairs, -1, 1).toArray();
    int[] lengths = random.ints(2 * pairs, 1, 5).toArray();
    Rollouts rollouts = Drawn.rollouts(lengths, rewards);
    assertArrayEquals(
        new GroupCentred().of(rollouts.group()).values(),
        Drawn.firsts(new Canon(0.5), rollouts),
        1e-12);
    for (double mu : new double[] {0, 1}) {
      assertEquals(0, Arrays.stream(Drawn.firsts(new Canon(mu), rollouts)).sum(), 1e-12);
    }
  }

  /** Equal lengths, the right ones first: halved by order, the lower half would be all right. */
  @Test
  void tiesAreBrokenByChanceAndTheSameWayAgain() {
    Set<Double> seen = new HashSet<>();
    for (int length = 1; length <= 40; length++) {
      int[] lengths = new int[8];
      Arrays.fill(lengths, length);
      Rollouts tied = Drawn.rollouts(lengths, 1, 1, 1, 1, 0, 0, 0, 0);
      double[] advantages = Drawn.firsts(new Canon(1), tied);
      assertArrayEquals(advantages, Drawn.firsts(new Canon(1), tied));
      seen.add(advantages[0]);
    }
    assertTrue(seen.size() > 2, seen.toString());
  }

  @Test
  void theMetricMayBeThatOfTheTokensOrAPartOfTheReward() {
    Reward[] rewards = {
      Reward.of(1).withParts(Map.of("steps", Reward.of(7))),
      Reward.of(0).withParts(Map.of("steps", Reward.of(3)))
    };
    // -log p of 2 and 1 nats, the longer one has less
    List<Tokens> tokens =
        List.of(
            new Tokens(new double[] {1}, new int[] {1}, new double[0], new double[] {-2}),
            new Tokens(new double[] {0, 0}, new int[] {2}, new double[0], new double[] {-1, -1}));
    Rollouts rollouts = new Rollouts(Drawn.group(rewards), tokens);
    for (String metric : new String[] {"length", "entropy", "steps"}) {
      // alpha shows who is in the upper half
      double[] advantages =
          Drawn.firsts(new Canon(metric, 1, Schedule.CONSTANT, 0.5, Half.UPPER), rollouts);
      boolean firstIsUpper = !metric.equals("length");
      assertArrayEquals(
          firstIsUpper ? new double[] {0.5, -0.5} : new double[] {1, -1}, advantages, 1e-15);
    }
    assertThrows(
        GoodhartException.class,
        () -> Drawn.firsts(new Canon("words", 1, Schedule.CONSTANT, 1, Half.UPPER), rollouts));
    assertThrows(IllegalArgumentException.class, () -> new Canon(1.1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Canon("length", 1, Schedule.CONSTANT, 0, Half.UPPER));
  }
}
