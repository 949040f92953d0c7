package dev.goodhart.steer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goodhart.steer.RewardWeightedVote.Weight;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VoteTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(1);
  private static final Vote BY_REWARD = new RewardWeightedVote(Weight.REWARD, 1);

  private static List<@Nullable String> answers(@Nullable String... answers) {
    return Arrays.asList(answers);
  }

  @Test
  void theMajorityElectsAndItsBestResponseIsTaken() {
    assertEquals(
        2,
        new MajorityVote()
            .choose(answers("7", "8", "7", "7"), new double[] {0.1, 0.9, 0.3, 0.2}, RANDOM));
  }

  /** 7: 0.1 + 0.3 + 0.2 = 0.6 against 0.9. */
  @Test
  void aRewardMayOutweighTheMajority() {
    assertEquals(
        1,
        BY_REWARD.choose(answers("7", "8", "7", "7"), new double[] {0.1, 0.9, 0.3, 0.2}, RANDOM));
    assertEquals(
        3,
        BY_REWARD.choose(answers("7", "8", "7", "7"), new double[] {0.2, 0.9, 0.3, 0.5}, RANDOM));
  }

  /** At temperature 1: e^0 + e^0 = 2 against e^0.6 = 1.82; at 1/2 against e^1.2 = 3.3. */
  @Test
  void theTemperatureSaysHowMuchTheRewardWeighs() {
    double[] rewards = {-5, -5, -4.4};
    List<@Nullable String> answers = answers("a", "a", "b");
    Vote warm = new RewardWeightedVote(Weight.EXPONENTIAL, 1);
    Vote cool = new RewardWeightedVote(Weight.EXPONENTIAL, 0.5);
    assertEquals("a", answers.get(warm.choose(answers, rewards, RANDOM)));
    assertEquals("b", answers.get(cool.choose(answers, rewards, RANDOM)));
    assertEquals(
        "reward-weighted-vote: a reward of -5.0 cannot be a weight; use 'weight: exponential'",
        assertThrows(
                IllegalArgumentException.class, () -> BY_REWARD.choose(answers, rewards, RANDOM))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new RewardWeightedVote(Weight.EXPONENTIAL, 0));
  }

  @Test
  void aResponseWithoutAnAnswerHasNoVote() {
    assertEquals(
        3,
        new MajorityVote()
            .choose(answers(null, null, null, "7"), new double[] {9, 9, 9, 0}, RANDOM));
    assertEquals(
        1, new MajorityVote().choose(answers(null, null), new double[] {0.1, 0.9}, RANDOM));
  }

  @Test
  void aTieIsBrokenByChance() {
    int first = 0;
    for (int i = 0; i < 10_000; i++) {
      first += 1 - new MajorityVote().choose(answers("a", "b"), new double[] {0, 9}, RANDOM);
    }
    assertEquals(0.5, first / 10_000.0, 4 * 0.005);
  }

  /** The two ends of the temperature. */
  @Property(tries = 200)
  void coldItIsBestOfNAndHotTheMajority(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] rewards = random.doubles(n, -5, 5).toArray();
    List<@Nullable String> answers =
        Arrays.asList(random.ints(n, 0, 3).mapToObj(String::valueOf).toArray(String[]::new));
    int cold = new RewardWeightedVote(Weight.EXPONENTIAL, 1e-9).choose(answers, rewards, random);
    assertEquals(new BestOfN().choose(rewards, random), cold);
    int hot = new RewardWeightedVote(Weight.EXPONENTIAL, 1e9).choose(answers, rewards, random);
    int most =
        answers.stream().mapToInt(a -> Collections.frequency(answers, a)).max().orElseThrow();
    assertEquals(most, Collections.frequency(answers, answers.get(hot)));
  }

  @Test
  void thereIsSomethingToChooseFrom() {
    for (Vote vote : List.of(new MajorityVote(), BY_REWARD)) {
      assertThrows(
          IllegalArgumentException.class, () -> vote.choose(List.of(), new double[0], RANDOM));
      assertThrows(
          IllegalArgumentException.class, () -> vote.choose(List.of("a"), new double[2], RANDOM));
    }
  }
}
