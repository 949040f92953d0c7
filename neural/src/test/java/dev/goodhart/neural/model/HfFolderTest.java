package dev.goodhart.neural.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against logits and scores that an independent implementation computed in 64 bits. */
class HfFolderTest {
  @ParameterizedTest
  @ValueSource(strings = {"llama-digits", "llama3", "qwen2", "qwen3", "qwen3-reward"})
  void agreesWithAnIndependentImplementation(String name) throws IOException {
    Path folder = folder(name);
    check(HfFolder.read(folder, Device.CPU, Progress.NONE), expected(folder));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3", "qwen2", "qwen3", "qwen3-reward"})
  void whatIsWrittenReadsTheSame(String name, @TempDir Path copy) throws IOException {
    Path folder = folder(name);
    Decoder decoder = HfFolder.read(folder, Device.CPU, Progress.NONE);

    HfFolder.write(copy, decoder);

    Decoder again = HfFolder.read(copy, Device.CPU, Progress.NONE);
    assertEquals(decoder.config(), again.config());
    decoder.weights().forEach((n, w) -> assertTrue(w.equal(again.weights().get(n)), n));
  }

  @Test
  void packedSequencesDoNotSeeEachOther() throws IOException {
    Path folder = folder("qwen3");
    Decoder decoder = HfFolder.read(folder, Device.CPU, Progress.NONE);
    List<int[]> sequences = new ArrayList<>();
    for (JsonNode one : expected(folder)) sequences.add(ids(one));
    sequences.add(sequences.getFirst());
    try (Scope scope = Scope.inference()) {
      Packed packed = Packed.of(sequences, decoder);
      Tensor logits = decoder.logits(decoder.hidden(packed));
      long[] last = packed.last();
      for (int i = 0; i < sequences.size() - 1; i++) {
        close(expected(folder).get(i).path("last_logits"), Ops.doubles(logits.select(0, last[i])));
      }
    }
  }

  private static void check(Decoder decoder, JsonNode cases) {
    assertTrue(cases.size() >= 3);
    for (JsonNode one : cases) {
      int[] ids = ids(one);
      try (Scope scope = Scope.inference()) {
        Packed packed = Packed.of(List.of(ids), decoder);
        Tensor hidden = decoder.hidden(packed);
        if (one.has("score")) {
          double score = Ops.doubles(decoder.scores(hidden).select(0, ids.length - 1))[0];
          double want = one.path("score").asDouble();
          assertEquals(want, score, 1e-4 * Math.max(Math.abs(want), 0.1));
          continue;
        }
        Tensor logits = decoder.logits(hidden);
        close(one.path("last_logits"), Ops.doubles(logits.select(0, ids.length - 1)));
        double[] logProbabilities = new double[ids.length - 1];
        for (int t = 0; t < ids.length - 1; t++) {
          logProbabilities[t] =
              Ops.doubles(Ops.logSoftmax(logits.select(0, t), -1).select(0, ids[t + 1]))[0];
        }
        close(one.path("token_logprobs"), logProbabilities);
      }
    }
  }

  private static void close(JsonNode expected, double[] found) {
    assertEquals(expected.size(), found.length);
    double scale = 0;
    for (JsonNode value : expected) scale = Math.max(scale, Math.abs(value.asDouble()));
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected.get(i).asDouble(), found[i], 1e-4 * scale, "element " + i);
    }
  }

  private static int[] ids(JsonNode one) {
    return one.path("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  private static JsonNode expected(Path folder) throws IOException {
    return new JsonMapper()
        .readTree(Files.readString(folder.resolve("expected.json")))
        .path("cases");
  }

  private static Path folder(String name) {
    String data = System.getenv("GOODHART_DATA");
    Path folder =
        (data == null ? Path.of("../../shared/data") : Path.of(data)).resolve("hf-tiny/" + name);
    assumeTrue(Files.isDirectory(folder), folder + " is not there");
    return folder;
  }
}
