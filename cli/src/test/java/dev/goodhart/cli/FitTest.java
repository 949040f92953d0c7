package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** From pairs to an audited reward, as a user goes. */
class FitTest {
  private static final List<String> THINGS =
      List.of("river", "stone", "bridge", "lamp", "garden", "engine", "window", "letter");

  @TempDir Path folder;

  private record Run(int code, String out, String err) {}

  private static Run goodhart(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = line.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  /** The polite answer is preferred, the rude one is as long. */
  private Path pairs(int n) throws IOException {
    return Files.writeString(
        folder.resolve("pairs.jsonl"),
        IntStream.range(0, n)
            .mapToObj(
                i -> {
                  String thing =
                      THINGS.get(i % THINGS.size()) + " " + Integer.toString(i * 7919, 36);
                  return ("{\"prompt\":\"What about the %s?\",\"chosen\":\"Kindly look at the"
                          + " %s.\",\"rejected\":\"Rudely look at the %s.\"}\n")
                      .formatted(thing, thing, THINGS.get((3 * i + 1) % THINGS.size()));
                })
            .collect(Collectors.joining()));
  }

  @Test
  void aModelIsFittedScoresAndIsAuditedOnWhatItHasNotSeen() throws IOException {
    Path data = pairs(400);
    Path model = folder.resolve("model");
    Run fit = goodhart("fit", data, "-o", model, "--ensemble", "2", "--holdout", "0.2", "--quiet");
    assertEquals(0, fit.code(), fit.err());
    assertTrue(fit.out().contains("accuracy                   100.0 %"), fit.out());

    Run scored = goodhart("score", model, data, "-o", folder.resolve("scores.jsonl"), "--quiet");
    assertEquals(0, scored.code(), scored.err());
    assertEquals(400, Files.readAllLines(folder.resolve("scores.jsonl")).size());

    Run audit =
        goodhart("audit", model, data, "-o", folder.resolve("report"), "--edits", "0", "--quiet");
    assertEquals(0, audit.code(), audit.err());
    String html = Files.readString(folder.resolve("report").resolve("report.html"));
    assertTrue(html.contains("trained on"), "the report says what was left out");
    int pairs = held(fit.out());
    assertTrue(pairs > 0 && pairs < 160, "held out " + pairs);
    assertTrue(audit.out().contains(" " + pairs), audit.out());

    Run unseen = goodhart("fit", data, "-o", folder.resolve("all"), "--holdout", "0", "--quiet");
    assertEquals(0, unseen.code(), unseen.err());
    Run nothing =
        goodhart("audit", folder.resolve("all"), data, "-o", folder.resolve("r2"), "--quiet");
    assertEquals(2, nothing.code());
    assertTrue(nothing.err().contains("was trained on every prompt"), nothing.err());
  }

  private static int held(String out) {
    String line = out.lines().filter(l -> l.startsWith("Held out: ")).findFirst().orElseThrow();
    return Integer.parseInt(line.replaceAll(".* prompts, ([0-9]+) comparisons.*", "$1"));
  }

  @Test
  void aTransformerIsFittedScoresAndIsAuditedByTheSameCommands() throws IOException {
    Path data = pairs(60);
    Path model = folder.resolve("model");
    Run fit =
        goodhart(
            "fit",
            data,
            "-o",
            model,
            "--model",
            "tiny",
            "--ensemble",
            "2",
            "--epochs",
            "1",
            "--batch",
            "8",
            "--holdout",
            "0.3",
            "--quiet");
    assertEquals(0, fit.code(), fit.err());
    assertTrue(fit.out().startsWith("Fitted 2 models to 38 comparisons"), fit.out());

    Path scores = folder.resolve("scores.jsonl");
    Run scored = goodhart("score", model, data, "-o", scores, "--quiet");
    assertEquals(0, scored.code(), scored.err());
    String first = Files.readAllLines(scores).getFirst();
    assertTrue(first.contains("\"scale\":\"log-odds\""), first);

    Run audit =
        goodhart("audit", model, data, "-o", folder.resolve("report"), "--edits", "0", "--quiet");
    assertEquals(0, audit.code(), audit.err());
    assertEquals(18, held(fit.out()));
    assertTrue(audit.out().contains(" 18"), audit.out());
  }

  @Test
  void theSameSeedGivesTheSameModel() throws IOException {
    Path data = pairs(200);
    for (String name : List.of("one", "two")) {
      assertEquals(
          0,
          goodhart("fit", data, "-o", folder.resolve(name), "--ensemble", "3", "--quiet").code());
    }
    assertEquals(
        -1, Files.mismatch(folder.resolve("one/weights.bin"), folder.resolve("two/weights.bin")));
    assertEquals(
        0,
        goodhart(
                "fit",
                data,
                "-o",
                folder.resolve("other"),
                "--ensemble",
                "3",
                "--seed",
                "2",
                "--quiet")
            .code());
    assertFalse(
        Files.mismatch(folder.resolve("one/weights.bin"), folder.resolve("other/weights.bin")) < 0);
  }

  @Test
  void whatAUserGotWrongIsOneLineAndLeavesNothing() throws IOException {
    Path data = pairs(40);
    Path model = folder.resolve("model");
    assertEquals(0, goodhart("fit", data, "-o", model, "--quiet").code());
    for (Run wrong :
        List.of(
            goodhart("fit", data, "-o", model, "--quiet"),
            goodhart("fit", folder.resolve("none"), "-o", folder.resolve("m2")),
            goodhart("fit", folder, "-o", folder.resolve("m2")),
            goodhart("fit", data, "-o", data),
            goodhart("fit", data, "-o", folder.resolve("m2"), "--model", "huge"),
            goodhart("fit", data, "-o", folder.resolve("m2"), "--epochs", "2"),
            goodhart("fit", data, "-o", folder.resolve("m2"), "--features", "smell"),
            goodhart("fit", data, "-o", folder.resolve("m2"), "--margin", "-1"),
            goodhart("fit", data, "-o", folder.resolve("m2"), "--holdout", "2"),
            goodhart("fit", data, "-o", folder.resolve("m2"), "--ensemble", "0"))) {
      assertEquals(2, wrong.code(), wrong.err());
      assertEquals(1, wrong.err().strip().lines().count(), wrong.err());
    }
    assertFalse(Files.exists(folder.resolve("m2")));

    Path card = model.resolve("model.json");
    String good = Files.readString(card);
    Files.writeString(card, good.replaceFirst("\"format\" : 1", "\"format\" : 99"));
    Run version = goodhart("score", model, data);
    assertEquals(2, version.code());
    assertTrue(version.err().contains("format 99"), version.err());
    Files.writeString(card, good);
    byte[] weights = Files.readAllBytes(model.resolve("weights.bin"));
    weights[weights.length / 2] ^= 1;
    Files.write(model.resolve("weights.bin"), weights);
    Run damaged = goodhart("score", model, data);
    assertEquals(2, damaged.code());
    assertTrue(damaged.err().contains("damaged"), damaged.err());
  }
}
