package dev.goodhart.explore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.explore.Explore.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ExploreTest {
  private static List<History> deviations(double... deviations) {
    return Arrays.stream(deviations).mapToObj(d -> new History(4, 0.5, d)).toList();
  }

  @Test
  void theBudgetIsSplitInProportionToTheDeviationAfterTheMinimum() {
    // 10 - 2 = 8 are free, split 1 : 3 into 2 and 6.
    assertArrayEquals(new int[] {3, 7}, new DeviationAllocation(1).allocate(deviations(1, 3), 10));
    assertArrayEquals(new int[] {0, 10}, new DeviationAllocation(0).allocate(deviations(0, 3), 10));
  }

  @Test
  void whatIsLeftGoesToTheLargestRemainders() {
    // shares 3.5, 1.75 and 1.75: 3 + 1 + 1, and the two that are left go to the last two
    assertArrayEquals(
        new int[] {3, 2, 2}, new DeviationAllocation(0).allocate(deviations(2, 1, 1), 7));
  }

  @Test
  void aNewPromptCountsAsVaryingTheMost() {
    List<History> prompts = new ArrayList<>(deviations(1, 3));
    prompts.add(new History(1, 1, 0)); // one reward says nothing about its spread
    // 1 : 3 : 3 of 14
    assertArrayEquals(new int[] {2, 6, 6}, new DeviationAllocation(0).allocate(prompts, 14));
  }

  @Test
  void aNewPromptGetsWhatSolvedOnesDoNotNeed() {
    List<History> prompts = new ArrayList<>(deviations(0, 0));
    prompts.add(History.NONE);
    assertArrayEquals(new int[] {1, 1, 8}, new DeviationAllocation(1).allocate(prompts, 10));
  }

  @Test
  void whereNothingVariesEveryPromptGetsTheSame() {
    assertArrayEquals(
        new int[] {4, 3, 3}, new DeviationAllocation(1).allocate(deviations(0, 0, 0), 10));
    assertArrayEquals(
        new int[] {5, 5},
        new DeviationAllocation(1).allocate(List.of(History.NONE, History.NONE), 10));
  }

  @Test
  void aBudgetBelowTheMinimumIsSplitEvenly() {
    assertArrayEquals(new int[] {2, 1}, new DeviationAllocation(4).allocate(deviations(0.1, 9), 3));
    assertArrayEquals(
        new int[] {1, 1, 1},
        new DeviationAllocation(Integer.MAX_VALUE).allocate(deviations(1, 2, 3), 3));
  }

  @Test
  void theHardestPromptsShareTheBudgetAndNewOnesCountAsHardest() {
    List<History> prompts =
        List.of(
            new History(1, 0.9, 0), new History(1, 0.2, 0), History.NONE, new History(1, 0.5, 0));
    // half of four: the new one and 0.2; the first of them gets one more
    assertArrayEquals(new int[] {0, 3, 2, 0}, new HardSelection(0.5).allocate(prompts, 5));
    // a tenth of four is one prompt
    assertArrayEquals(new int[] {0, 0, 5, 0}, new HardSelection(0.1).allocate(prompts, 5));
    assertArrayEquals(new int[] {2, 1, 1, 1}, new HardSelection(1).allocate(prompts, 5));
    assertArrayEquals(new int[0], new HardSelection(0.5).allocate(List.of(), 5));
    assertThrows(IllegalArgumentException.class, () -> new HardSelection(0));
    assertThrows(IllegalArgumentException.class, () -> new HardSelection(Double.NaN));
  }

  @Property(tries = 500)
  void theBudgetIsSpentToTheLastRollOutAndEveryPromptGetsItsMinimum(
      @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = 0, max = 1e6) Double> deviations,
      @ForAll @Size(30) List<@IntRange(min = 0, max = 5) Integer> drawn,
      @ForAll @IntRange(min = 0, max = 4) int least,
      @ForAll @IntRange(min = 0, max = 5000) int budget) {
    List<History> prompts = new ArrayList<>();
    for (int i = 0; i < deviations.size(); i++) {
      prompts.add(new History(drawn.get(i), 0, deviations.get(i)));
    }
    for (Explore explore : List.of(new DeviationAllocation(least), new UniformGroups())) {
      int[] counts = explore.allocate(prompts, budget);
      assertEquals(prompts.size(), counts.length);
      assertEquals(budget, Arrays.stream(counts).sum());
      int floor = explore instanceof UniformGroups ? 0 : Math.min(least, budget / prompts.size());
      assertTrue(Arrays.stream(counts).allMatch(c -> c >= floor), Arrays.toString(counts));
    }
  }

  @Property(tries = 200)
  void morePromptsDeviationNeverMeansFewerRollOuts(
      @ForAll @Size(min = 2, max = 10) List<@DoubleRange(min = 0, max = 100) Double> deviations,
      @ForAll @IntRange(min = 10, max = 500) int budget) {
    List<History> prompts = deviations.stream().map(d -> new History(8, 0, d)).toList();
    int[] counts = new DeviationAllocation(1).allocate(prompts, budget);
    for (int i = 0; i < counts.length; i++) {
      for (int j = 0; j < counts.length; j++) {
        // One roll-out of rounding: the largest remainder may sit with the smaller share.
        assertTrue(deviations.get(i) < deviations.get(j) || counts[i] >= counts[j] - 1);
      }
    }
  }

  @Test
  void dynamicSamplingLeavesFlatGroupsOutAndDrawsAsManyAgain() {
    Explore dynamic = new DynamicSampling(3, new UniformGroups());
    assertTrue(!dynamic.keeps(group(Reward.of(1), Reward.of(1))));
    assertTrue(!dynamic.keeps(group(Reward.of(1), Reward.unscored("timeout"))));
    assertTrue(dynamic.keeps(group(Reward.of(1), Reward.of(0))));
    assertEquals(5, dynamic.refill(3, 8, 1));
    assertEquals(2, dynamic.refill(6, 8, 2));
    assertEquals(0, dynamic.refill(6, 8, 3));
    assertEquals(0, dynamic.refill(9, 8, 1));
    assertTrue(new UniformGroups().keeps(group(Reward.of(1), Reward.of(1))));
    assertEquals(0, new UniformGroups().refill(0, 8, 1));
    assertThrows(IllegalArgumentException.class, () -> new DynamicSampling(0, new UniformGroups()));
  }

  /** With a pass rate of 1/2 and groups of 4, 1/8 of the groups are flat: 2 rounds nearly do. */
  @Test
  void theRoundsOfDynamicSamplingEndWithAFullStep() {
    Explore dynamic = new DynamicSampling(10, new UniformGroups());
    SplittableRandom random = new SplittableRandom(1);
    int kept = 0;
    int drawn = 0;
    int rounds = 0;
    for (int more = 64; more > 0; more = dynamic.refill(kept, 64, ++rounds)) {
      drawn += more;
      for (int g = 0; g < more; g++) {
        Reward[] rewards = new Reward[4];
        Arrays.setAll(rewards, i -> Reward.of(random.nextInt(2)));
        kept += dynamic.keeps(group(rewards)) ? 1 : 0;
      }
    }
    assertEquals(64, kept);
    assertEquals(64 * 8 / 7.0, drawn, 4 * Math.sqrt(64 / 8.0)); // negative binomial
  }

  private static Group group(Reward... rewards) {
    return new Group(Collections.nCopies(rewards.length, Sample.of("p", "r")), List.of(rewards));
  }

  private static List<History> rates(double... rates) {
    return Arrays.stream(rates).mapToObj(p -> new History(8, p, 0)).toList();
  }

  /** Distances from [0.2, 0.8]: 0.2, 0, 0.1, 0, 0.2; the new one counts as within. */
  @Test
  void theCurriculumTakesThePromptsNearestToItsBand() {
    List<History> prompts = new ArrayList<>(rates(0, 0.3, 0.9, 0.8, 1));
    prompts.add(History.NONE);
    assertArrayEquals(
        new int[] {0, 2, 0, 2, 0, 2}, new PassRateCurriculum(0.2, 0.8, 0.5).allocate(prompts, 6));
    assertArrayEquals(
        new int[] {0, 2, 1, 1, 0, 1}, new PassRateCurriculum(0.2, 0.8, 0.6).allocate(prompts, 5));
    assertThrows(IllegalArgumentException.class, () -> new PassRateCurriculum(0.8, 0.2, 1));
    assertThrows(IllegalArgumentException.class, () -> new PassRateCurriculum(0.2, 1.1, 1));
  }

  /** A share of 1/4 of the offered prompts makes the step as large as it should be. */
  @Property(tries = 200)
  void candidatesMakeAStepOfTheSizeThatIsWanted(
      @ForAll @IntRange(min = 1, max = 500) int prompts,
      @ForAll @DoubleRange(min = 0.05, max = 1) double keep) {
    for (Explore explore :
        List.of(
            new HardSelection(keep),
            new PassRateCurriculum(0.2, 0.8, keep),
            new PrioritisedPrompts(PrioritisedPrompts.By.FAILURE, keep, 0.1))) {
      int candidates = explore.candidates(prompts);
      assertTrue(candidates >= prompts);
      int[] counts = explore.allocate(Collections.nCopies(candidates, History.NONE), 4 * prompts);
      assertEquals(prompts, Arrays.stream(counts).filter(c -> c == 4).count());
    }
  }

  /** In doubles 0.07 * 100 is 7.000000000000001, which is not to be rounded up to 8. */
  @Test
  void aShareThatIsMeantToBeWholeIsWhole() {
    int[] counts = new HardSelection(0.07).allocate(Collections.nCopies(100, History.NONE), 28);
    assertEquals(7, Arrays.stream(counts).filter(c -> c == 4).count());
  }

  /** One of two prompts: pass rates 0.9 and 0.5 fail in 0.1 and 0.5 of the cases: 1 to 5. */
  @Test
  void prioritisedPromptsAreDrawnInProportionToTheirWeight() {
    double failing = share(PrioritisedPrompts.By.FAILURE, 0.05, rates(0.9, 0.5));
    assertEquals(1 / 6.0, failing, 4 * Math.sqrt(5 / 36.0 / 20_000));
    // 4 * 0.09 to 1
    double learnable = share(PrioritisedPrompts.By.LEARNABILITY, 0.05, rates(0.9, 0.5));
    assertEquals(0.36 / 1.36, learnable, 4 * Math.sqrt(0.2 / 20_000));
    // a mastered one keeps its least, a new one counts fully: 0.25 to 1
    double mastered =
        share(
            PrioritisedPrompts.By.LEARNABILITY, 0.25, List.of(new History(8, 1, 0), History.NONE));
    assertEquals(0.2, mastered, 4 * Math.sqrt(0.16 / 20_000));
  }

  private static double share(PrioritisedPrompts.By by, double least, List<History> prompts) {
    SplittableRandom random = new SplittableRandom(7);
    Explore explore = new PrioritisedPrompts(by, 0.5, least);
    int first = 0;
    for (int i = 0; i < 20_000; i++) {
      first += explore.allocate(prompts, 1, random)[0];
    }
    return first / 20_000.0;
  }

  @Test
  void uniformGroupsDifferByOneAtMost() {
    assertArrayEquals(
        new int[] {3, 3, 2, 2}, new UniformGroups().allocate(deviations(1, 1, 1, 1), 10));
    assertArrayEquals(new int[] {}, new UniformGroups().allocate(List.of(), 10));
    assertArrayEquals(new int[] {}, new DeviationAllocation(1).allocate(List.of(), 10));
  }

  @Test
  void whatMeansNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new DeviationAllocation(-1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new UniformGroups().allocate(List.of(History.NONE), -1));
    assertThrows(IllegalArgumentException.class, () -> new History(-1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new History(2, Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> new History(2, 0, Double.POSITIVE_INFINITY));
  }
}
