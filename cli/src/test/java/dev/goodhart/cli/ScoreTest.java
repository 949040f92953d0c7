package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code score} as a user meets it, killed and gone on with in processes of its own. */
class ScoreTest {
  private static final int ROWS = 20_000;

  @TempDir Path folder;

  @Test
  void scoresAFileAndCountsWhatIsUnscored() throws IOException {
    Path spec = file("reward.yaml", "signals: { stars: { column: stars } }\n");
    Path data =
        file(
            "data.jsonl",
            "{\"prompt\": \"p\", \"response\": \"r\", \"stars\": \"2.5\"}\n"
                + "{\"prompt\": \"p\", \"response\": \"r\", \"stars\": \"many\"}\n{\"prompt\n");
    Path out = folder.resolve("out.jsonl");
    Run run = goodhart("score", spec, data, "-o", out, "--format", "responses", "--quiet");
    assertEquals(0, run.code(), run.err());
    List<String> lines = Files.readAllLines(out);
    assertEquals("{\"id\":\"1\",\"reward\":2.5,\"parts\":{\"stars\":2.5}}", lines.get(0));
    assertTrue(lines.get(1).contains("\"reward\":null"), lines.get(1));
    assertTrue(lines.get(2).contains("\"unscored\":\"bad row: "), lines.get(2));
    assertEquals(
        "3 rows, 2 unscored (1 no number, 1 bad row)", run.err().strip(), "what stderr said");
    assertTrue(Files.exists(folder.resolve("out.jsonl.bad.jsonl")));
  }

  @Test
  void whatAUserGotWrongIsOneLineAndLeavesNothing() throws IOException {
    Path spec = file("reward.yaml", "signals:\n  l: { lenght: {} }\n");
    Path data = file("data.jsonl", "{\"prompt\": \"p\", \"response\": \"r\"}\n");
    Path out = folder.resolve("out.jsonl");
    Run typo = goodhart("score", spec, data, "-o", out);
    assertEquals(2, typo.code());
    assertTrue(
        typo.err().contains("reward.yaml:2: ") && typo.err().contains("did you mean 'length'"),
        typo.err());
    assertEquals(1, typo.err().strip().lines().count(), typo.err());
    Files.writeString(spec, "signals: { l: { length: {} } }");
    for (Path wrong : List.of(folder.resolve("none.jsonl"), folder, file("empty.jsonl", ""))) {
      Run run = goodhart("score", spec, wrong, "-o", out);
      assertEquals(2, run.code(), run.err());
      assertEquals(1, run.err().strip().lines().count(), run.err());
    }
    Run noModel = goodhart("score", folder, data, "-o", out);
    assertEquals(2, noModel.code());
    assertTrue(noModel.err().contains("model.json"), noModel.err());
    assertFalse(Files.exists(out));
  }

  @Test
  void aRunThatIsKilledAgainAndAgainEndsInTheSameBytes() throws Exception {
    Path spec = file("reward.yaml", "signals: { l: { length: { unit: words } } }\n");
    Path data =
        file(
            "data.jsonl",
            IntStream.range(0, ROWS)
                .mapToObj(
                    i ->
                        "{\"prompt\":\"p%d\",\"response\":\"%s\"}\n"
                            .formatted(i, "w ".repeat(i % 50 + 1)))
                .collect(Collectors.joining()));
    Path whole = folder.resolve("whole.jsonl");
    assertEquals(0, start(spec, data, whole, false).waitFor());
    Path out = folder.resolve("out.jsonl");
    Path partial = folder.resolve("out.jsonl.partial");
    SplittableRandom random = new SplittableRandom(7);
    int killed = 0;
    for (int i = 0; i < 6 && !Files.exists(out); i++) {
      long until = (Files.exists(partial) ? Files.size(partial) : 0) + random.nextInt(1, 200_000);
      Process process = start(spec, data, out, true);
      while (process.isAlive() && (!Files.exists(partial) || Files.size(partial) < until)) {
        process.waitFor(1, TimeUnit.MILLISECONDS);
      }
      killed += process.isAlive() ? 1 : 0;
      process.destroyForcibly().waitFor();
    }
    if (!Files.exists(out)) {
      assertEquals(0, start(spec, data, out, true).waitFor());
    }
    assertTrue(killed >= 2, "killed only " + killed + " times");
    assertEquals(-1, Files.mismatch(whole, out));
  }

  @Test
  void aFullDiskIsAUsersErrorAndAReaderThatHasEnoughIsNone() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "needs /dev/full");
    Path spec = file("reward.yaml", "signals: { l: { length: {} } }\n");
    Path data = file("data.jsonl", "{\"prompt\":\"p\",\"response\":\"r\"}\n".repeat(20_000));
    Process full =
        process(List.of("score", spec.toString(), data.toString(), "--quiet"))
            .redirectOutput(new File("/dev/full"))
            .redirectErrorStream(false)
            .start();
    String said =
        new String(full.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertEquals(2, full.waitFor());
    assertEquals(1, said.strip().lines().count(), said);
    Process head = process(List.of("score", spec.toString(), data.toString(), "--quiet")).start();
    assertTrue(head.getInputStream().read() >= 0);
    head.getInputStream().close();
    said =
        new String(head.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertEquals(0, head.waitFor(), said);
    assertEquals("", said);
  }

  private Process start(Path spec, Path data, Path out, boolean resume) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("score", spec.toString(), data.toString(), "-o", out.toString(), "--quiet"));
    if (resume) {
      arguments.add("--resume");
    }
    return process(arguments)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static ProcessBuilder process(List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  private record Run(int code, String err) {}

  private static Run goodhart(Object... arguments) {
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine().setErr(new PrintWriter(err));
    int code = line.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new Run(code, err.toString());
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
