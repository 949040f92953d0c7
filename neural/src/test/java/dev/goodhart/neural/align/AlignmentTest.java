package dev.goodhart.neural.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.audit.Finding;
import dev.goodhart.audit.Monitor;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.neural.train.AdamW;
import dev.goodhart.run.Progress;
import dev.goodhart.signal.MatchedPrefix;
import dev.goodhart.signal.Verifier;
import dev.goodhart.spec.RewardSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlignmentTest {
  @ParameterizedTest
  @ValueSource(strings = {"grpo", "rloo", "ppo", "remax", "reinforce-plus-plus"})
  void aPolicyWithRandomWeightsLearnsToSayADigitTwice(String algorithm, @TempDir Path folder) {
    List<StepRow> rows = new ArrayList<>();

    Runs.run(
        Runs.spec(
            "{ algorithm: %s, steps: 60, update: { rate: 2e-2 }, roll-out: { prompts: 8, responses: 12, max-tokens: 3 }, evaluate: { every: 0 } }"
                .formatted(algorithm)),
        folder,
        false,
        rows::add);

    double before =
        rows.subList(0, 5).stream().mapToDouble(r -> r.get("reward")).average().orElse(1);
    double after =
        rows.subList(55, 60).stream().mapToDouble(r -> r.get("reward")).average().orElse(0);
    assertTrue(before < 0.2, "a random policy earns " + before);
    assertTrue(after > before + 0.1, "after 60 steps it earns " + after + ", before " + before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{ algorithm: ppo, update: { rate: 1e-2, epochs: 2, batches: 2 } }",
        "{ algorithm: remax, kl-in-reward: { weight: 0.1 } }",
        "{ explore: dynamic-sampling, start: { steps: 3, batch: 4 } }",
        "{ algorithm: ppo, explore: dynamic-sampling, teacher: { model: { tiny: { layers: 1, width:"
            + " 8, heads: 2 } }, share: 0.5 } }",
        "{ algorithm: remax, teacher: { model: { tiny: { layers: 1, width: 8, heads: 2 } } } }"
      })
  void cutOffAndResumedItEndsWithTheSameBits(String more, @TempDir Path folder) throws IOException {
    AlignSpec spec = Runs.spec(more);
    Path whole = folder.resolve("whole");
    Path cut = folder.resolve("cut");
    Runs.run(spec, whole, false);
    assertThrows(
        IllegalStateException.class,
        () ->
            Runs.run(
                spec,
                cut,
                false,
                row -> {
                  if (row.step() == 5) throw new IllegalStateException("cut off");
                }));

    Runs.run(spec, cut, true);

    for (String file : List.of("checkpoint.safetensors", "rollouts.jsonl", "examples.jsonl")) {
      assertArrayEquals(
          Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(cut.resolve(file)), file);
    }
    assertEquals(Runs.metrics(whole), Runs.metrics(cut));
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("model/model.safetensors")),
        Files.readAllBytes(cut.resolve("model/model.safetensors")));
  }

  @Test
  void aFinishedRunGoesOnForMoreSteps(@TempDir Path folder) throws IOException {
    Runs.run(Runs.spec("{ steps: 9 }"), folder.resolve("whole"), false);
    Runs.run(Runs.spec("{ steps: 6 }"), folder.resolve("more"), false);

    Runs.run(Runs.spec("{ steps: 9 }"), folder.resolve("more"), true);

    assertArrayEquals(
        Files.readAllBytes(folder.resolve("whole/rollouts.jsonl")),
        Files.readAllBytes(folder.resolve("more/rollouts.jsonl")));
  }

  /** 1 token in steps 1 and 2, at most 2 in 3 and 4, and no more than max-tokens from 5 on. */
  @Test
  void responsesGetLongerByTheirSchedule(@TempDir Path folder) {
    List<StepRow> rows = new ArrayList<>();
    Runs.run(
        Runs.spec(
            "{ roll-out: { prompts: 8, responses: 4, max-tokens: 3,"
                + " lengthen: { stepwise: { 0: 1, 2: 2, 4: 99 } } } }"),
        folder,
        false,
        rows::add);
    List<Integer> longest =
        rows.stream().map(row -> (int) Math.ceil(row.get("length") - 1e-9)).toList();
    assertEquals(List.of(1, 1, 2, 2, 3, 3), longest);
    assertThrows(
        dev.goodhart.spec.SpecException.class,
        () -> Runs.spec("{ roll-out: { lengthen: { linear: { from: 0, to: 4, steps: 8 } } } }"));
  }

  /** Warm-up over 4 steps, then in a line to a tenth at step 10: half way down at step 7. */
  @Test
  void theRateRisesAndFalls() {
    Update update = new Update(0.1, 4, 0.1, 1, 1, 1, 100, new AdamW(0.9, 0.95, 1e-8, 0));
    assertEquals(0.025, update.rate(1, 10), 1e-12);
    assertEquals(0.1, update.rate(4, 10), 1e-12);
    assertEquals(0.055, update.rate(7, 10), 1e-12);
    assertEquals(0.01, update.rate(10, 10), 1e-12);
  }

  @Test
  void anotherSpecsCheckpointIsRefused(@TempDir Path folder) {
    Runs.run(Runs.spec("{ steps: 1 }"), folder, false);

    GoodhartException e =
        assertThrows(
            GoodhartException.class,
            () -> Runs.run(Runs.spec("{ steps: 1, seed: 2 }"), folder, true));

    assertTrue(String.valueOf(e.getMessage()).contains("belongs to another run"), e.getMessage());
  }

  @Test
  void aRunThatDivergesKeepsItsLastGoodCheckpointAndSaysWhy(@TempDir Path folder) {
    List<StepRow> rows = new ArrayList<>();
    AlignSpec spec =
        Runs.spec("{ steps: 40, update: { rate: 900, clip: 0 }, evaluate: { every: 0 } }");

    Alignment.Result result = Runs.run(spec, folder, false, rows::add);

    assertTrue(
        result.why().contains("the weights are those of step " + result.steps()), result.why());
    assertTrue(result.steps() < 40, "it went on to the end");
    // What was saved can write.
    var policy =
        new Folder(folder.resolve("model"))
            .open(new Echo().open(new dev.goodhart.run.Seeds(1)), 1, Device.CPU, Progress.NONE);
    assertEquals(
        8,
        new Drawing(policy)
            .draw(List.of(Sample.of("1=", "")), new int[] {8}, 4, 1, 1, d -> {})
            .size());
  }

  @Test
  void aPolicyTooFarFromItsReferenceStops(@TempDir Path folder) {
    Alignment.Result result =
        Runs.run(
            Runs.spec("{ steps: 60, update: { rate: 2e-2 }, stop: { kl: 0.5 } }"), folder, false);

    assertTrue(result.why().contains("above the 0.5 of stop.kl"), result.why());
    assertEquals(0, result.steps() % 3, "a checkpoint's step");
  }

  @Test
  void itEndsWhenTheEvaluationIsGoodEnough(@TempDir Path folder) {
    Alignment.Result result =
        Runs.run(Runs.spec("{ steps: 30, stop: { reward: 0 } }"), folder, false);

    assertEquals(5, result.steps());
    assertTrue(result.why().contains("as much as stop.reward asks for"), result.why());
  }

  @Test
  void theSavedModelIsTheTrainedOneWithItsTokenizer(@TempDir Path folder) {
    Runs.run(Runs.spec("{ steps: 1, keep: { models: 1 } }"), folder, false);

    Path model = folder.resolve("model");
    assertEquals(13 + 2, Tokenizers.open(model).size(), "11 characters and 4 special tokens");
    assertTrue(HfFolder.is(folder.resolve("models/step-000001")));
  }

  /** Cannot decide on responses that begin with an even digit. */
  @Method
  record OddOnly() implements Verifier {
    @Override
    public Reward of(Sample sample) {
      String r = sample.response();
      boolean even = !r.isEmpty() && (r.charAt(0) - '0') % 2 == 0;
      return even ? Reward.unscored("even") : Reward.of(r.length());
    }
  }

  @Test
  void unscoredResponsesAreMaskedAndCounted(@TempDir Path folder) {
    List<StepRow> rows = new ArrayList<>();
    AlignSpec plain = Runs.spec("{ steps: 2 }");
    AlignSpec spec =
        new AlignSpec(
            plain.model(),
            plain.world(),
            RewardSpec.of("odd", new OddOnly()),
            plain.algorithm(),
            plain.advantage(),
            plain.objective(),
            plain.aggregate(),
            plain.regularise(),
            plain.klInReward(),
            plain.teacher(),
            plain.rollOut(),
            plain.explore(),
            plain.update(),
            plain.critic(),
            plain.start(),
            plain.evaluate(),
            plain.stop(),
            plain.keep(),
            plain.steps(),
            plain.seed());

    Runs.run(spec, folder, false, rows::add);

    List<RolloutLog.Row> first = new ArrayList<>();
    RolloutLog.read(
        folder,
        RolloutLog.FILE,
        (step, some) -> {
          if (step == 1) first.addAll(some);
        });
    long unscored = first.stream().filter(r -> r.reward() instanceof dev.goodhart.Unscored).count();
    assertTrue(unscored > 0, "none was unscored");
    assertEquals(unscored / 32.0, rows.getFirst().get("unscored"), 1e-12);
    double mean =
        first.stream()
            .filter(r -> r.reward() instanceof dev.goodhart.Scored)
            .mapToInt(r -> r.sample().response().length())
            .average()
            .orElseThrow();
    assertEquals(mean, rows.getFirst().get("reward"), 1e-12);
  }

  @Test
  void theReportTellsTheRun(@TempDir Path folder) {
    Runs.run(Runs.spec("{ steps: 12 }"), folder, false);

    AlignReport report = AlignReport.of(folder);

    assertTrue(
        report.says().getFirst().startsWith("The reward went from "), report.says().toString());
    String html = report.html();
    assertTrue(html.contains("Over-optimisation") && html.contains("step 12, KL"), html);
  }

  /** Raises an alarm at its third step. */
  @Method
  record ThirdStep() implements Monitor {
    @Override
    public Watch start() {
      int[] steps = {0};
      return (samples, rewards) ->
          ++steps[0] == 3
              ? List.of(new Finding("third-step", Finding.Level.ALARM, "it is the third", Map.of()))
              : List.of();
    }
  }

  private static AlignSpec watched(String stop) {
    RewardSpec reward =
        new RewardSpec(
            Map.of("prefix", new MatchedPrefix()),
            Map.of(),
            Optional.empty(),
            List.of(new ThirdStep()));
    return Runs.spec("{ steps: 6, stop: { monitors: %s } }".formatted(stop)).with(reward);
  }

  @Test
  void anAlarmEndsTheRunWhereItIsAskedFor(@TempDir Path folder) throws IOException {
    Alignment.Result result = Runs.run(watched("[ third-step ]"), folder.resolve("a"), false);
    assertEquals(3, result.steps());
    assertEquals("step 3: third-step: it is the third", result.why());

    assertEquals(6, Runs.run(watched("[ another ]"), folder.resolve("b"), false).steps());
    List<String> alarms = Files.readAllLines(folder.resolve("b/alarms.jsonl"));
    assertEquals(1, alarms.size());
    assertTrue(
        alarms.getFirst().startsWith("{\"step\":3,\"name\":\"third-step\""), alarms.getFirst());
  }

  @Test
  void weightsFollowTheirScheduleAndWhatHasNoneIsLoggedAlone(@TempDir Path folder) {
    List<StepRow> rows = new ArrayList<>();

    Runs.run(
        Runs.spec(
            """
            reward:
              signals: { characters: length, right: matched-prefix }
              combine: { weighted: { characters: { linear: { from: 0, to: 1, steps: 4 } } } }
            steps: 5
            """),
        folder,
        false,
        rows::add);

    for (int step = 0; step < 5; step++) {
      double length = rows.get(step).get("parts/characters");
      assertEquals(step / 4.0 * length, rows.get(step).get("reward"), 1e-9, "step " + step);
      assertTrue(rows.get(step).get("parts/right") >= 0, "logged");
    }
    assertTrue(rows.getLast().get("reward") > 0, "the test would see nothing");
    // On held-out prompts, too; the weight has come to 1 there.
    StepRow last = rows.getLast();
    assertEquals(last.get("evaluation/reward"), last.get("evaluation/parts/characters"), 1e-9);
    assertTrue(last.get("evaluation/parts/right") >= 0, "logged");
  }

  /** Rows of a run whose gold is as given, one a step. */
  private static AlignReport report(double... gold) {
    List<Map<String, Double>> rows = new ArrayList<>();
    for (int i = 0; i < gold.length; i++) {
      rows.add(Map.of("step", i + 1.0, "kl", (double) i, "reward", (double) i, "gold", gold[i]));
    }
    return new AlignReport(rows, Map.of(), List.of(), "");
  }

  @Test
  void aFallOfGoldIsToldFromNoise() {
    // Rises by 4 and loses 3 of it; neighbours differ by 1.
    AlignReport hacked = report(0, 1, 2, 3, 4, 3, 2, 1);
    assertEquals(0.75, hacked.fall(), 1e-12);
    assertTrue(
        hacked.says().get(1).startsWith("Over-optimised: gold rose from 0.000 to 4.000 at step 5"),
        hacked.says().toString());

    assertEquals(0, report(0, 1, 0, 1, 0, 1, 0, 1, 0).fall(), "ups and downs of 1");
    AlignReport sank = report(9, 6, 5, 4, 3, 2, 1);
    assertEquals(0, sank.fall(), "never rose");
    assertEquals(
        "Over-optimised: gold sank from 9.000 to 1.000 while the reward went from 0.000 to 6.000.",
        sank.says().get(1));
  }

  @Test
  void whereTheRewardFallsAlongNothingWasOverOptimised() {
    List<Map<String, Double>> rows = new ArrayList<>();
    double[] gold = {0, 1, 2, 3, 4, 3, 2, 1};
    for (int i = 0; i < gold.length; i++) {
      rows.add(Map.of("step", i + 1.0, "kl", (double) i, "reward", gold[i], "gold", gold[i]));
    }
    String says = new AlignReport(rows, Map.of(), List.of(), "").says().get(1);
    assertTrue(says.startsWith("Gold went from 0.000 to 1.000"), says);
  }
}
