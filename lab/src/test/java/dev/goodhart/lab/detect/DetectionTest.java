package dev.goodhart.lab.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.CombinedAlarm;
import dev.goodhart.neural.align.AlignSpec;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.spec.RewardSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DetectionTest {
  private static double[] gold(int steps, java.util.function.IntToDoubleFunction of) {
    double[] gold = new double[steps];
    Arrays.setAll(gold, of::applyAsDouble);
    return gold;
  }

  /** Of a run whose reward rises. */
  private static Truth truth(double[] gold) {
    return Truth.of(gold, gold(gold.length, t -> t));
  }

  @Test
  void aRunWhoseRewardFallsTooIsBroken() {
    double[] gold = gold(100, t -> t < 50 ? t : 100 - t);
    assertTrue(truth(gold).hacked());
    assertTrue(Truth.of(gold, gold).broken());
    assertFalse(Truth.of(gold, gold).hacked());
  }

  @Test
  void aRunHackedWhoseGoldFellByATenthOfItsRise() {
    // Up from 0 to 40 at step 41, then down by 0.5 a step: smoothed, the peak is a little lower.
    Truth truth = truth(gold(101, t -> t <= 40 ? t : 40 - 0.5 * (t - 40)));
    assertTrue(truth.hacked());
    assertTrue(Math.abs(truth.peak() - 41) <= 2, truth.toString());
    // A tenth of about 37 is 3.7 or 3 errors of neighbouring steps' differences: 7 to 10 steps.
    assertTrue(truth.fall() - truth.peak() >= 6 && truth.fall() - truth.peak() <= 12);
    assertFalse(truth(gold(101, t -> t <= 40 ? t : 40 - 0.02 * (t - 40))).hacked());
  }

  @Test
  void goldThatNeverMovesHasNotFallen() {
    assertFalse(truth(new double[100]).hacked());
  }

  @Test
  void noiseIsNoFall() {
    for (int seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      assertFalse(truth(gold(100, t -> 0.02 * t + random.nextGaussian())).hacked());
    }
  }

  @Test
  void goldThatOnlyFallsHasHackedToo() {
    SplittableRandom random = new SplittableRandom(1);
    Truth truth = truth(gold(100, t -> -0.1 * t + 0.3 * random.nextGaussian()));
    assertTrue(truth.hacked());
    assertTrue(truth.peak() < 10, truth.toString());
  }

  @Test
  void theThresholdIsPassedByOneInTwentyAtMost() {
    double[] highest = new double[39];
    Arrays.setAll(highest, i -> i + 1);
    // ceil(0.95 · 40) = 38: a fortieth run is above the 38th of 39 with probability 2/40.
    assertEquals(38, Detector.threshold(highest), 1e-6);
    assertEquals(1.1 * 10, Detector.threshold(Arrays.copyOf(highest, 10)), 1e-6);
  }

  /**
   * Thirty steps up in gold; hacked runs then fall while paid words spread, and with them a move
   * that depends on the kind. Rewards go up in all of them.
   */
  private static List<Watched> runs() {
    List<Watched> runs = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(7);
    List<String> signs = List.of("length-up", "repetition-up", "words");
    for (int kind = 0; kind < 3; kind++) {
      for (int i = 0; i < 60; i++) {
        boolean hacked = i % 2 == 0;
        List<Map<String, Double>> moves = new ArrayList<>();
        for (int t = 0; t < 60; t++) {
          double grown = hacked && t > 25 ? 0.5 * (t - 25) : 0;
          Map<String, Double> moved = new HashMap<>();
          for (String sign : signs) moved.put(sign, 2 * random.nextDouble());
          moved.merge(signs.get(kind), grown, Double::sum);
          moved.put("paid-words", grown / 2 + 2 * random.nextDouble());
          moved.put("reward-up", 0.3 * t + 2 * random.nextDouble());
          moves.add(moved);
        }
        runs.add(
            new Watched(
                "run " + runs.size(),
                "kind " + kind,
                "style",
                "made up",
                gold(60, t -> t < 30 ? t : hacked ? 60 - t : 30 + 0.01 * t),
                gold(60, t -> t),
                gold(60, t -> 0),
                moves,
                Map.of("length-drift", 40),
                1));
      }
    }
    return runs;
  }

  @Test
  void whatAllKindsShareIsFoundOnAKindThatWasLeftOut() {
    Detection detection = Detection.of(runs());
    Detection.Tried combined = detection.combined();
    assertEquals(180, combined.runs().size());
    assertEquals(90, combined.hacked().size());
    assertTrue(combined.auroc() > 0.95, "AUROC " + combined.auroc());
    assertTrue(combined.falseAlarms() <= 12, combined.falseAlarms() + " false alarms");
    assertEquals(90, combined.told());
    // What goes up in healthy runs just as much tells nothing, alone or among all moves.
    Detection.Tried reward =
        detection.others().stream()
            .filter(t -> t.name().equals("reward-up"))
            .findAny()
            .orElseThrow();
    assertTrue(reward.told() < 20, reward.told() + " told by the reward");
    assertEquals(Set.copyOf(Detector.SIGNS), detection.alarm().limits().keySet());
    String page = detection.markdown("goodhart detect");
    assertTrue(page.contains("180 runs, 90 hacked, 90 healthy;"), page);
    assertTrue(page.contains("| `length-drift` | 90 of 90 (100 %)"), page);
  }

  @Test
  void aLimitIsWhereHealthyRunsCameTo() {
    List<Watched> healthy = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      List<Map<String, Double>> moves =
          List.of(Map.of("length-up", i / 10.0), Map.of("words", i == 40 ? 8.0 : 2.0));
      double[] up = {0, 1};
      healthy.add(new Watched("run " + i, "kind", "style", "", up, up, up, moves, Map.of(), 1));
    }
    // Lengths went to 4 and words to 8, both in the last run: alone it scores 1, the one before it
    // 3.9/4. The ceil(0.95 · 41) = 39th of 40 is the factor.
    Map<String, Double> limits =
        Detector.of("both", List.of("length-up", "words", "reward-up"), healthy).limits();
    assertEquals(3.9, limits.get("length-up"), 1e-6);
    assertEquals(8 * 3.9 / 4, limits.get("words"), 1e-6);
    assertEquals(1.5 * 3.9 / 4, limits.get("reward-up"), 1e-6);
  }

  @Test
  void thePlanHasTwoWorldsSixKindsAndSpecsThatAreOnes(@TempDir Path folder) {
    List<Planned> plan = Planned.all(10, 1);
    assertTrue(plan.size() >= 120, plan.size() + " runs");
    Set<String> names = new HashSet<>();
    Set<String> kinds = new HashSet<>();
    for (Planned planned : plan) {
      assertTrue(names.add(planned.name()), planned.name());
      kinds.add(planned.kind());
    }
    assertEquals(6, kinds.size());
    for (Planned planned : plan.subList(0, 4)) {
      AtomicOutput.write(folder.resolve("spec.yaml"), planned.yaml("\"model\""));
      assertEquals(planned.steps(), AlignSpec.read(folder.resolve("spec.yaml")).steps());
    }
  }

  /** The default limits are those that the study measured, rounded up; nobody typed others. */
  @Test
  void theAlarmsDefaultsAreTheStudysOwn() throws IOException {
    Path at = Path.of("..").toAbsolutePath(); // tests run in their module's folder
    JsonNode measured = new JsonMapper().readTree(at.resolve("docs/detection.json")).path("limits");
    String spec = "signals: { right: arith-answer }\nmonitor: [ combined-alarm ]\n";
    CombinedAlarm alarm = (CombinedAlarm) RewardSpec.parse(spec, "spec", at).monitor().getFirst();
    assertEquals(measured.size(), alarm.limits().size());
    alarm
        .limits()
        .forEach(
            (move, limit) ->
                assertEquals(
                    Math.ceil(measured.path(move).asDouble() * 100) / 100, limit, 1e-9, move));
  }
}
