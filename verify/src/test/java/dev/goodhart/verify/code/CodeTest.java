package dev.goodhart.verify.code;

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
import dev.goodhart.spec.RewardSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The signal as a spec names it, and what it says when it cannot say anything. */
class CodeTest {
  private static final Map<String, Object> ECHO =
      Map.of("input_output", Map.of("inputs", List.of("a", "b"), "outputs", List.of("a", "b")));

  private static Sample sample(String response, Map<String, Object> columns) {
    return new Sample("", Prompt.NONE, response, null, columns);
  }

  @Test
  void aSpecNamesItAndItsOptions() {
    RewardSpec spec =
        RewardSpec.parse(
            "signals: { passes: { code: { language: cpp, score: fraction, time-limit: 2, compare:"
                + " words } } }",
            "spec.yaml",
            Path.of("."));
    Code code = (Code) spec.signals().get("passes");
    assertEquals(Language.CPP, code.language());
    assertEquals(Code.Score.FRACTION, code.score());
    assertEquals(6, code.limits().wallSeconds());
    assertEquals(Comparison.WORDS, code.compare());
    RewardSpec plain = RewardSpec.parse("signals: { passes: code }", "spec.yaml", Path.of("."));
    assertEquals(Code.of(Language.PYTHON), plain.signals().get("passes"));
  }

  @Test
  void aLimitThatIsNoneIsRefused() {
    GoodhartException e =
        assertThrows(
            GoodhartException.class,
            () ->
                RewardSpec.parse(
                    "signals: { p: { code: { time-limit: 0 } } }", "spec.yaml", Path.of(".")));
    assertTrue(e.getMessage().contains("time-limit"), e.getMessage());
  }

  @Test
  void theRewardHasItsParts() {
    OpenCode code = Sandboxed.small(Language.PYTHON, Code.Score.FRACTION);
    Scored half = assertInstanceOf(Scored.class, code.of(sample("print('a')", ECHO)));
    assertEquals(0.5, half.value());
    assertEquals(Reward.of(0.5), half.parts().get("passed"));
    assertEquals(Reward.of(2), half.parts().get("tests"));
    assertEquals(Reward.of(1), half.parts().get("wrong"));
    assertTrue(((Scored) half.parts().get("seconds")).value() > 0);
    OpenCode all = Sandboxed.small(Language.PYTHON, Code.Score.ALL_OR_NOTHING);
    assertEquals(0, ((Scored) all.of(sample("print('a')", ECHO))).value());
    assertEquals(1, ((Scored) all.of(sample("print(input())", ECHO))).value());
  }

  @Test
  void everyTestsVerdictIsThereIfAskedFor() {
    Sandboxed.need(Language.PYTHON);
    RewardSpec spec =
        RewardSpec.parse("signals: { p: { code: { each: true } } }", "spec.yaml", Path.of("."));
    Sample second = sample("print('b')", ECHO);
    Scored none =
        assertInstanceOf(
            Scored.class, java.util.Objects.requireNonNull(spec.signals().get("p")).of(second));
    assertEquals(0, none.value());
    Reward tests = java.util.Objects.requireNonNull(none.parts().get("tests"));
    // The second test runs although the first one has decided the reward.
    assertEquals(Map.of("1", Reward.of(0), "2", Reward.of(1)), tests.parts());
    OpenCode plain = Sandboxed.small(Language.PYTHON, Code.Score.FRACTION);
    assertEquals(Reward.of(2), ((Scored) plain.of(second)).parts().get("tests"));
  }

  @Test
  void aBatchKeepsItsOrderAndOneBadRowHarmsNoOther() {
    OpenCode code = Sandboxed.small(Language.PYTHON, Code.Score.FRACTION);
    List<Sample> batch = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String text = String.valueOf(i);
      batch.add(
          sample(
              "print(" + i + ")",
              Map.of(
                  "input_output",
                  Map.of("inputs", List.of(""), "outputs", List.of(i % 3 == 0 ? "no" : text)))));
    }
    batch.set(5, sample("print(5)", Map.of()));
    List<Reward> rewards = code.of(batch);
    for (int i = 0; i < 12; i++) {
      if (i == 5) {
        assertTrue(assertInstanceOf(Unscored.class, rewards.get(i)).reason().startsWith("tests: "));
      } else {
        assertEquals(i % 3 == 0 ? 0 : 1, ((Scored) rewards.get(i)).value(), "row " + i);
      }
    }
  }

  @Test
  void withoutBubblewrapNothingIsRun() {
    Launch launch = new Launch(Path.of("/usr/bin/python3"), List.of(), true, Optional.empty());
    SandboxException e = assertThrows(SandboxException.class, launch::command);
    assertEquals("sandbox: bubblewrap is missing: apt-get install bubblewrap", e.getMessage());
  }

  @Test
  void aSandboxThatDoesNotStartSaysWhy() {
    Sandboxed.need(Language.SHELL);
    Launch launch = new Launch(Path.of("/no/such/python"), List.of(), true, Programs.find("bwrap"));
    SandboxException e = assertThrows(SandboxException.class, () -> Sandbox.start(launch));
    assertTrue(e.getMessage().startsWith("sandbox: it does not start: bwrap: "), e.getMessage());
  }

  @Test
  void withoutTheLanguageTheSampleIsUnscored() {
    Code code =
        new Code(
            Language.JAVASCRIPT,
            Code.Score.FRACTION,
            1,
            java.util.OptionalDouble.empty(),
            64,
            1,
            1,
            8,
            Comparison.LINES,
            0,
            false,
            Optional.empty(),
            Optional.of(Path.of("/nowhere/node")));
    Unscored unscored = assertInstanceOf(Unscored.class, code.of(sample("1", ECHO)));
    assertEquals("toolchain", unscored.kind());
  }

  @Test
  void withoutASandboxItRunsOnlyWhenToldTo() {
    Toolchain python = Toolchain.of(Language.PYTHON, Optional.empty());
    Launch launch = new Launch(python.run(), List.of(), false, Optional.empty());
    try (SandboxPool pool = new SandboxPool(launch, 1)) {
      Checker checker =
          new Checker(
              python,
              pool,
              Code.of(Language.PYTHON).limits(),
              new OutputMatch(Comparison.LINES, 0),
              new ValueMatch(0),
              false);
      CodeTests tests = TestColumns.of(sample("", ECHO), Optional.empty());
      assertTrue(checker.check(tests, "print(input())").passed());
      assertEquals(Verdict.CRASHED, checker.check(tests, "1 / 0").tests().getFirst().verdict());
      CodeTests asserts =
          TestColumns.of(
              sample("", Map.of("test_list", List.of("assert f(2) == 4"))), Optional.empty());
      assertTrue(checker.check(asserts, "def f(x): return x * x").passed());
    }
  }

  @Test
  void whoIsInterruptedHasNoVerdictAndItsProgramStops() throws Exception {
    Code slow =
        (Code)
            RewardSpec.parse(
                    "signals: { p: { code: { wall-limit: 50 } } }", "spec.yaml", Path.of("."))
                .signals()
                .get("p");
    Sample sleeps = sample("import time\ntime.sleep(40)\nprint(input())", ECHO);
    try (OpenCode open = new OpenCode(slow, 1)) {
      List<Reward> told = new ArrayList<>();
      Thread asks = Thread.ofPlatform().start(() -> told.add(open.of(sleeps)));
      Thread waits = Thread.ofPlatform().start(() -> told.add(open.of(sleeps)));
      Thread.sleep(1500);
      long start = System.nanoTime();
      asks.interrupt();
      waits.interrupt();
      asks.join(20_000);
      waits.join(20_000);

      assertEquals(2, told.size());
      told.forEach(reward -> assertInstanceOf(Unscored.class, reward));
      assertEquals(
          Reward.of(1).value(), ((Scored) open.of(sample("print(input())", ECHO))).value());
      assertTrue(System.nanoTime() - start < 30e9, "the only sandbox was still in use");
    }
  }
}
