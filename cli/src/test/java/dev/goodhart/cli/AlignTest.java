package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code align} from a file, as a user calls it. */
class AlignTest {
  @TempDir Path folder;

  private static final String ARITH =
      """
      model: { tiny: { layers: 1, width: 16, heads: 2 } }
      world: { arith: {} }
      reward: reward.yaml
      roll-out: { prompts: 2, responses: 4, max-tokens: 8 }
      evaluate: { every: 2, prompts: 2 }
      steps: 2
      """;

  private record Outcome(int code, String out, String err) {}

  private Outcome run(String spec, String... more) throws IOException {
    Files.writeString(
        folder.resolve("reward.yaml"),
        "signals: { right: arith-answer }\nmonitor: [ combined-alarm ]\n");
    Path file = folder.resolve("align.yaml");
    Files.writeString(file, spec);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> line =
        new ArrayList<>(
            List.of(
                "align",
                file.toString(),
                "-o",
                folder.resolve("run").toString(),
                "--device",
                "cpu",
                "--quiet"));
    line.addAll(List.of(more));
    CommandLine goodhart =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = goodhart.execute(line.toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }

  @Test
  void aRunShowsItsTableAndLeavesItsFolder() throws IOException {
    Outcome outcome = run(ARITH);

    assertEquals("", outcome.err);
    assertEquals(0, outcome.code);
    assertTrue(outcome.out.contains("step   reward     gold       KL"), outcome.out);
    assertTrue(outcome.out.contains("2 steps. The policy is in "), outcome.out);
    for (String file :
        List.of(
            "align.yaml", "metrics.jsonl", "rollouts.jsonl", "report.html", "model/config.json")) {
      assertTrue(Files.exists(folder.resolve("run").resolve(file)), file);
    }
    assertEquals(3, Files.readAllLines(folder.resolve("run/metrics.jsonl")).size());
  }

  @Test
  void aRunThatIsThereIsNotOverwrittenUnlessAsked() throws IOException {
    run(ARITH);

    Outcome refused = run(ARITH);
    assertEquals(2, refused.code);
    assertTrue(refused.err.contains("holds a run already"), refused.err);
    assertEquals(0, run(ARITH, "--force").code);
    Outcome more = run(ARITH, "--resume", "--steps", "4");
    assertTrue(more.out.contains("4 steps. "), more.out + more.err);
    assertEquals(5, Files.readAllLines(folder.resolve("run/metrics.jsonl")).size());
  }

  @Test
  void aMistakeIsNamedWithItsLine() throws IOException {
    Outcome outcome = run(ARITH.replace("world: { arith: {} }", "world: { arth: {} }"));

    assertEquals(2, outcome.code);
    assertTrue(outcome.err.contains("align.yaml:2"), outcome.err);
    assertTrue(outcome.err.contains("arith"), "the closest known name: " + outcome.err);
  }

  @Test
  void aMistakeInTheRewardIsNamedInItsOwnFile() throws IOException {
    Outcome outcome = run(ARITH.replace("reward.yaml", "none.yaml"));

    assertEquals(2, outcome.code);
    assertTrue(outcome.err.contains("none.yaml: "), outcome.err);
  }

  @Test
  void preferencesAreLearntFrom() throws IOException {
    Tokenizer tokenizer = Tokenizers.characters("abcdefgh ");
    var config =
        DecoderConfig.tiny(
            tokenizer.size(),
            new DecoderConfig.Special(null, tokenizer.eos().stream().boxed().toList(), null));
    HfFolder.write(folder.resolve("base"), HfFolder.random(config, 1, Device.CPU));
    tokenizer.save(folder.resolve("base"));
    StringBuilder pairs = new StringBuilder();
    for (char c : "abcdefgh".toCharArray()) {
      pairs.append(
          "{\"prompt\":\"%s\",\"chosen\":\"%s\",\"rejected\":\"a\"}\n"
              .formatted(c, String.valueOf(c).repeat(3)));
    }
    Files.writeString(folder.resolve("pairs.jsonl"), pairs);

    Outcome outcome =
        run(
            """
            model: { folder: base }
            preferences: pairs.jsonl
            objective: { dpo: { beta: 0.1 } }
            holdout: 0.25
            recipe: { epochs: 2, batch: 3, schedule: { peak: 1e-3 }, optimiser: {} }
            """);

    assertEquals("", outcome.err);
    assertTrue(outcome.out.contains("6 pairs learnt from, 0 left out"), outcome.out);
    assertTrue(Files.exists(folder.resolve("run/model/model.safetensors")));
  }

  private static Path data(String name) {
    Path data =
        Path.of(Objects.requireNonNullElse(System.getenv("GOODHART_DATA"), "../../shared/data"))
            .toAbsolutePath()
            .resolve(name);
    Assumptions.assumeTrue(Files.exists(data), data + " is not there: set GOODHART_DATA");
    return data;
  }

  /** Random weights learn nothing in two steps; this is the path alone. */
  @Test
  void gradeSchoolProblemsGoThroughTheSamePath() throws IOException {
    Tokenizer tokenizer = Tokenizers.bytes();
    var config =
        DecoderConfig.tiny(
            tokenizer.size(),
            new DecoderConfig.Special(null, tokenizer.eos().stream().boxed().toList(), null));
    HfFolder.write(folder.resolve("base"), HfFolder.random(config, 1, Device.CPU));
    tokenizer.save(folder.resolve("base"));

    Outcome outcome =
        run(
            """
            model: { folder: base }
            world:
              prompts: { train: %s, test: %s }
            reward: { signals: { right: { math: {} } } }
            roll-out: { prompts: 2, responses: 2, max-tokens: 12 }
            evaluate: { every: 2, prompts: 2 }
            steps: 2
            """
                .formatted(data("gsm8k/train.jsonl.gz"), data("gsm8k/test.jsonl.gz")));

    assertEquals("", outcome.err);
    List<String> rows = Files.readAllLines(folder.resolve("run/rollouts.jsonl"));
    assertEquals(8, rows.size());
    for (String row : rows) assertTrue(row.contains("\"reward\":0.0"), row);
    assertTrue(rows.getFirst().contains("\"reference\":\""), rows.getFirst());
  }

  /** The first steps of the digit-completion task: every response is scored, gold is known. */
  @Test
  void theDigitTaskRunsFromItsOwnFolder() throws IOException {
    Path digits = data("hf-tiny/llama-digits");

    Outcome outcome =
        run(
            """
            model: { folder: %s }
            world: { digits: { train: %s, test: %s } }
            reward: { signals: { prefix: matched-prefix } }
            roll-out: { prompts: 4, responses: 4, max-tokens: 20 }
            evaluate: { every: 1, prompts: 8 }
            steps: 1
            """
                .formatted(
                    digits, digits.resolve("train.parquet"), digits.resolve("test.parquet")));

    assertEquals("", outcome.err);
    assertTrue(outcome.out.contains("1 steps. "), outcome.out);
  }
}
