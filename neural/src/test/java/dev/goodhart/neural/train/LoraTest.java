package dev.goodhart.neural.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.model.Lora;
import dev.goodhart.neural.model.Packed;
import dev.goodhart.neural.model.PeftFolder;
import dev.goodhart.neural.train.Fixtures.NextToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraTest {
  private static final List<String> SOME = List.of("q_proj", "v_proj", "down_proj");
  private static final List<int[]> DATA = Fixtures.counting(40, 17, 12, 1);

  @TempDir Path folder;

  /** A decoder with adapters that were trained a little, and what it was made of. */
  private record Adapted(Decoder base, Decoder adapted) {}

  private static Adapted adapted() {
    Decoder base = Fixtures.decoder(17, 16, 2);
    Decoder fresh = base.with(Lora.random(base, 3, 6, SOME, 5));
    Parameters parameters = Parameters.ofAdapters(fresh, Map.of());
    Decoder adapted = parameters.decoder(fresh);
    try (var learner =
        new Learner<>(parameters, new NextToken(adapted), AdamW.standard(), 1000, 1)) {
      for (int i = 0; i < 20; i++) learner.step(DATA, 3e-2);
    }
    return new Adapted(base, adapted);
  }

  private static double[] logits(Decoder decoder) {
    try (Scope scope = Scope.inference()) {
      return Ops.doubles(decoder.logits(decoder.hidden(Packed.of(DATA, decoder))));
    }
  }

  @Test
  void freshAdaptersChangeNothing() {
    Decoder base = Fixtures.decoder(17, 16, 2);
    Lora lora = Lora.random(base, 4, 8, Lora.PROJECTIONS, 1);

    assertArrayEquals(logits(base), logits(base.with(lora)), 0);
    assertEquals(2 * 7, lora.pairs().size());
    // A is drawn from ±1/√in: its variance is 1 / (3 in).
    double[] a = Ops.doubles(lora.pairs().get("model.layers.0.mlp.down_proj").a());
    double square = 0;
    for (double x : a) {
      assertTrue(Math.abs(x) <= 1 / Math.sqrt(32));
      square += x * x / a.length;
    }
    assertEquals(1.0 / (3 * 32), square, 0.25 / (3 * 32));
  }

  @Test
  void onlyAdaptersLearn() {
    Decoder base = Fixtures.decoder(17, 16, 2);
    Map<String, double[]> before = new LinkedHashMap<>();
    base.weights().forEach((name, w) -> before.put(name, Ops.doubles(w)));
    Decoder fresh = base.with(Lora.random(base, 3, 6, SOME, 5));
    try (Parameters parameters = Parameters.ofAdapters(fresh, Map.of())) {
      assertEquals(2 * 2 * 3, parameters.views().size());
      Decoder adapted = parameters.decoder(fresh);
      var learner = new Learner<>(parameters, new NextToken(adapted), AdamW.standard(), 1000, 1);
      double loss = learner.evaluate(DATA).loss();
      for (int i = 0; i < 60; i++) learner.step(DATA, 3e-2);

      double after = learner.evaluate(DATA).loss();
      assertTrue(after < loss - 0.2, loss + " became " + after);
      base.weights().forEach((n, w) -> assertArrayEquals(before.get(n), Ops.doubles(w), 0, n));
    }
  }

  @Test
  void mergedItComputesTheSame() {
    Adapted model = adapted();
    double[] expected = logits(model.adapted);
    Decoder merged = Lora.merge(model.adapted);

    assertTrue(merged.lora() == null);
    assertArrayEquals(expected, logits(merged), 1e-5);
    double moved = 0;
    double[] plain = logits(model.base);
    for (int i = 0; i < plain.length; i++) {
      moved = Math.max(moved, Math.abs(plain[i] - expected[i]));
    }
    assertTrue(moved > 0.1, "the adapters do something: " + moved);
  }

  @Test
  void theChangeOfAWeightHasTheRankOfItsAdapter() {
    Adapted model = adapted();
    String name = "model.layers.1.mlp.down_proj.weight";
    Decoder merged = Lora.merge(model.adapted);
    try (Scope scope = Scope.inference()) {
      Tensor change = Ops.sub(merged.weights().get(name), model.base.weights().get(name));
      double[] singular = Ops.doubles(torch.linalg_svdvals(change));

      assertTrue(singular[2] > 1e-3, "three of them count: " + singular[2]);
      assertTrue(singular[3] < 1e-5 * singular[0], "and no fourth: " + singular[3]);
    }
  }

  @Test
  void whatIsWrittenInPeftsLayoutReadsTheSame() throws IOException {
    Adapted model = adapted();
    PeftFolder.write(folder, model.adapted, "some/base");

    Decoder again = PeftFolder.read(folder, model.base);
    assertArrayEquals(logits(model.adapted), logits(again), 0);
    assertEquals("some/base", PeftFolder.base(folder));
    String config = Files.readString(folder.resolve("adapter_config.json"));
    assertTrue(config.contains("\"task_type\" : \"CAUSAL_LM\""), config);
    assertTrue(
        config.contains("\"target_modules\" : [ \"q_proj\", \"v_proj\", \"down_proj\" ]"), config);
  }

  @Test
  void aHeadTrainedBesideThemComesAlong() {
    Decoder base = HfFolder.random(Fixtures.config(17, 16, 2).withLabels(2), 7, Device.CPU);
    Decoder fresh = base.with(Lora.random(base, 3, 6, SOME, 5));
    try (Parameters parameters = Parameters.ofAdapters(fresh, Map.of())) {
      assertTrue(parameters.views().containsKey("score.weight"));
      Decoder adapted = parameters.decoder(fresh);
      try (Scope scope = Scope.inference()) {
        parameters.view("score.weight").fill_(new Scalar(0.5));
      }
      PeftFolder.write(folder, adapted, "base");

      // Onto a model for the next token, which had no such head.
      Decoder again = PeftFolder.read(folder, Fixtures.decoder(17, 16, 2));
      assertEquals(2, again.config().labels());
      assertEquals(0.5, Ops.doubles(again.weights().get("score.weight"))[3], 0);
    }
  }

  @Test
  void adaptersOfAnotherModelAreRefused() {
    PeftFolder.write(folder, adapted().adapted, "base");

    var other = Fixtures.decoder(17, 32, 2);
    var wide = assertThrows(GoodhartException.class, () -> PeftFolder.read(folder, other));
    assertTrue(
        wide.getMessage().contains("q_proj.lora_A.weight has the shape [3, 16], expected [3, 32]"),
        wide.getMessage());
    var shallow =
        assertThrows(
            GoodhartException.class, () -> PeftFolder.read(folder, Fixtures.decoder(17, 16, 1)));
    assertTrue(shallow.getMessage().contains("model.layers.1."), shallow.getMessage());
  }

  @Test
  void whatIsNotKnownHereIsRefused() throws IOException {
    PeftFolder.write(folder, adapted().adapted, "base");
    Path config = folder.resolve("adapter_config.json");
    String text = Files.readString(config);
    List<String> refused = new ArrayList<>();
    for (String[] change :
        new String[][] {
          {"\"LORA\"", "\"IA3\""},
          {"\"use_dora\" : false", "\"use_dora\" : true"},
          {"\"bias\" : \"none\"", "\"bias\" : \"all\""},
          {"\"r\" : 3", "\"r\" : 4"}
        }) {
      assertTrue(text.contains(change[0]), change[0]);
      Files.writeString(config, text.replace(change[0], change[1]));
      var e =
          assertThrows(
              GoodhartException.class, () -> PeftFolder.read(folder, Fixtures.decoder(17, 16, 2)));
      refused.add(e.getMessage());
    }
    assertFalse(refused.contains(null));
  }

  @Test
  void aTypoInATargetIsNamed() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Lora.random(Fixtures.decoder(17, 16, 1), 2, 4, List.of("q_porj"), 1));

    assertTrue(e.getMessage().startsWith("'q_porj' is not a projection"), e.getMessage());
  }
}
