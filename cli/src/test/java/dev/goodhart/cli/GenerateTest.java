package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.data.Dataset;
import dev.goodhart.data.Layout;
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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code generate} with a model from scratch. */
class GenerateTest {
  @TempDir static Path models;

  @TempDir Path folder;

  @BeforeAll
  static void aModelThatKnowsLetters() {
    Tokenizer tokenizer = Tokenizers.characters("abcdefghijklmnopqrstuvwxyz ");
    DecoderConfig config = DecoderConfig.tiny(tokenizer.size(), DecoderConfig.Special.NONE);
    HfFolder.write(models, HfFolder.random(config, 1, Device.CPU));
    tokenizer.save(models);
  }

  @Test
  void manyResponsesAreLinesThatScoreReads() throws IOException {
    Path data = folder.resolve("prompts.jsonl");
    Files.writeString(
        data, "{\"id\":\"a\",\"prompt\":\"one\"}\n{\"id\":\"b\",\"prompt\":\"two\"}\n");
    Path out = folder.resolve("out.jsonl");
    String[] line =
        arguments("--prompts", data, "-o", out, "-n", 3, "--max-tokens", 9, "--temperature", 1);

    assertEquals("", run(0, line).err());
    List<String> first = Files.readAllLines(out);
    assertEquals(6, first.size());
    assertTrue(first.getFirst().startsWith("{\"id\":\"a/0\",\"prompt\":\"one\",\"response\":\""));
    assertTrue(first.getLast().startsWith("{\"id\":\"b/2\",\"prompt\":\"two\",\"response\":\""));
    assertEquals(Layout.RESPONSES, Dataset.open(out).layout());

    // The same in rows of two, and from texts.
    run(0, Stream.concat(Stream.of(line), Stream.of("--rows", "2")).toArray(String[]::new));
    assertEquals(withoutLogProb(first), withoutLogProb(Files.readAllLines(out)));
  }

  /** Their last digit may differ with the batch. */
  private static List<String> withoutLogProb(List<String> lines) {
    return lines.stream().map(line -> line.replaceAll(",\"log_prob\":-[0-9.]+", "")).toList();
  }

  @Test
  void oneResponseAppearsAsItIsWritten() {
    Run run = run(0, arguments("one", "--max-tokens", 12));
    assertEquals(1, run.out().lines().count());
    assertEquals(run.out(), run(0, arguments("one", "--max-tokens", 12)).out());
  }

  @Test
  void whatAUserGotWrongIsOneLineAndLeavesNothing() throws IOException {
    assertTrue(run(2, arguments()).err().contains("Give either a PROMPT"));
    assertTrue(
        run(2, arguments("one", "--top-p", "1.5")).err().contains("top_p must be in (0, 1]"));
    Path out = folder.resolve("out.jsonl");
    String lengthy = "x".repeat(300);
    String err = run(2, arguments(lengthy, "-o", out, "--context", 200)).err();
    assertTrue(err.contains("prompt 0 has 300 tokens"), err);
    assertEquals(1, err.strip().lines().count(), err);
    assertFalse(Files.exists(out));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  private static String[] arguments(Object... more) {
    return Stream.concat(
            Stream.of("generate", models.toString(), "--device", "cpu", "--quiet"),
            Stream.of(more).map(Object::toString))
        .toArray(String[]::new);
  }

  private record Run(String out, String err) {}

  private static Run run(int code, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    assertEquals(code, line.execute(arguments), () -> err.toString());
    return new Run(out.toString(), err.toString());
  }
}
