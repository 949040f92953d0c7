package dev.goodhart.advantage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Credit down to the token. */
class CreditTest {
  private static final List<Credit> ALL =
      List.of(
          new BatchCentred(),
          new BatchNormalised(false, 1, 1e-8),
          new BatchNormalised(true, 0.9, 1e-8),
          new Gae(1, 0.95, true),
          new Gae(0.99, 0.5, false),
          new GreedyBaseline(),
          new GroupCentred(),
          new GroupNormalised(1e-6),
          new LeaveOneOut(),
          new OptimalBaseline(),
          new StepLeaveOneOut(),
          new StepNormalised(1e-6));

  private static Reward reward(double value) {
    return Double.isNaN(value) ? Reward.unscored("timeout") : Reward.of(value);
  }

  /** Responses whose tokens earn these rewards; a response whose first is NaN is unscored. */
  private static Rollouts rollouts(@Nullable Reward greedy, Tokens... tokens) {
    List<Reward> rewards =
        Arrays.stream(tokens).map(t -> reward(Arrays.stream(t.rewards()).sum())).toList();
    return new Rollouts(
        new Group(Collections.nCopies(tokens.length, Sample.of("p", "r")), rewards),
        List.of(tokens),
        greedy);
  }

  private static Tokens tokens(int[] ends, double... rewards) {
    return new Tokens(rewards, ends, new double[0], new double[rewards.length]);
  }

  private static Tokens tokens(double... rewards) {
    return tokens(new int[] {rewards.length}, rewards);
  }

  private static Tokens valued(double[] values, double... rewards) {
    return new Tokens(rewards, new int[] {rewards.length}, values, new double[rewards.length]);
  }

  private static final Tokens LOST = tokens(Double.NaN, 0);

  private static Tokens written(int[] ids, double reward) {
    double[] rewards = new double[ids.length];
    rewards[ids.length - 1] = reward;
    return new Tokens(rewards, new int[] {ids.length}, new double[0], new double[ids.length], ids);
  }

  /**
   * Rewards 1 0 0 0 at the first token: mean 1/4, deviation sqrt(3/4 / 3) = 1/2. Three go on from
   * token 7 with 1 0 0: mean 1/3, deviation sqrt(2/3 / 2) = 1/sqrt(3). Nobody shares what is behind
   * 7 8 9, and those behind 7 5 earn the same.
   */
  @Test
  void eachForkOfTheResponsesIsComparedByItself() {
    TokenAdvantages credit =
        new PrefixNormalised(1e-12)
            .credit(
                List.of(
                    rollouts(
                        null,
                        written(new int[] {7, 8, 9}, 1),
                        written(new int[] {7, 5, 3}, 0),
                        written(new int[] {7, 5, 4}, 0),
                        written(new int[] {6, 8, 9}, 0),
                        written(new int[] {6, 8}, Double.NaN))))
            .getFirst();
    double[][] values = credit.values();
    double root = Math.sqrt(3);
    assertArrayEquals(new double[] {1.5, 2 / root, 0}, values[0], 1e-9);
    assertArrayEquals(new double[] {-0.5, -1 / root, 0}, values[1], 1e-9);
    assertArrayEquals(new double[] {-0.5, -1 / root, 0}, values[2], 1e-9);
    assertArrayEquals(new double[] {-0.5, 0, 0}, values[3], 1e-9);
    assertArrayEquals(new boolean[] {true, true, true, true, false}, credit.mask());
    assertArrayEquals(new double[2], values[4]);
    assertThrows(
        IllegalArgumentException.class,
        () -> new PrefixNormalised(1e-6).credit(List.of(rollouts(null, tokens(1), tokens(0)))));
  }

  /** Responses of one token each share nothing but the prompt. */
  @Property(tries = 100)
  void withOneTokenEachPrefixNormalisedIsGroupNormalised(
      @ForAll @net.jqwik.api.constraints.Size(min = 1, max = 8)
          List<@DoubleRange(min = -5, max = 5) Double> rewards) {
    Tokens[] tokens =
        IntStream.range(0, rewards.size())
            .mapToObj(i -> written(new int[] {i % 3}, rewards.get(i)))
            .toArray(Tokens[]::new);
    Rollouts group = rollouts(null, tokens);
    double[] expected = new GroupNormalised(1e-6).of(group.group()).values();
    double[][] found = new PrefixNormalised(1e-6).credit(List.of(group)).getFirst().values();
    for (int i = 0; i < expected.length; i++) assertEquals(expected[i], found[i][0], 1e-9);
  }

  /**
   * gamma 1/2, lambda 1/2, V = 1 2 4, r = 0 1 6: surprises 0 + 1 - 1 = 0, 1 + 2 - 2 = 1, 6 + 0 - 4
   * = 2; backwards 2, 1 + 2/4 = 1.5, 0 + 1.5/4 = 0.375; returns 1.375, 3.5, 6.
   */
  @Test
  void gaeDiscountsTheSurprisesThatFollow() {
    TokenAdvantages credit =
        new Gae(0.5, 0.5, false)
            .credit(List.of(rollouts(null, valued(new double[] {1, 2, 4}, 0, 1, 6))))
            .getFirst();
    assertArrayEquals(new double[] {0.375, 1.5, 2}, credit.values()[0], 1e-15);
    assertArrayEquals(new double[] {1.375, 3.5, 6}, credit.returns()[0], 1e-15);
    assertTrue(new Gae(1, 1, true).critic());
  }

  /** lambda 1: reward-to-go minus value. lambda 0: the one-step surprise. */
  @Property(tries = 200)
  void gaesEndsAreRewardToGoAndTheOneStepSurprise(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int n,
      @ForAll @DoubleRange(min = 0.1, max = 1) double gamma) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] r = random.doubles(n, -1, 1).toArray();
    double[] v = random.doubles(n, -1, 1).toArray();
    List<Rollouts> batch = List.of(rollouts(null, valued(v, r)));
    double[] far = new Gae(gamma, 1, false).credit(batch).getFirst().values()[0];
    double[] near = new Gae(gamma, 0, false).credit(batch).getFirst().values()[0];
    for (int t = 0; t < n; t++) {
      double toGo = 0;
      for (int s = t; s < n; s++) {
        toGo += Math.pow(gamma, s - t) * r[s];
      }
      assertEquals(toGo - v[t], far[t], 1e-12);
      assertEquals(r[t] + (t + 1 < n ? gamma * v[t + 1] : 0) - v[t], near[t], 1e-12);
    }
  }

  /** Advantages 1, 3 and 5 in two responses: mean 3, deviation 2; the masked one is left out. */
  @Test
  void whiteningGoesOverTheTokensThatCountAndLeavesTheReturns() {
    List<TokenAdvantages> credits =
        new Gae(1, 0, true)
            .credit(
                List.of(
                    rollouts(
                        null,
                        valued(new double[] {0, 0}, 1, 3),
                        valued(new double[] {7, 8}, Double.NaN, 100)),
                    rollouts(null, valued(new double[] {0}, 5))));
    assertArrayEquals(new double[] {-1, 0}, credits.get(0).values()[0], 1e-8);
    assertArrayEquals(new double[] {0, 0}, credits.get(0).values()[1]);
    assertArrayEquals(new double[] {7, 8}, credits.get(0).returns()[1]);
    assertArrayEquals(new double[] {1}, credits.get(1).values()[0], 1e-8);
    assertArrayEquals(new double[] {5}, credits.get(1).returns()[0], 1e-15);
  }

  @Test
  void gaeSaysWhatItNeeds() {
    assertEquals(
        "gae: needs the critic's value at every token",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Gae(1, 1, false).credit(List.of(rollouts(null, tokens(1)))))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Gae(0, 1, false));
    assertThrows(IllegalArgumentException.class, () -> new Gae(1, 1.1, false));
    assertThrows(IllegalArgumentException.class, () -> new Gae(Double.NaN, 1, false));
  }

  @Test
  void remaxComparesWithTheGreedyResponse() {
    TokenAdvantages credit =
        new GreedyBaseline()
            .credit(List.of(rollouts(Reward.of(0.5), tokens(0, 1), tokens(0), LOST, tokens(0.5))))
            .getFirst();
    assertArrayEquals(new double[] {0.5, 0.5}, credit.values()[0]);
    assertArrayEquals(new double[] {-0.5}, credit.values()[1]);
    assertArrayEquals(new double[] {0}, credit.values()[3]);
    assertArrayEquals(new boolean[] {true, true, false, true}, credit.mask());
    assertTrue(new GreedyBaseline().greedy());
  }

  @Test
  void withoutAScoredGreedyResponseThereIsNoBaseline() {
    TokenAdvantages credit =
        new GreedyBaseline()
            .credit(List.of(rollouts(Reward.unscored("timeout"), tokens(1), tokens(0))))
            .getFirst();
    assertArrayEquals(new boolean[] {false, false}, credit.mask());
    assertThrows(
        IllegalArgumentException.class,
        () -> new GreedyBaseline().credit(List.of(rollouts(null, tokens(1)))));
  }

  /** Lengths 1 and 3, rewards 2 and 0: b = 2/4; by the plain mean it would be 1. */
  @Test
  void theOptimalBaselineWeighsByLength() {
    TokenAdvantages credit =
        new OptimalBaseline()
            .credit(List.of(rollouts(null, tokens(2), tokens(0, 0, 0), LOST)))
            .getFirst();
    assertArrayEquals(new double[] {1.5}, credit.values()[0]);
    assertArrayEquals(new double[] {-0.5, -0.5, -0.5}, credit.values()[1]);
    assertFalse(credit.mask()[2]);
  }

  /**
   * Among constant baselines it is the one that makes the second moment of l (r - b)^2 least: the
   * derivative of sum l (r - b)^2 is 0 there.
   */
  @Property(tries = 200)
  void noOtherBaselineHasASmallerLengthWeightedSecondMoment(
      @ForAll long seed, @ForAll @DoubleRange(min = -2, max = 2) double other) {
    SplittableRandom random = new SplittableRandom(seed);
    Tokens[] tokens = new Tokens[6];
    Arrays.setAll(tokens, i -> Tokens.of(1 + random.nextInt(9), random.nextInt(2)));
    TokenAdvantages credit =
        new OptimalBaseline().credit(List.of(rollouts(null, tokens))).getFirst();
    double best = 0;
    double moved = 0;
    for (int i = 0; i < tokens.length; i++) {
      best += tokens[i].size() * Math.pow(credit.values()[i][0], 2);
      moved += tokens[i].size() * Math.pow(credit.values()[i][0] - other, 2);
    }
    assertTrue(best <= moved + 1e-12);
  }

  /**
   * To go with gamma 1: 1 1 | 3 over three tokens; mean 5/3, squares 4/9 + 4/9 + 16/9 = 24/9,
   * variance 12/9.
   */
  @Test
  void reinforcePlusPlusNormalisesOverAllTokensOfTheBatch() {
    List<TokenAdvantages> credits =
        new BatchNormalised(false, 1, 1e-12)
            .credit(List.of(rollouts(null, tokens(0, 1), LOST), rollouts(null, tokens(3))));
    double deviation = Math.sqrt(12.0 / 9);
    double low = -2.0 / 3 / deviation;
    assertArrayEquals(new double[] {low, low}, credits.get(0).values()[0], 1e-10);
    assertArrayEquals(new double[] {0, 0}, credits.get(0).values()[1]);
    assertArrayEquals(new double[] {4.0 / 3 / deviation}, credits.get(1).values()[0], 1e-10);
  }

  /** gamma 1/2, rewards 1 0 4: 1 + 4/4, 4/2, 4. */
  @Test
  void rewardToGoIsDiscounted() {
    assertArrayEquals(new double[] {2, 2, 4}, tokens(1, 0, 4).toGo(0.5));
  }

  /**
   * Groups 0 4 (mean 2) and 5 5: -2, 2, 0, 0 over tokens 1, 2, 1, 1: mean 2/5, squares 4 + 4 + 4 -
   * 5 (2/5)^2 = 11.2, variance 2.8. Not shifted.
   */
  @Test
  void withItsBaselineEqualGroupsGiveExactZeros() {
    List<TokenAdvantages> credits =
        new BatchNormalised(true, 1, 1e-12)
            .credit(
                List.of(
                    rollouts(null, tokens(0), tokens(0, 4)), rollouts(null, tokens(5), tokens(5))));
    double scaled = 2 / Math.sqrt(2.8);
    assertArrayEquals(new double[] {-scaled}, credits.get(0).values()[0], 1e-10);
    assertArrayEquals(new double[] {scaled, scaled}, credits.get(0).values()[1], 1e-10);
    assertArrayEquals(new double[] {0}, credits.get(1).values()[0]);
  }

  /** Steps 1 and 3 (over two tokens) | 2: mean 2, deviation 1; z -1, 1 | 0. To go: 0, 1, 1 | 0. */
  @Test
  void stepsAreNormalisedOverTheGroupAndSummedToTheEnd() {
    TokenAdvantages credit =
        new StepNormalised(1e-12)
            .credit(List.of(rollouts(null, tokens(new int[] {1, 3}, 1, 0, 3), tokens(2, 0), LOST)))
            .getFirst();
    assertArrayEquals(new double[] {0, 1, 1}, credit.values()[0], 1e-10);
    assertArrayEquals(new double[] {0, 0}, credit.values()[1], 1e-10);
    assertFalse(credit.mask()[2]);
  }

  /**
   * To go by step: 4 3 | 2 | 6 5 1. First step: 4 - 8/2, 2 - 10/2, 6 - 6/2; second, where the short
   * one has nothing left: 3 - (0 + 5)/2, 5 - 3/2; third: 1 - 0.
   */
  @Test
  void leaveOneOutByStepComparesStepsOfTheSameNumber() {
    TokenAdvantages credit =
        new StepLeaveOneOut()
            .credit(
                List.of(
                    rollouts(
                        null,
                        tokens(new int[] {2, 3}, 0, 1, 3),
                        tokens(2),
                        LOST,
                        tokens(new int[] {1, 2, 3}, 1, 4, 1))))
            .getFirst();
    assertArrayEquals(new double[] {0, 0, 0.5}, credit.values()[0], 1e-15);
    assertArrayEquals(new double[] {-3}, credit.values()[1], 1e-15);
    assertArrayEquals(new double[] {3, 3.5, 1}, credit.values()[3], 1e-15);
  }

  /** With one step a response, credit by step is credit by response. */
  @Property(tries = 200)
  void oneStepIsTheWholeResponse(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 8) int responses) {
    SplittableRandom random = new SplittableRandom(seed);
    Tokens[] tokens = new Tokens[responses];
    Arrays.setAll(
        tokens,
        i ->
            Tokens.of(
                1 + random.nextInt(5), random.nextInt(4) == 0 ? Double.NaN : random.nextInt(3)));
    List<Rollouts> batch = List.of(rollouts(null, tokens));
    same(new LeaveOneOut().credit(batch), new StepLeaveOneOut().credit(batch));
    same(new GroupNormalised(1e-6).credit(batch), new StepNormalised(1e-6).credit(batch));
  }

  private static void same(List<TokenAdvantages> a, List<TokenAdvantages> b) {
    for (int i = 0; i < a.getFirst().values().length; i++) {
      assertArrayEquals(a.getFirst().values()[i], b.getFirst().values()[i], 1e-12);
    }
    assertArrayEquals(a.getFirst().mask(), b.getFirst().mask());
  }

  /** What holds for every method: shapes, masks, zeros for the masked, exact zeros where flat. */
  @Property(tries = 300)
  void unscoredResponsesAreMaskedEverywhereAndChangeNothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int groups) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Rollouts> batch = IntStream.range(0, groups).mapToObj(g -> random(random, true)).toList();
    for (Credit method : ALL) {
      List<TokenAdvantages> credits = method.credit(batch);
      List<TokenAdvantages> alone =
          method.credit(batch.stream().map(CreditTest::withoutUnscored).toList());
      assertEquals(groups, credits.size());
      for (int g = 0; g < groups; g++) {
        assertArrayEquals(batch.get(g).group().mask(), credits.get(g).mask());
        for (int i = 0, k = 0; i < credits.get(g).mask().length; i++) {
          double[] values = credits.get(g).values()[i];
          assertEquals(batch.get(g).tokens().get(i).size(), values.length);
          assertArrayEquals(
              credits.get(g).mask()[i] ? alone.get(g).values()[k++] : new double[values.length],
              values,
              1e-12,
              method.toString());
        }
      }
    }
  }

  @Property(tries = 100)
  void aBatchInWhichAllEarnTheSameGivesExactZeros(
      @ForAll long seed, @ForAll @DoubleRange(min = -3, max = 3) double reward) {
    SplittableRandom random = new SplittableRandom(seed);
    Tokens[] tokens = new Tokens[2 + random.nextInt(6)];
    Arrays.setAll(tokens, i -> Tokens.of(1 + random.nextInt(5), reward));
    Rollouts flat = rollouts(Reward.of(reward), tokens);
    assertTrue(flat.flat());
    for (Credit method : ALL) {
      for (TokenAdvantages credit :
          method.critic() ? List.<TokenAdvantages>of() : method.credit(List.of(flat, flat))) {
        for (double[] values : credit.values()) {
          assertArrayEquals(new double[values.length], values, 0, method.toString());
        }
      }
    }
  }

  private static Rollouts random(SplittableRandom random, boolean unscored) {
    Tokens[] tokens = new Tokens[1 + random.nextInt(5)];
    for (int i = 0; i < tokens.length; i++) {
      int n = 2 + random.nextInt(4);
      double[] rewards = random.doubles(n, -1, 1).toArray();
      rewards[0] = unscored && random.nextInt(4) == 0 ? Double.NaN : rewards[0];
      tokens[i] =
          new Tokens(rewards, new int[] {1, n}, random.doubles(n, -1, 1).toArray(), new double[n]);
    }
    return rollouts(Reward.of(random.nextDouble()), tokens);
  }

  private static Rollouts withoutUnscored(Rollouts all) {
    boolean[] mask = all.group().mask();
    return rollouts(
        all.greedy(),
        IntStream.range(0, mask.length)
            .filter(i -> mask[i])
            .mapToObj(i -> all.tokens().get(i))
            .toArray(Tokens[]::new));
  }
}
