package dev.goodhart.audit;

import static dev.goodhart.audit.WatchedRun.alarms;
import static dev.goodhart.audit.WatchedRun.steps;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.audit.WatchedRun.Alarm;
import dev.goodhart.audit.WatchedRun.Step;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RewardMonitorsTest {
  /** Sixteen samples whose parts are drawn around these means, the reward being their sum. */
  private static Step parts(int t, Map<String, Double> means) {
    SplittableRandom random = new Seeds(3).of("parts", t);
    List<Reward> rewards = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Map<String, Reward> parts = new LinkedHashMap<>();
      double sum = 0;
      for (var mean : new TreeMap<>(means).entrySet()) { // the same order in every JVM
        double value = mean.getValue() + 0.2 * random.nextGaussian();
        parts.put(mean.getKey(), Reward.of(value));
        sum += value;
      }
      rewards.add(new Scored(sum, OptionalDouble.empty(), parts));
    }
    return Step.rewards(rewards);
  }

  /** Of ten samples so many with a reward of 1, the others with 0. */
  private static Step right(int of) {
    List<Reward> rewards = new ArrayList<>(Collections.nCopies(of, Reward.of(1)));
    rewards.addAll(Collections.nCopies(10 - of, Reward.of(0)));
    return Step.rewards(rewards);
  }

  @Test
  void theDistanceOfTwoSamplesIsTheLargestGapOfTheirStairs() {
    // F rises at 1, 2, 3, 4 by quarters, G at 3, 4, 5, 6: at 2 they stand at 1/2 and 0.
    assertEquals(
        0.5,
        RecentDistribution.distance(new double[] {1, 2, 3, 4}, new double[] {3, 4, 5, 6}),
        1e-15);
    assertEquals(0, RecentDistribution.distance(new double[] {1, 1, 2}, new double[] {1, 1, 2}));
    assertEquals(1, RecentDistribution.distance(new double[] {1, 2}, new double[] {3}));
    // Shares of 1 of a third and of three quarters.
    assertEquals(
        0.75 - 1.0 / 3,
        RecentDistribution.distance(new double[] {0, 0, 1}, new double[] {0, 1, 1, 1}),
        1e-15);
  }

  @Test
  void aRewardThatJumpsIsTold() {
    // 0.3 until step 40, then 0.8. With three of five steps moved the window's share is
    // (2·3 + 3·8)/50 = 0.6; of the baseline's twenty none has. 0.6 − 0.3 < 0.35; with four 0.7.
    List<Alarm> alarms = alarms(new RewardDrift(0.35, 20, 5), 80, t -> right(t < 40 ? 3 : 8));

    assertEquals(List.of(43), steps(alarms));
    Finding finding = alarms.getFirst().finding();
    assertEquals(
        "The reward jumped up: 0.7 on average (median 1), against 0.3 (median 0) in the 20 steps"
            + " before. The distance of the two distributions is 0.4 of at most 1.",
        finding.says().replace("0.400", "0.4").replace("0.300", "0.3").replace("0.700", "0.7"));
    assertEquals(Map.of("distance", 0.4, "before", 0.3, "now", 0.7), rounded(finding.figures()));
  }

  @Test
  void aRewardThatIsLearntIsNot() {
    // From one in ten to ten in ten over 300 steps.
    assertEquals(List.of(), alarms(new RewardDrift(0.35, 20, 5), 300, t -> right(1 + t * 9 / 299)));
  }

  @Test
  void theSameMeanSpreadOutIsADriftToo() {
    List<Alarm> alarms =
        alarms(
            new RewardDrift(0.35, 20, 5),
            60,
            t -> t < 40 ? Step.rewards(Collections.nCopies(10, Reward.of(0.5))) : right(5));
    assertEquals(1, alarms.size());
    assertTrue(alarms.getFirst().finding().says().contains("spread out anew"));
  }

  @Test
  void chanceInSmallStepsIsNoDrift() {
    // A step has one sample: five against twenty are never apart beyond chance short of 0.97.
    SplittableRandom random = new Seeds(4).of("chance", 0);
    assertEquals(
        List.of(),
        alarms(
            new RewardDrift(0.35, 20, 5),
            500,
            t -> Step.rewards(List.of(Reward.of(random.nextDouble())))));
  }

  @Test
  void aPartThatFallsIsNamedWhileTheSumStays() {
    Monitor parts = new PartDrift(0.35, 20, 5);
    List<Alarm> alarms =
        alarms(
            parts,
            80,
            t ->
                parts(
                    t,
                    t < 40
                        ? Map.of("correct", 1.0, "style", 0.0)
                        : Map.of("correct", 0.5, "style", 0.5)));

    assertEquals(2, alarms.size());
    assertTrue(
        alarms.stream().anyMatch(a -> a.finding().says().startsWith("The part correct dropped: ")));
    assertTrue(
        alarms.stream().anyMatch(a -> a.finding().says().startsWith("The part style jumped up: ")));
    assertEquals(
        List.of(), alarms(parts, 200, t -> parts(t, Map.of("correct", 1.0, "style", 0.0))));
  }

  @Test
  void onePartThatRisesWhileAnotherFallsIsATrade() {
    Monitor divergence = new PartDivergence(0.5, 20, 5);
    List<Alarm> alarms =
        alarms(
            divergence,
            200,
            t ->
                parts(
                    t,
                    Map.of(
                        "correct",
                        1 - 0.002 * Math.max(0, t - 40),
                        "style",
                        0.004 * Math.max(0, t - 40),
                        "steady",
                        0.5)));

    // Half of a deviation of 0.2 is 0.1: correct gets there 50 steps after the fortieth.
    assertEquals(1, alarms.size(), alarms.toString());
    assertEquals(92, alarms.getFirst().step(), 10);
    String says = alarms.getFirst().finding().says();
    assertTrue(says.startsWith("The part style rose from "), says);
    assertTrue(says.contains(" while correct fell from "), says);
  }

  @Test
  void partsThatRiseTogetherAreNoTrade() {
    assertEquals(
        List.of(),
        alarms(
            new PartDivergence(0.5, 20, 5),
            200,
            t -> parts(t, Map.of("correct", 0.005 * t, "style", 0.004 * t))));
  }

  @Test
  void aPartThatWasAlwaysTheSameMayFallToo() {
    List<Alarm> alarms =
        alarms(
            new PartDivergence(0.5, 20, 5),
            60,
            t ->
                Step.rewards(
                    Collections.nCopies(
                        4,
                        new Scored(
                            1,
                            OptionalDouble.empty(),
                            Map.of(
                                "format", Reward.of(t < 40 ? 1 : 0),
                                "style", Reward.of(t < 40 ? 0 : 1))))));
    assertEquals(1, alarms.size());
  }

  @Test
  void samplesWithoutARewardAreCountedWithTheirCommonestReason() {
    Unscored late = new Unscored("timeout: 5 s");
    Unscored broken = new Unscored("judge failed: 502");
    // Of 5 · 20 samples 5 % are tolerated: 5 + 3 √(100 · 0.05 · 0.95) = 11.5. From step 10 on four
    // in a step are unscored: 4, 8, 12 of a hundred.
    List<Alarm> alarms =
        alarms(
            new UnscoredShare(0.05, 5),
            40,
            t -> {
              List<Reward> rewards = new ArrayList<>(Collections.nCopies(16, Reward.of(1)));
              rewards.addAll(
                  t < 10
                      ? Collections.nCopies(4, Reward.of(0))
                      : List.of(late, late, broken, late));
              return Step.rewards(rewards);
            });

    assertEquals(List.of(12), steps(alarms));
    assertEquals(
        "12.0 % of the samples were not scored (12 of 100); the commonest reason is 'timeout' (9).",
        alarms.getFirst().finding().says());
  }

  @Test
  void aLostSampleNowAndThenIsNone() {
    assertEquals(
        List.of(),
        alarms(
            new UnscoredShare(0.05, 5),
            100,
            t -> {
              List<Reward> rewards = new ArrayList<>(Collections.nCopies(19, Reward.of(1)));
              rewards.add(new Unscored("timeout: 5 s"));
              return Step.rewards(rewards);
            }));
  }

  @Test
  void thresholdsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new RewardDrift(1, 20, 5));
    assertThrows(IllegalArgumentException.class, () -> new PartDrift(0, 20, 5));
    assertThrows(IllegalArgumentException.class, () -> new PartDivergence(0.5, 1, 5));
    assertThrows(IllegalArgumentException.class, () -> new UnscoredShare(1, 5));
  }

  private static Map<String, Double> rounded(Map<String, Double> figures) {
    Map<String, Double> rounded = new LinkedHashMap<>();
    figures.forEach((name, figure) -> rounded.put(name, Math.rint(figure * 1e9) / 1e9));
    return rounded;
  }
}
