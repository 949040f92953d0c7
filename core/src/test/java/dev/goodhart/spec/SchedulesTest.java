package dev.goodhart.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.ConservativeEnsemble;
import dev.goodhart.combine.Gated;
import dev.goodhart.combine.Part;
import dev.goodhart.combine.Weighted;
import dev.goodhart.signal.Signal;
import dev.goodhart.transform.Affine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Numbers of a spec that change over the steps of a training run. */
class SchedulesTest {
  private static final Path FOLDER = Path.of("/specs/here");

  private static RewardSpec spec(String rest) {
    return RewardSpec.parse(
        "signals: { a: test-characters, b: test-characters }\n" + rest, "r.yaml", FOLDER);
  }

  private static String error(String rest) {
    return assertThrows(SpecException.class, () -> spec(rest)).getMessage();
  }

  private static final String RISING =
      "combine: { weighted: { a: 1.0, b: { linear: { from: 0, to: 0.5, steps: 10 } } } }\n";

  @Test
  void aNumberFollowsItsScheduleAndTheOthersStay() {
    RewardSpec spec = spec(RISING);
    assertEquals(Optional.of(new Weighted(Map.of("a", 1.0, "b", 0.0))), spec.at(0).combine());
    assertEquals(Optional.of(new Weighted(Map.of("a", 1.0, "b", 0.2))), spec.at(4).combine());
    assertEquals(Optional.of(new Weighted(Map.of("a", 1.0, "b", 0.5))), spec.at(99).combine());
  }

  @Test
  void whereNobodyTrainsEverythingStandsAtItsEnd() {
    assertEquals(Optional.of(new Weighted(Map.of("a", 1.0, "b", 0.5))), spec(RISING).combine());
    assertEquals(spec(RISING).combine(), spec(RISING).at(10).combine());
  }

  @Test
  void aSpecWithoutSchedulesIsItselfAtEveryStep() {
    RewardSpec spec = spec("combine: a\n");
    assertSame(spec, spec.at(5));
  }

  /** In a gate within a gate, in a list of transforms, in an ensemble: wherever a number stands. */
  @Test
  void schedulesReachEveryNumberBelowTransformAndCombine() {
    String yaml =
        """
        transform:
          b: [ affine, { affine: { scale: { stepwise: { 0: 1, 5: 2 } }, shift: 3 } } ]
        combine:
          gated:
            gate: a
            threshold: { linear: { from: 0, to: 8, steps: 8 } }
            then:
              gated:
                gate: b
                then: { conservative-ensemble: { of: [ a, b ], objective: uwo, lambda: { cosine: { from: 1, to: 0, steps: 4 } } } }
        """;
    RewardSpec at2 = spec(yaml).at(2);
    assertEquals(Map.of("b", List.of(new Affine(1, 0), new Affine(1, 3))), at2.transform());
    assertEquals(new Affine(2, 3), spec(yaml).at(5).transform().get("b").get(1));
    // halfway down a cosine from 1 to 0 in 4 steps: 1/2
    var inner = (Gated) ((Gated) at2.combine().orElseThrow()).then();
    assertEquals(2, ((Gated) at2.combine().orElseThrow()).threshold());
    assertEquals(0.5, ((ConservativeEnsemble) inner.then()).lambda(), 1e-15);
    assertEquals(new Part("b"), inner.gate());
    assertEquals(Schedules.NONE, at2.schedules());
    // and back to YAML
    String written = spec(yaml).toYaml(FOLDER);
    assertEquals(spec(yaml), RewardSpec.parse(written, "written", FOLDER), written);
    assertEquals(written, RewardSpec.parse(written, "written", FOLDER).toYaml(FOLDER));
  }

  @Test
  void aKeyThatWasLeftOutMakesNoDifference() {
    String spelt =
        "combine: { weighted: { weights: { a: 1, b: { linear: { from: 0, to: 0.5, steps: 10 } } } }"
            + " }\n";
    assertEquals(spec(RISING), spec(spelt));
  }

  @Test
  void mistakesAreNamedWithFileLineAndKey() {
    assertEquals(
        "r.yaml:2: combine.weighted.b: unknown schedule 'liner'; did you mean 'linear'? (known:"
            + " cosine, linear, stepwise)",
        error(RISING.replace("linear", "liner")));
    assertEquals(
        "r.yaml:2: combine.weighted.b.linear: steps must be at least 1, not 0",
        error(RISING.replace("10", "0")));
    assertEquals(
        "r.yaml:2: combine.weighted.b.linear.from: expected a number, found a mapping with one key",
        error(RISING.replace("from: 0", "from: { linear: { from: 0, to: 1, steps: 1 } }")));
  }

  @Test
  void numbersThatAMethodRefusesOnTheWayAreFoundWhenTheSpecIsRead() {
    assertEquals(
        "r.yaml:3: combine.conservative-ensemble.lambda: at step 0: lambda must be finite and at"
            + " least 0, not -1.0",
        error(
            """
            combine:
              conservative-ensemble: { of: [ a, b ], lambda: { linear: { from: -1, to: 1, steps: 9 } } }
            """));
    assertEquals(
        "r.yaml:4: combine.conservative-ensemble.lambda: at step 7: lambda must be finite and at"
            + " least 0, not -2.0",
        error(
            """
            combine:
              conservative-ensemble:
                lambda: { stepwise: { 0: 1, 7: -2, 8: 1 } }
                of: [ a, b ]
            """));
  }

  @Test
  void whatIsOpenedOnceFollowsNoSchedule() {
    String says =
        assertThrows(
                SpecException.class,
                () ->
                    RewardSpec.parse(
                        "signals:\n"
                            + "  a:\n"
                            + "    test-everything:\n"
                            + "      number: { linear: { from: 0, to: 1, steps: 1 } }\n",
                        "r.yaml",
                        FOLDER))
            .getMessage();
    assertEquals(
        "r.yaml:4: signals.a.test-everything.number: expected a number; schedules may stand below"
            + " transform and combine, what is in signals is opened once",
        says);
  }

  /** A scorer of a step shares the signals: nothing is opened twice, and closing it closes none. */
  @Test
  void theScorerOfAStepSharesTheOpenSignals() {
    Counting.opened = 0;
    Counting.closed = 0;
    RewardSpec plain =
        new RewardSpec(
            Map.of("a", new Counting(), "b", s -> Reward.of(10)),
            Map.of(),
            Optional.of(new Weighted(Map.of("a", 1.0, "b", 0.5))),
            List.of());
    try (Scorer scorer = new Scorer(plain.with(spec(RISING).schedules()))) {
      Sample sample = Sample.of("p", "abc");
      assertEquals(3 + 10 * 0.5, value(scorer.score(sample)));
      for (long step : new long[] {0, 4, 10}) {
        try (Scorer at = scorer.at(step)) {
          assertEquals(3 + 10 * 0.05 * step, value(at.score(sample)), 1e-12);
        }
      }
      assertEquals(1, Counting.opened);
      assertEquals(0, Counting.closed);
    }
    assertEquals(1, Counting.closed);
  }

  /** Multipliers move after a batch, and the spec of that step is what a checkpoint keeps. */
  @Test
  void theScorerOfTheNextStepHasTheMultipliersOfTheNextStep() {
    RewardSpec spec =
        spec(
            """
            transform: { b: [ { affine: { shift: { stepwise: { 0: 1, 7: 2 } } } } ] }
            combine: { constrained: { constraints: { a: { threshold: 5 } }, proportional: 0 } }
            """);
    try (Scorer scorer = new Scorer(spec)) {
      List<Sample> batch = List.of(Sample.of("p", "abc"), Sample.of("p", "a"));
      Scorer next = scorer.after(scorer.score(batch));
      // J = 2, gap 3, u = 0.1 (3) = 0.3; lambda = tanh 0.3 = 0.29131261, w = 0.29131261 /
      // 0.70868739
      assertEquals(3 * 0.41105940, value(next.score(batch).getFirst()), 1e-6);
      RewardSpec saved = RewardSpec.parse(next.spec().toYaml(FOLDER), "saved", FOLDER);
      assertEquals(next.spec(), saved);
      assertEquals(spec.schedules(), saved.schedules());
    }
  }

  private record Counting() implements Signal {
    private static int opened;
    private static int closed;

    @Override
    public Signal open() {
      opened++;
      return this;
    }

    @Override
    public Reward of(Sample sample) {
      return Reward.of(sample.response().length());
    }

    @Override
    public void close() {
      closed++;
    }
  }

  // --- signals for evaluation only

  @Test
  void aSignalThatTheCombinationDoesNotNameIsScoredAndLoggedButWeighsNothing() {
    RewardSpec spec = spec("transform: { b: [ { affine: { scale: 2 } } ] }\ncombine: a\n");
    try (Scorer scorer = new Scorer(spec)) {
      Reward reward = scorer.score(Sample.of("p", "abc"));
      assertEquals(3, value(reward));
      assertEquals(6, value(reward.parts().get("b")));
    }
  }

  @Test
  void anEvaluationThatCannotDecideUnscoresNothing() {
    RewardSpec spec =
        new RewardSpec(
            Map.of(
                "a",
                s -> Reward.of(1),
                "audit",
                s -> Reward.unscored("judge: no answer"),
                "broken",
                s -> {
                  throw new IllegalStateException("down");
                }),
            Map.of(),
            Optional.of(new Part("a")),
            List.of());
    try (Scorer scorer = new Scorer(spec)) {
      Reward reward = scorer.score(Sample.of("p", "abc"));
      assertEquals(1, value(reward));
      assertEquals(new Unscored("judge: no answer"), reward.parts().get("audit"));
      assertEquals(new Unscored("broken failed: down"), reward.parts().get("broken"));
    }
  }

  private static double value(Reward reward) {
    return assertInstanceOf(Scored.class, reward, reward.toString()).value();
  }
}
