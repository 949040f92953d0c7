package dev.goodhart.advantage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClipDeltaTest {
  /** Keeps what it is given, token by token. */
  private record Seen(List<Rollouts> batches) implements Credit {
    @Override
    public List<TokenAdvantages> credit(List<Rollouts> batch) {
      batches.addAll(batch);
      return batch.stream()
          .map(
              r ->
                  new TokenAdvantages(
                      r.tokens().stream().map(Tokens::rewards).toArray(double[][]::new),
                      new double[0][],
                      r.group().mask()))
          .toList();
    }
  }

  private static ClipDelta of(boolean clip, boolean delta, OptionalDouble eta) {
    return new ClipDelta(1, eta, clip, delta, "steps", new Seen(new ArrayList<>()));
  }

  private static Reward reward(double outcome, double... scores) {
    Map<String, Reward> steps = new LinkedHashMap<>();
    for (int k = 0; k < scores.length; k++) {
      steps.put(String.valueOf(2 * k + 2), Drawn.reward(scores[k]));
    }
    return Reward.of(outcome)
        .withParts(Map.of("process", Reward.of(0).withParts(Map.of("steps", unweighted(steps)))));
  }

  private static Reward unweighted(Map<String, Reward> steps) {
    return Reward.of(0).withParts(steps);
  }

  /** Two tokens a step. */
  private static Tokens tokens(int steps) {
    int[] ends = new int[steps];
    Arrays.setAll(ends, k -> 2 * k + 2);
    return new Tokens(new double[2 * steps], ends, new double[0], new double[2 * steps]);
  }

  /** eta is the mean of 0.9 0.5 0.4: 0.6. */
  @Test
  void clipPunishesStepsBelowTheMeanAndDeltaTelescopes() {
    Rollouts rollouts = new Rollouts(Drawn.group(reward(1, 0.9, 0.5, 0.4)), List.of(tokens(3)));
    TokenAdvantages clip = of(true, false, OptionalDouble.empty()).credit(List.of(rollouts)).get(0);
    assertArrayEquals(new double[] {0, 0, 0, -0.1, 0, 1 - 0.2}, clip.values()[0], 1e-15);
    TokenAdvantages delta =
        of(false, true, OptionalDouble.empty()).credit(List.of(rollouts)).get(0);
    assertArrayEquals(new double[] {0, 0.4, 0, 0.5, 0, 1}, delta.values()[0], 1e-15);
    // c = 0 -0.1 -0.2: 0 + 0.1, -0.1, 0
    TokenAdvantages both = of(true, true, OptionalDouble.empty()).credit(List.of(rollouts)).get(0);
    assertArrayEquals(new double[] {0, 0.1, 0, -0.1, 0, 1}, both.values()[0], 1e-15);
  }

  @Test
  void alphaScalesTheStepsAndTheGroupsRewardIsTheirSumWithTheOutcome() {
    Seen seen = new Seen(new ArrayList<>());
    new ClipDelta(0.1, OptionalDouble.of(0.5), true, false, "steps", seen)
        .credit(List.of(new Rollouts(Drawn.group(reward(1, 0.3, 0.9)), List.of(tokens(2)))));
    assertArrayEquals(new double[] {0.98}, seen.batches.getFirst().group().scored(), 1e-15);
    assertArrayEquals(
        new double[] {0, -0.02, 0, 1},
        seen.batches.getFirst().tokens().getFirst().rewards(),
        1e-15);
  }

  /** The whole of a Delta return is the first score, whatever the number of steps. */
  @Property(tries = 300)
  void theDeltaReturnIsTheFirstScoreAndACopiedStepAddsNothing(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 12) int steps) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] scores = random.doubles(steps, 0, 1).toArray();
    ClipDelta delta = of(false, true, OptionalDouble.empty());
    ClipDelta clip = of(true, false, OptionalDouble.empty());
    ClipDelta both = of(true, true, OptionalDouble.empty());
    assertEquals(scores[0], Arrays.stream(delta.refined(scores, 0)).sum(), 1e-12);
    int copied = random.nextInt(steps);
    double[] longer = new double[steps + 1];
    System.arraycopy(scores, 0, longer, 0, copied + 1);
    System.arraycopy(scores, copied, longer, copied + 1, steps - copied);
    assertEquals(scores[0], Arrays.stream(delta.refined(longer, 0)).sum(), 1e-12);
    double eta = random.nextDouble();
    assertTrue(
        Arrays.stream(clip.refined(longer, eta)).sum()
            <= Arrays.stream(clip.refined(scores, eta)).sum());
    // What is still to be earned from step k on is c_k: never above 0 with clip.
    double toGo = 0;
    double[] refined = both.refined(scores, eta);
    for (int k = steps - 1; k >= 0; k--) {
      toGo += refined[k];
      assertEquals(k == steps - 1 ? 0 : Math.min(scores[k] - eta, 0), toGo, 1e-12);
    }
  }

  @Test
  void aSingleStepIsLeftToTheOutcome() {
    assertArrayEquals(
        new double[] {0}, of(true, true, OptionalDouble.empty()).refined(new double[] {0.1}, 1));
    assertArrayEquals(
        new double[] {}, of(true, true, OptionalDouble.empty()).refined(new double[] {}, 1));
  }

  @Test
  void whatDoesNotFitOrIsUnknownIsMaskedAndStaysOutOfEta() {
    Reward lost = Reward.of(1).withParts(Map.of("process", Reward.unscored("timeout: the model")));
    Rollouts rollouts =
        new Rollouts(
            Drawn.group(
                reward(1, 0.2, 0.4),
                reward(1, 1, 1, 1),
                reward(1, 1, Double.NaN),
                lost,
                Reward.unscored("timeout"),
                reward(1, 0.6)),
            List.of(tokens(2), tokens(2), tokens(2), tokens(1), tokens(1), tokens(2)));
    TokenAdvantages credit =
        of(true, false, OptionalDouble.empty()).credit(List.of(rollouts)).get(0);
    assertArrayEquals(new boolean[] {true, false, false, false, false, true}, credit.mask());
    // eta = (0.2 + 0.4 + 0.6) / 3 = 0.4
    assertArrayEquals(new double[] {0, -0.2, 0, 1}, credit.values()[0], 1e-15);
    // One step, and text behind it.
    assertArrayEquals(new double[] {0, 0, 0, 1}, credit.values()[5], 1e-15);
  }

  @Test
  void saysWhatItNeeds() {
    ClipDelta method = of(true, true, OptionalDouble.empty());
    assertEquals(
        "clip-delta: needs step scores, in the parts of one part 'steps'; found 0 such parts",
        assertThrows(
                GoodhartException.class,
                () -> method.credit(List.of(new Rollouts(Drawn.group(1.0), List.of(tokens(1))))))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new ClipDelta(-1, OptionalDouble.empty(), true, true, "steps", new StepLeaveOneOut()));
    assertTrue(
        new ClipDelta(1, OptionalDouble.empty(), true, true, "steps", new Gae(1, 1, true))
            .critic());
  }

  @Test
  void theSpecNamesTheCreditItFeeds() {
    assertEquals(
        new ClipDelta(0.02, OptionalDouble.empty(), true, true, "steps", new StepLeaveOneOut()),
        dev.goodhart.spec.Methods.read("clip-delta", "--credit", Credit.class));
    assertEquals(
        new ClipDelta(0.02, OptionalDouble.of(0.5), true, true, "steps", new GroupNormalised(1e-6)),
        dev.goodhart.spec.Methods.read(
            "clip-delta: { eta: 0.5, credit: group-normalised }", "--credit", Credit.class));
  }
}
