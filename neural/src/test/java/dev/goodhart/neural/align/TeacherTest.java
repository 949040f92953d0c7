package dev.goodhart.neural.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.neural.align.World.Split;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Parameters;
import dev.goodhart.objective.Distillation;
import dev.goodhart.objective.Distillation.Divergence;
import dev.goodhart.objective.PpoClip;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.Verifier;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.SpecException;
import dev.goodhart.spec.Specs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TeacherTest {
  private static final Tasks ECHO = new Echo().open(new Seeds(1));

  /** A new model of the echo world whose opinions are strong enough to differ. */
  private static Decoder opinionated(int width, long seed) {
    Decoder blank = tiny(width, seed).decoder();
    Map<String, Tensor> weights = new LinkedHashMap<>();
    blank
        .weights()
        .forEach(
            (name, w) ->
                weights.put(
                    name, Scope.outside(() -> w.dim() < 2 ? w.clone() : w.mul(new Scalar(20.0)))));
    return new Decoder(blank.config(), weights);
  }

  private static Policy tiny(int width, long seed) {
    return new Tiny(1, width, 2, 32).open(ECHO, seed, Device.CPU, Progress.NONE);
  }

  private static Episode episode(double weight, double taught, double advantage, int... tokens) {
    double[] credit = new double[Double.isNaN(advantage) ? 0 : tokens.length];
    java.util.Arrays.fill(credit, advantage);
    double[] old = new double[tokens.length];
    java.util.Arrays.fill(old, -2);
    return Episode.drawn(new int[] {3, 4}, tokens, old)
        .withCredit(credit, new double[0])
        .withWeights(weight, taught);
  }

  private static PolicyTask task(Decoder student, Teaching teaching, double share) {
    return new PolicyTask(student, new PpoClip(0.2, 0.2, 0), List.of(), 1, teaching, share);
  }

  private static double[][] probabilities(Decoder decoder, List<Episode> episodes) {
    try (Scope scope = Scope.inference()) {
      Tensor logits = Responses.of(decoder, episodes).logits(decoder);
      int columns = (int) logits.size(1);
      double[] all = Ops.doubles(logits);
      double[][] p = new double[all.length / columns][columns];
      for (int t = 0; t < p.length; t++) {
        double sum = 0;
        for (int v = 0; v < columns; v++) {
          p[t][v] = Math.exp(all[t * columns + v]);
          sum += p[t][v];
        }
        for (int v = 0; v < columns; v++) p[t][v] /= sum;
      }
      return p;
    }
  }

  /**
   * In plain doubles, with the closed form of its slope at the student's logits: q · (log q − log p
   * − KL) for the reverse divergence, q − p for the forward one.
   */
  @ParameterizedTest
  @EnumSource(
      value = Divergence.class,
      names = {"FORWARD", "REVERSE"})
  void theCostIsTheDivergenceOfTheTokensByTheirWeight(Divergence divergence) {
    Decoder start = opinionated(16, 1);
    Decoder teacher = opinionated(8, 2);
    List<Episode> episodes =
        List.of(episode(9, 0.5, Double.NaN, 5, 6, 2), episode(9, 0.25, 1, 7, 8));
    double[] weight = {0.5, 0.5, 0.5, 0.25, 0.25};
    double[][] p = probabilities(teacher, episodes);
    double[][] q = probabilities(start, episodes);
    double cost = 0;
    double byToken = 0;
    double[] slope = new double[q.length * q[0].length];
    for (int t = 0; t < q.length; t++) {
      double kl = 0;
      for (int v = 0; v < q[t].length; v++) {
        kl +=
            divergence == Divergence.REVERSE
                ? q[t][v] * Math.log(q[t][v] / p[t][v])
                : p[t][v] * Math.log(p[t][v] / q[t][v]);
      }
      for (int v = 0; v < q[t].length; v++) {
        double byLogit =
            divergence == Divergence.REVERSE
                ? q[t][v] * (Math.log(q[t][v] / p[t][v]) - kl)
                : q[t][v] - p[t][v];
        slope[t * q[t].length + v] = weight[t] / 2 * byLogit;
      }
      cost += weight[t] / 2 * kl;
      byToken += kl / q.length;
    }
    assertTrue(byToken > 0.05, "the two hardly differ: " + byToken);

    try (Parameters parameters = Parameters.of(start);
        Parameters other = Parameters.of(start)) {
      Decoder student = parameters.decoder(start);
      Decoder twin = other.decoder(start);
      try (Scope scope = Scope.training()) {
        Teaching teaching = new Teaching(teacher, new Distillation(divergence, 0.5, 1));
        Cost found = task(student, teaching, 1).cost(episodes);
        found.loss().backward();
        Tensor logits = Responses.of(twin, episodes).logits(twin);
        Ops.sum(Ops.mul(logits.reshape(slope.length), Ops.like(logits, slope))).backward();

        assertEquals(cost, Ops.item(found.loss()), 1e-5);
        assertEquals(byToken, Ops.item(found.also().get("distillation")), 1e-5);
        assertArrayEquals(Ops.doubles(other.gradient()), Ops.doubles(parameters.gradient()), 1e-5);
      }
    }
  }

  @Test
  void aShareMixesBothAndResponsesWithoutCreditCostOnlyTheTeacher() {
    Decoder student = opinionated(16, 1);
    Teaching teaching =
        new Teaching(opinionated(8, 2), new Distillation(Divergence.REVERSE, 0.5, 1));
    Episode unscored = episode(7, 0.5, Double.NaN, 5, 6, 2);
    Episode scored = episode(0.75, 0.25, 1.5, 7, 8);

    try (Scope scope = Scope.inference()) {
      double rewarded = Ops.item(task(student, null, 0).cost(List.of(scored)).loss());
      double taught = Ops.item(task(student, teaching, 1).cost(List.of(unscored, scored)).loss());
      Cost mixed = task(student, teaching, 0.3).cost(List.of(unscored, scored));

      assertTrue(Math.abs(rewarded) > 0.1, "the reward asks nothing: " + rewarded);
      assertEquals(0.7 * rewarded / 2 + 0.3 * taught, Ops.item(mixed.loss()), 1e-6);
      assertTrue(mixed.also().containsKey("clip-share"));
    }
  }

  @Method
  record Nobody() implements Verifier {
    @Override
    public Reward of(Sample sample) {
      return Reward.unscored("nobody knows");
    }
  }

  private static StepRow firstStep(String teacher, Path folder) {
    List<StepRow> rows = new ArrayList<>();
    AlignSpec spec =
        Runs.spec(
                "{ algorithm: dapo, steps: 1, evaluate: { every: 0 }, update: { rate: 1e-2,"
                    + " tokens-per-pass: 16 }"
                    + teacher
                    + " }")
            .with(RewardSpec.of("odd", new AlignmentTest.OddOnly()));
    Runs.run(spec, folder, false, rows::add);
    return rows.getFirst();
  }

  /** The first step draws the same responses whoever judges them, some of them unscored. */
  @Test
  void aRunsLossIsTheShareOfEachOfItsTwoParts(@TempDir Path folder) {
    String model = ", teacher: { model: { tiny: { layers: 2, width: 8, heads: 2 } }, share: ";
    StepRow none = firstStep("", folder.resolve("none"));
    StepRow taught = firstStep(model + "1 }", folder.resolve("taught"));
    StepRow mixed = firstStep(model + "0.25 }", folder.resolve("mixed"));

    assertTrue(none.get("unscored") > 0, "all are scored");
    assertTrue(Math.abs(none.get("loss")) > 1e-2, "the reward asks nothing");
    assertEquals(0.75 * none.get("loss") + 0.25 * taught.get("loss"), mixed.get("loss"), 1e-7);
    assertEquals(taught.get("distillation"), mixed.get("distillation"), 1e-9);
    assertEquals(none.get("clip-share"), mixed.get("clip-share"), 1e-9);
    assertTrue(Double.isNaN(taught.get("clip-share")), "nothing is left to clip");
  }

  /** Its own draws to prompts that neither model has seen. */
  private static double heldOut(Policy student, Teaching teaching) {
    List<Sample> prompts = List.of(ECHO.prompt(Split.TEST, 0), ECHO.prompt(Split.TEST, 1));
    List<Episode> episodes =
        new Drawing(student)
            .draw(prompts, new int[] {64, 64}, 4, 1, 7, d -> {}).stream()
                .map(Drawn::episode)
                .toList();
    try (Scope scope = Scope.inference()) {
      Tensor own = Responses.of(student.decoder(), episodes).logits(student.decoder());
      return Ops.item(
          Ops.mean(
              teaching.of(
                  own,
                  episodes.stream().map(Episode::prompt).toList(),
                  episodes.stream().map(Episode::tokens).toList())));
    }
  }

  @Test
  void aStudentComesNearItsTeacherThoughNoResponseIsScored(@TempDir Path folder) {
    Runs.run(
        Runs.spec(
            "{ steps: 1, start: { steps: 100, batch: 16, rate: 1e-2 }, update: { rate: 0 } }"),
        folder.resolve("tuned"),
        false);
    Path large = folder.resolve("tuned/model");
    Teaching teaching =
        new Teaching(
            new Folder(large).open(ECHO, 1, Device.CPU, Progress.NONE).decoder(),
            new Distillation(Divergence.REVERSE, 0.5, 1));
    double before = heldOut(tiny(16, 5), teaching);
    AlignSpec spec =
        Runs.spec(
                """
                teacher: { model: { folder: { path: '%s' } }, distillation: { divergence: reverse } }
                steps: 80
                seed: 5
                update: { rate: 1e-2 }
                roll-out: { prompts: 8, responses: 8, max-tokens: 4 }
                """
                    .formatted(large.toAbsolutePath()))
            .with(RewardSpec.of("nobody", new Nobody()));
    List<StepRow> rows = new ArrayList<>();

    Runs.run(spec, folder.resolve("student"), false, rows::add);

    double after =
        heldOut(
            new Folder(folder.resolve("student/model")).open(ECHO, 1, Device.CPU, Progress.NONE),
            teaching);
    assertTrue(after < before / 5, "held out: from %.3f to %.3f".formatted(before, after));
    assertEquals(1, rows.getLast().get("unscored"));
    double gold = rows.getLast().get("gold");
    assertTrue(gold > rows.getFirst().get("gold") + 0.5, "it echoes no better: " + gold);
  }

  private static Policy reading(String characters) {
    Tokenizer tokenizer = Tokenizers.characters(characters);
    return new Tiny(1, 8, 2, 32)
        .open(
            new Tasks() {
              @Override
              public long size(Split split) {
                return 0;
              }

              @Override
              public Sample prompt(Split split, long index) {
                throw new IndexOutOfBoundsException("there are no prompts");
              }

              @Override
              public OptionalDouble gold(Sample answered) {
                return OptionalDouble.empty();
              }

              @Override
              public Tokenizer tokenizer() {
                return tokenizer;
              }
            },
            1,
            Device.CPU,
            Progress.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789=+ it has a vocabulary of 16 tokens, the policy one of 15;",
        "0123456789+ its token"
      })
  void aTeacherThatReadsOtherTokensIsRefusedWhenTheRunOpens(String text, @TempDir Path folder) {
    String characters = text.substring(0, text.indexOf(' '));
    Alignment.write(folder.resolve("other"), reading(characters));
    AlignSpec spec =
        Runs.spec(
            "{ start: { steps: 100000 }, teacher: { model: { folder: { path: %s } } } }"
                .formatted(folder.resolve("other").toAbsolutePath()));

    GoodhartException e =
        assertThrows(GoodhartException.class, () -> Runs.run(spec, folder.resolve("run"), false));

    String says = String.valueOf(e.getMessage());
    assertTrue(says.startsWith("teacher.model: " + text.substring(text.indexOf(' ') + 1)), says);
  }

  private static AlignSpec parsed(String teacher) {
    return Specs.parse(
        """
        model: { tiny: {} }
        world: { prompts: { train: train.jsonl } }
        reward: { signals: { characters: length } }
        teacher: %s
        """
            .formatted(teacher),
        "align.yaml",
        Path.of("/folder"),
        AlignSpec.class);
  }

  @Test
  void theYamlIsTheConstructor() {
    AlignSpec spec =
        parsed(
            "{ model: { folder: { path: models/large } }, share: 0.5, distillation: { divergence:"
                + " reverse } }");

    Teacher teacher = spec.teacher().orElseThrow();
    assertEquals(
        new Teacher(
            new Folder(Path.of("/folder/models/large")),
            0.5,
            new Distillation(Divergence.REVERSE, 0.5, 1)),
        teacher);
    assertTrue(spec.rewarded());
    assertEquals(
        spec,
        Specs.parse(
            Specs.toYaml(spec, Path.of("/folder")), "again", Path.of("/folder"), AlignSpec.class));

    AlignSpec pure = parsed("{ model: { tiny: {} } }");
    assertEquals(1, pure.teacher().orElseThrow().share());
    assertFalse(pure.rewarded());
    SpecException e =
        assertThrows(SpecException.class, () -> parsed("{ model: { tiny: {} }, share: 0 }"));
    assertTrue(e.getMessage().contains("share must be in (0, 1], not 0.0"), e.getMessage());
  }
}
