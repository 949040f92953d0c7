package dev.goodhart.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.Combine;
import dev.goodhart.combine.ConservativeEnsemble;
import dev.goodhart.combine.Gated;
import dev.goodhart.combine.Part;
import dev.goodhart.combine.Weighted;
import dev.goodhart.signal.Signal;
import dev.goodhart.transform.Affine;
import dev.goodhart.transform.Bounded;
import dev.goodhart.transform.PreferenceAsReward;
import dev.goodhart.transform.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScorerTest {
  private static final Signal LENGTH = sample -> Reward.of(sample.response().length());

  private static RewardSpec spec(Map<String, Signal> signals, Combine combine) {
    return new RewardSpec(signals, Map.of(), Optional.of(combine), List.of());
  }

  private static RewardSpec spec(Signal signal, Transform... transforms) {
    return new RewardSpec(
        Map.of("a", signal), Map.of("a", List.of(transforms)), Optional.empty(), List.of());
  }

  private static Reward score(RewardSpec spec, Sample sample) {
    try (Scorer scorer = new Scorer(spec)) {
      return scorer.score(sample);
    }
  }

  private static double value(Reward reward) {
    return assertInstanceOf(Scored.class, reward, reward.toString()).value();
  }

  private static String reason(Reward reward) {
    return assertInstanceOf(Unscored.class, reward).reason();
  }

  private static Sample withReferences(String response, Object... references) {
    return new Sample(
        "", Prompt.of("p"), response, null, Map.of("references", List.of(references)));
  }

  @Test
  void theResultKeepsEveryPartByNameAfterItsTransforms() {
    RewardSpec spec =
        new RewardSpec(
            Map.of("length", LENGTH, "one", s -> Reward.of(1)),
            Map.of("length", List.of(new Affine(2, 0))),
            Optional.of(new Weighted(Map.of("length", 10.0, "one", -1.0))),
            List.of());
    Reward reward = score(spec, Sample.of("p", "abc"));
    assertEquals(10 * (2 * 3) - 1, value(reward));
    assertEquals(6, value(reward.parts().get("length")));
    assertEquals(1, value(reward.parts().get("one")));
  }

  @Test
  void anUnscoredPartTravelsAndTheOtherPartsStay() {
    RewardSpec spec =
        spec(
            Map.of("a", LENGTH, "b", s -> Reward.unscored("timeout: 5 s")),
            new Weighted(Map.of("a", 1.0, "b", 1.0)));
    Reward reward = score(spec, Sample.of("p", "abc"));
    assertEquals("timeout: 5 s", reason(reward));
    assertEquals(3, value(reward.parts().get("a")));
    assertEquals("timeout: 5 s", reason(reward.parts().get("b")));
  }

  @Test
  void anUnscoredSignalIsNotTransformedIntoANumber() {
    assertEquals(
        "timeout: 5 s",
        reason(
            score(
                spec(s -> Reward.unscored("timeout: 5 s"), new Bounded(0, 1)),
                Sample.of("p", "abc"))));
  }

  @Test
  void aShutGateDoesNotAskForTheRewardBehindIt() {
    Combine gated = new Gated(new Part("gate"), 0.5, new Part("then"), 0);
    Map<String, Signal> shut =
        Map.of("gate", s -> Reward.of(0), "then", s -> Reward.unscored("timeout"));
    assertEquals(0, value(score(spec(shut, gated), Sample.of("p", "r"))));
    Map<String, Signal> open =
        Map.of("gate", s -> Reward.of(0.5), "then", s -> Reward.unscored("timeout"));
    assertEquals("timeout", reason(score(spec(open, gated), Sample.of("p", "r"))));
  }

  @Test
  void aThrowingSignalLeavesOnlyItsOwnSampleUnscoredAndIsNamed() {
    Signal signal =
        sample -> {
          if (sample.response().equals("bad")) {
            throw new IllegalArgumentException("cannot parse 'bad'");
          }
          return LENGTH.of(sample);
        };
    List<Sample> batch =
        List.of(Sample.of("p", "a"), Sample.of("p", "bad"), Sample.of("p", "abcd"));
    try (Scorer scorer = new Scorer(RewardSpec.of("correct", signal))) {
      List<Reward> rewards = scorer.score(batch);
      assertEquals(1, value(rewards.get(0)));
      assertEquals("correct failed: cannot parse 'bad'", reason(rewards.get(1)));
      assertEquals(4, value(rewards.get(2)));
    }
  }

  @Test
  void aStackOverflowInASignalCostsOneSampleNotTheRun() {
    Signal recursive =
        sample -> Reward.of("(a|b)*".length() + (sample.response().matches("(a|b)*c") ? 1 : 0));
    List<Sample> batch = List.of(Sample.of("p", "abc"), Sample.of("p", "ab".repeat(200_000)));
    try (Scorer scorer = new Scorer(RewardSpec.of("re", recursive))) {
      List<Reward> rewards = scorer.score(batch);
      assertEquals(7, value(rewards.get(0)));
      assertEquals("re failed: StackOverflowError", reason(rewards.get(1)));
    }
  }

  @Test
  void notANumberAndInfinityAreNamedWhereTheyArise() {
    assertEquals(
        "a failed: a reward must be finite, not NaN",
        reason(score(spec(s -> Reward.of(0.0 / 0)), Sample.of("p", "r"))));
    assertEquals(
        "a failed: affine gave Infinity, a reward must be finite",
        reason(
            score(
                spec(s -> Reward.of(1e300), new Affine(1e300, 0), new Bounded(0, 1)),
                Sample.of("p", "r"))));
    assertEquals(
        "combine failed: a reward must be finite, not Infinity",
        reason(
            score(
                spec(
                    Map.of("a", s -> Reward.of(1e300), "b", s -> Reward.of(1)),
                    new Weighted(Map.of("a", 1e300))),
                Sample.of("p", "r"))));
  }

  @Test
  void noVerdictAtAllIsUnscored() {
    assertEquals(
        "a failed: gave no verdict, not even that there is none",
        reason(score(spec(s -> null), Sample.of("p", "r"))));
  }

  @Test
  void aUsersMistakeStopsTheRunInsteadOfLeavingEverySampleUnscored() {
    Signal missing =
        sample -> {
          throw new GoodhartException("models/x: no such folder");
        };
    assertThrows(GoodhartException.class, () -> score(spec(missing), Sample.of("p", "r")));
  }

  @Test
  void transformsRunInTheOrderInWhichTheyAreWritten() {
    Affine plusOne = new Affine(1, 1);
    Affine twice = new Affine(2, 0);
    assertEquals(8, value(score(spec(LENGTH, plusOne, twice), Sample.of("p", "abc"))));
    assertEquals(7, value(score(spec(LENGTH, twice, plusOne), Sample.of("p", "abc"))));
  }

  @Test
  void referencesAreScoredByTheSameSignalAndGoThroughTheTransformsBefore() {
    // length 3 against references 1 and 5, doubled first: sigmoid(6 - 2) and sigmoid(6 - 10), which
    // add up to one.
    assertEquals(
        0.5,
        value(
            score(
                spec(LENGTH, new Affine(2, 0), new PreferenceAsReward(2, 1)),
                withReferences("abc", "a", "abcde"))),
        1e-15);
    // against the first reference alone: sigmoid(4)
    assertEquals(
        1 / (1 + Math.exp(-4)),
        value(
            score(
                spec(LENGTH, new Affine(2, 0), new PreferenceAsReward(1, 1)),
                withReferences("abc", "a", "abcde"))),
        1e-15);
  }

  @Test
  void tooFewReferencesOrOnesThatAreNoTextAreUnscored() {
    RewardSpec spec = spec(LENGTH, new PreferenceAsReward(2, 1));
    assertTrue(
        reason(score(spec, Sample.of("p", "r"))).startsWith("a lacks references: its transforms"));
    assertTrue(reason(score(spec, withReferences("r", "one"))).contains("need 2 responses"));
    assertEquals(
        "a lacks references: number 2 is not text",
        reason(score(spec, withReferences("r", "one", 2))));
  }

  @Test
  void anUnscoredReferenceLeavesTheSampleUnscored() {
    Signal noLong = s -> s.response().length() > 2 ? Reward.unscored("too long") : LENGTH.of(s);
    assertEquals(
        "a lacks references: number 1 is unscored, too long",
        reason(score(spec(noLong, new PreferenceAsReward(1, 1)), withReferences("r", "long"))));
  }

  @Test
  void theDeviationFollowsTheTransform() {
    Signal uncertain = s -> new Scored(1, 0.5);
    // Affine: exactly |scale| times the deviation.
    assertEquals(
        OptionalDouble.of(1.5),
        ((Scored) score(spec(uncertain, new Affine(-3, 7)), Sample.of("p", "r"))).deviation());
    // Bounded at 1: up is cut off, down is not: half of 0.5.
    assertEquals(
        OptionalDouble.of(0.25),
        ((Scored) score(spec(uncertain, new Bounded(0, 1)), Sample.of("p", "r"))).deviation());
  }

  @Test
  void membersOfAnEnsembleGoThroughTheSignalsTransformsWithIt() {
    Signal ensemble =
        s -> new Scored(3, OptionalDouble.empty(), Map.of("1", Reward.of(1), "2", Reward.of(5)));
    RewardSpec spec =
        new RewardSpec(
            Map.of("a", ensemble),
            Map.of("a", List.of(new Affine(10, 0))),
            Optional.of(
                new ConservativeEnsemble(List.of("a"), ConservativeEnsemble.Objective.WCO, 0.5)),
            List.of());
    assertEquals(10, value(score(spec, Sample.of("p", "r"))));
  }

  @Test
  void membersAreComparedWithTheSameMemberOfTheReferences() {
    // Member 1 scores the length, member 2 its negative; the whole is their mean, 0.
    Signal ensemble =
        s -> {
          double length = s.response().length();
          return new Scored(
              0, OptionalDouble.empty(), Map.of("1", Reward.of(length), "2", Reward.of(-length)));
        };
    Reward reward = score(spec(ensemble, new PreferenceAsReward(1, 1)), withReferences("abc", "a"));
    assertEquals(0.5, value(reward));
    Map<String, Reward> members = reward.parts().get("a").parts();
    assertEquals(1 / (1 + Math.exp(-2)), value(members.get("1")), 1e-15); // 3 against 1
    assertEquals(1 / (1 + Math.exp(2)), value(members.get("2")), 1e-15); // -3 against -1
  }

  /** A signal that counts how often it was opened and closed. */
  private static final class Counting implements Signal {
    final AtomicInteger open = new AtomicInteger();
    final boolean fails;

    Counting(boolean fails) {
      this.fails = fails;
    }

    @Override
    public Signal open() {
      if (fails) {
        throw new GoodhartException("models/x: no such folder");
      }
      open.incrementAndGet();
      return this;
    }

    @Override
    public Reward of(Sample sample) {
      return Reward.of(open.get());
    }

    @Override
    public void close() {
      open.decrementAndGet();
      throw new IllegalStateException("does not close");
    }
  }

  @Test
  void whatWasOpenedIsClosedWhenALaterSignalFails() {
    Counting first = new Counting(false);
    Map<String, Signal> signals = new java.util.LinkedHashMap<>();
    signals.put("first", first);
    signals.put("second", new Counting(true));
    RewardSpec spec = spec(signals, new Part("first"));
    assertThrows(GoodhartException.class, () -> new Scorer(spec));
    assertEquals(0, first.open.get());
  }

  @Test
  void everySignalIsClosedAlsoWhenOneFailsTo() {
    Counting first = new Counting(false);
    Counting second = new Counting(false);
    Scorer scorer = new Scorer(spec(Map.of("1", first, "2", second), new Part("1")));
    assertThrows(IllegalStateException.class, scorer::close);
    assertEquals(0, first.open.get() + second.open.get());
  }

  @Test
  void manyThreadsGetWhatOneGets() throws Exception {
    RewardSpec spec =
        new RewardSpec(
            Map.of("a", LENGTH, "b", s -> new Scored(s.response().hashCode() % 100, 1)),
            Map.of("a", List.of(new PreferenceAsReward(1, 0.1))),
            Optional.of(new Weighted(Map.of("a", 1.0, "b", 0.01))),
            List.of());
    List<Sample> samples =
        IntStream.range(0, 400)
            .mapToObj(i -> withReferences("x".repeat(i), "y".repeat(200)))
            .toList();
    try (Scorer scorer = new Scorer(spec);
        var pool = Executors.newFixedThreadPool(8)) {
      List<Reward> expected = scorer.score(samples);
      List<Future<List<Reward>>> results = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        Callable<List<Reward>> all = () -> samples.stream().map(scorer::score).toList();
        results.add(pool.submit(all));
      }
      for (Future<List<Reward>> result : results) {
        assertEquals(expected, result.get());
      }
    }
  }

  @Test
  void anEmptyBatchIsNoError() {
    try (Scorer scorer = new Scorer(spec(LENGTH))) {
      assertEquals(List.of(), scorer.score(List.of()));
    }
  }
}
