package dev.goodhart.advantage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AdvantageTest {
  private static final GroupNormalised GRPO = new GroupNormalised(1e-6);
  private static final LeaveOneOut RLOO = new LeaveOneOut();
  private static final List<Advantage> ALL =
      List.of(GRPO, RLOO, new GroupCentred(), new BatchCentred());

  /** A group with these rewards; NaN stands for an unscored sample. */
  private static Group group(double... rewards) {
    List<Reward> scored =
        Arrays.stream(rewards)
            .mapToObj(r -> Double.isNaN(r) ? Reward.unscored("timeout") : (Reward) Reward.of(r))
            .toList();
    return new Group(Collections.nCopies(rewards.length, Sample.of("p", "r")), scored);
  }

  /** 1 2 3 4: mean 2.5, variance (2.25 + 0.25 + 0.25 + 2.25) / 3 = 5/3. */
  @Test
  void groupNormalisedDividesByTheSampleDeviation() {
    double deviation = 1.2909944487358056 + 1e-6; // sqrt(5/3)
    assertArrayEquals(
        new double[] {-1.5 / deviation, -0.5 / deviation, 0.5 / deviation, 1.5 / deviation},
        GRPO.of(group(1, 2, 3, 4)).values(),
        1e-15);
  }

  @Test
  void epsilonKeepsANearlyConstantGroupSmall() {
    // +-0.5e-9 over a deviation of 0.7e-9, drowned in an epsilon of 1e-6
    double[] advantages = GRPO.of(group(0, 1e-9)).values();
    assertEquals(0.5e-3, advantages[1], 1e-6);
  }

  /** 1 2 6: 1 - (2+6)/2, 2 - (1+6)/2, 6 - (1+2)/2. */
  @Test
  void leaveOneOutComparesWithTheOthers() {
    assertArrayEquals(new double[] {-3, -1.5, 4.5}, RLOO.of(group(1, 2, 6)).values());
  }

  /** 1 2 6: mean 3. Nothing divides it. */
  @Test
  void groupCentredTakesTheMeanOff() {
    assertArrayEquals(new double[] {-2, -1, 3}, new GroupCentred().of(group(1, 2, 6)).values());
    assertArrayEquals(
        new double[] {-2, 0, -1, 3}, new GroupCentred().of(group(1, Double.NaN, 2, 6)).values());
  }

  /** 1 3 | 2 - 6: mean 3 over four scored ones; the unscored one counts nowhere. */
  @Test
  void batchCentredHasOneBaselineForAllGroups() {
    List<Advantages> all =
        new BatchCentred().ofAll(List.of(group(1, 3), group(2, Double.NaN, 6), group()));
    assertArrayEquals(new double[] {-2, 0}, all.get(0).values());
    assertArrayEquals(new double[] {-1, 0, 3}, all.get(1).values());
    assertArrayEquals(new boolean[] {true, false, true}, all.get(1).mask());
    assertArrayEquals(new double[0], all.get(2).values());
  }

  /** 1 2 6: -2 -1 3 without the 3; whatever is masked stays so. */
  @Test
  void negativesOnlyKeepsWhatWasWorseThanTheGroup() {
    var negatives = new NegativesOnly(new GroupCentred());
    assertArrayEquals(new double[] {-2, -1, 0}, negatives.of(group(1, 2, 6)).values());
    Advantages masked = negatives.of(group(1, Double.NaN, 2, 6));
    assertArrayEquals(new double[] {-2, 0, -1, 0}, masked.values());
    assertArrayEquals(new boolean[] {true, false, true, true}, masked.mask());
    List<Advantages> all =
        new NegativesOnly(new BatchCentred()).ofAll(List.of(group(1, 3), group(2, 6)));
    assertArrayEquals(new double[] {-2, 0}, all.get(0).values()); // mean 3 over both groups
    assertArrayEquals(new double[] {-1, 0}, all.get(1).values());
  }

  @Test
  void aGroupIsFlatWhereNothingIsToBePreferred() {
    assertTrue(group().flat());
    assertTrue(group(Double.NaN, Double.NaN).flat());
    assertTrue(group(0, Double.NaN).flat());
    assertTrue(group(1, 1, Double.NaN, 1).flat());
    assertEquals(false, group(1, 1, Double.NaN, 0).flat());
  }

  @Test
  void unscoredSamplesAreMaskedAndHaveNoPartInTheBaseline() {
    Advantages advantages = RLOO.of(group(1, Double.NaN, 2, 6));
    assertArrayEquals(new double[] {-3, 0, -1.5, 4.5}, advantages.values());
    assertArrayEquals(new boolean[] {true, false, true, true}, advantages.mask());
    double[] all = GRPO.of(group(1, 2, 3, 4)).values();
    assertArrayEquals(
        new double[] {all[0], 0, all[1], all[2], 0, all[3]},
        GRPO.of(group(1, Double.NaN, 2, 3, Double.NaN, 4)).values());
  }

  @Test
  void nothingToCompareWithGivesZero() {
    for (Advantage advantage : ALL) {
      assertArrayEquals(new double[] {0}, advantage.of(group(5)).values());
      assertArrayEquals(new double[] {0, 0}, advantage.of(group(5, Double.NaN)).values());
      assertArrayEquals(new double[] {}, advantage.of(group()).values());
      assertArrayEquals(
          new boolean[] {false, false}, advantage.of(group(Double.NaN, Double.NaN)).mask());
    }
  }

  @Property(tries = 200)
  void equalRewardsPreferNobody(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double reward,
      @ForAll @net.jqwik.api.constraints.IntRange(min = 1, max = 30) int n) {
    double[] rewards = new double[n];
    Arrays.fill(rewards, reward);
    // Exactly zero: 0.1 three times has a mean that is not 0.1 in floating point.
    for (Advantage advantage : ALL) {
      assertArrayEquals(new double[n], advantage.of(group(rewards)).values(), 0);
    }
    assertTrue(group(rewards).flat());
  }

  @Property(tries = 300)
  void advantagesSumToZeroKeepTheOrderAndFollowAPermutation(
      @ForAll @Size(min = 2, max = 12) List<@DoubleRange(min = -100, max = 100) Double> rewards,
      @ForAll long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rewards.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new java.util.Random(seed));
    double[] plain = rewards.stream().mapToDouble(Double::doubleValue).toArray();
    double[] shuffled = order.stream().mapToDouble(rewards::get).toArray();
    for (Advantage advantage : ALL) {
      double[] values = advantage.of(group(plain)).values();
      double[] permuted = advantage.of(group(shuffled)).values();
      assertEquals(0, Arrays.stream(values).sum(), 1e-6);
      for (int i = 0; i < plain.length; i++) {
        assertEquals(values[order.get(i)], permuted[i], 1e-9);
        for (int j = 0; j < plain.length; j++) {
          assertTrue(!(plain[i] > plain[j]) || values[i] >= values[j]);
        }
      }
    }
  }

  @Property(tries = 200)
  void groupNormalisedDoesNotSeeShiftOrScale(
      @ForAll @Size(min = 2, max = 8) List<@DoubleRange(min = -100, max = 100) Double> rewardsList,
      @ForAll @DoubleRange(min = -100, max = 100) double shift,
      @ForAll @DoubleRange(min = 0.5, max = 10) double scale) {
    double[] rewards = array(rewardsList);
    double spread =
        Arrays.stream(rewards).max().orElseThrow() - Arrays.stream(rewards).min().orElseThrow();
    net.jqwik.api.Assume.that(spread > 1);
    double[] moved = Arrays.stream(rewards).map(r -> scale * r + shift).toArray();
    assertArrayEquals(GRPO.of(group(rewards)).values(), GRPO.of(group(moved)).values(), 1e-4);
  }

  /** RLOO is n / (n - 1) times the reward centred by the mean of all. */
  @Property(tries = 200)
  void leaveOneOutIsTheCentredRewardStretched(
      @ForAll @Size(min = 2, max = 8)
          List<@DoubleRange(min = -100, max = 100) Double> rewardsList) {
    double[] rewards = array(rewardsList);
    int n = rewards.length;
    double mean = Arrays.stream(rewards).average().orElseThrow();
    double[] expected = Arrays.stream(rewards).map(r -> n / (n - 1.0) * (r - mean)).toArray();
    assertArrayEquals(expected, RLOO.of(group(rewards)).values(), 1e-9);
  }

  @Test
  void advantagesAreFiniteAndOneASample() {
    assertThrows(
        IllegalArgumentException.class, () -> new Advantages(new double[2], new boolean[1]));
    assertEquals(
        "the advantage of response 1 must be finite, not NaN",
        assertThrows(
                ArithmeticException.class,
                () -> new Advantages(new double[] {0, Double.NaN}, new boolean[2]))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new GroupNormalised(0));
    assertThrows(IllegalArgumentException.class, () -> new GroupNormalised(Double.NaN));
  }

  private static double[] array(List<? extends Number> numbers) {
    return numbers.stream().mapToDouble(Number::doubleValue).toArray();
  }
}
