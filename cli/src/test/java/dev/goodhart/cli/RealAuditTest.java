package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Fits and audits on published data; skipped where it is not there. */
class RealAuditTest {
  @TempDir Path folder;

  private final Path data =
      Path.of(Objects.requireNonNullElse(System.getenv("GOODHART_DATA"), "../../shared/data"));

  @BeforeEach
  void thereIsData() {
    Assumptions.assumeTrue(Files.isDirectory(data), data + " is not there: set GOODHART_DATA");
  }

  private static void goodhart(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code =
        line.execute(
            Stream.concat(Stream.of(arguments), Stream.of("--quiet"))
                .map(Object::toString)
                .toArray(String[]::new));
    assertEquals(0, code, err.toString());
  }

  private JsonNode report(String name) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(folder.resolve(name)));
  }

  /**
   * The authors of RewardMATH publish that this model's strictly highest score is the right
   * solution's in 22.15 % of the 483 problems: 107 of them.
   */
  @Test
  void findsThePublishedShareOfARealRewardModel() throws IOException {
    goodhart(
        "audit",
        data.resolve("rewardmath/problems.jsonl.gz"),
        "--correct",
        "0",
        "--scores",
        data.resolve("rewardmath/scores/skywork_llama3.jsonl.gz"),
        data.resolve("rewardmath/scores/internlm2.jsonl.gz"),
        "-o",
        folder.resolve("real.json"));
    List<Double> strict =
        report("real.json")
            .at("/chapters/side-by-side/rows")
            .valueStream()
            .filter(row -> row.at("/scorer").asString().equals("skywork_llama3"))
            .map(row -> row.at("/figures/strictly first/estimate").asDouble())
            .toList();
    assertEquals(List.of(107 / 483.0), strict);
  }

  /** Split by instruction: ahead of the length rule by more than the interval of the difference. */
  @Test
  void theLinearModelBeatsLengthOnPairsOfAlpacaEval() throws IOException {
    Path pairs = folder.resolve("pairs.jsonl");
    Path responses = data.resolve("alpaca-eval/responses.jsonl.gz");
    goodhart("curate", "pairs", responses, "-o", pairs, "--on-bad-row", "skip");
    goodhart("fit", pairs, "-o", folder.resolve("model"), "--holdout", "0.2");
    goodhart(
        "audit",
        folder.resolve("model"),
        pairs,
        "-o",
        folder.resolve("alpaca.json"),
        "--edits",
        "0");
    JsonNode accuracy = report("alpaca.json").at("/chapters/accuracy");
    assertTrue(accuracy.at("/pairs").asInt() > 5000, accuracy.toString());
    assertTrue(accuracy.at("/difference/low").asDouble() > 0, accuracy.toString());
  }
}
