package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.run.Seeds;
import dev.goodhart.spec.RewardSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class MonitorsTest {
  /** One step of a run. */
  private record Step(List<Sample> samples, List<Reward> rewards) {}

  /** The steps at which the monitor raised an alarm. */
  private static List<Integer> alarms(Monitor monitor, int steps, IntFunction<Step> run) {
    Monitor.Watch watch = monitor.start();
    List<Integer> alarms = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      Step step = run.apply(t);
      for (Finding finding : watch.step(step.samples(), step.rewards())) {
        assertEquals(Finding.Level.ALARM, finding.level());
        alarms.add(t);
      }
    }
    return alarms;
  }

  /**
   * Eight responses to two prompts, with lengths, rewards and deviations drawn around what the step
   * asks for.
   */
  private static Step step(int t, double length, double spread, double deviation) {
    SplittableRandom random = new Seeds(1).of("run", t);
    List<Sample> samples = new ArrayList<>();
    List<Reward> rewards = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int characters = (int) (length * (0.8 + 0.4 * random.nextDouble()));
      samples.add(Sample.of("prompt " + i % 2, "x".repeat(characters)));
      rewards.add(
          new Scored(
              spread * random.nextGaussian(), deviation * (0.8 + 0.4 * random.nextDouble())));
    }
    return new Step(samples, rewards);
  }

  private static final List<Monitor> ALL =
      List.of(
          new LengthDrift(1.5, 20, 5),
          new EnsembleDisagreement(1.5, 20, 5),
          new RewardVariance(0.25, 20, 5));

  @Test
  void aSteadyRunRaisesNothing() {
    for (Monitor monitor : ALL) {
      assertEquals(List.of(), alarms(monitor, 500, t -> step(t, 200, 1, 0.3)), monitor.toString());
    }
  }

  @Test
  void responsesThatGrowTwofoldAreTold() {
    // From step 40 on, lengths double; the window of five has passed 1.5 by its fourth step:
    // 2^(3/5) = 1.52.
    List<Integer> alarms = alarms(ALL.get(0), 80, t -> step(t, t < 40 ? 200 : 400, 1, 0.3));
    assertEquals(1, alarms.size());
    assertEquals(42, alarms.getFirst(), 1);
  }

  @Test
  void responsesThatShrinkAreToldToo() {
    assertEquals(1, alarms(ALL.get(0), 80, t -> step(t, t < 40 ? 200 : 100, 1, 0.3)).size());
  }

  @Test
  void aSmallDriftIsNone() {
    assertEquals(List.of(), alarms(ALL.get(0), 80, t -> step(t, t < 40 ? 200 : 250, 1, 0.3)));
  }

  @Test
  void anAlarmIsRaisedOnceAndAgainAfterARecovery() {
    IntFunction<Step> run = t -> step(t, (t >= 40 && t < 60) || t >= 80 ? 500 : 200, 1, 0.3);
    assertEquals(2, alarms(ALL.get(0), 100, run).size());
  }

  @Test
  void membersThatPartAreTold() {
    List<Integer> alarms = alarms(ALL.get(1), 80, t -> step(t, 200, 1, t < 40 ? 0.3 : 0.6));
    assertEquals(1, alarms.size());
    assertEquals(42, alarms.getFirst(), 1);
    assertEquals(
        List.of(),
        alarms(ALL.get(1), 80, t -> step(t, 200, 1, t < 40 ? 0.3 : 0.1)),
        "agreement is no alarm");
  }

  @Test
  void aRewardWithoutDeviationsHasNoDisagreement() {
    IntFunction<Step> run = t -> new Step(List.of(Sample.of("p", "r")), List.of(Reward.of(t)));
    assertEquals(List.of(), alarms(ALL.get(1), 80, run));
  }

  @Test
  void aRewardThatGoesFlatIsTold() {
    List<Integer> alarms = alarms(ALL.get(2), 80, t -> step(t, 200, t < 40 ? 1 : 0.01, 0.3));
    assertEquals(1, alarms.size());
    assertTrue(alarms.getFirst() >= 42 && alarms.getFirst() <= 44, alarms.toString());
  }

  @Test
  void promptsThatDifferAreNotVariance() {
    // Every response to a prompt earns the same, and prompts differ widely: nothing can be learnt
    // within a group.
    IntFunction<Step> run =
        t ->
            new Step(
                List.of(
                    Sample.of("a", "1"),
                    Sample.of("a", "2"),
                    Sample.of("b", "3"),
                    Sample.of("b", "4")),
                List.of(Reward.of(-5), Reward.of(-5), Reward.of(5), Reward.of(5)));
    assertEquals(List.of(24), alarms(ALL.get(2), 80, run));
  }

  @Test
  void unscoredSamplesAreNoZeros() {
    // Half of the samples are not scored; as zeros they would keep the deviation up when the scored
    // ones go flat at 10.
    IntFunction<Step> run =
        t ->
            new Step(
                List.of(Sample.of("a", "1"), Sample.of("a", "2"), Sample.of("a", "3")),
                List.of(
                    Reward.of(t < 40 ? 9 : 10),
                    Reward.of(t < 40 ? 11 : 10),
                    Reward.unscored("timeout: 5 s")));
    assertEquals(1, alarms(ALL.get(2), 80, run).size());
  }

  @Test
  void aSpecNamesThem() {
    RewardSpec spec =
        RewardSpec.parse(
            """
            signals: { length: { length: {} } }
            monitor: [ length-drift, { ensemble-disagreement: { ratio: 2 } }, { reward-variance: { floor: 0.1, window: 3 } } ]
            """,
            "spec.yaml",
            Path.of("."));
    assertEquals(
        List.of(
            new LengthDrift(1.5, 20, 5),
            new EnsembleDisagreement(2, 20, 5),
            new RewardVariance(0.1, 20, 3)),
        spec.monitor());
  }

  @Test
  void thresholdsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new LengthDrift(0.9, 20, 5));
    assertThrows(IllegalArgumentException.class, () -> new EnsembleDisagreement(1.5, 1, 5));
    assertThrows(IllegalArgumentException.class, () -> new RewardVariance(1, 20, 5));
    assertThrows(IllegalArgumentException.class, () -> new RewardVariance(0.5, 20, 0));
  }
}
