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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code inspect} and {@code curate pairs} as a user meets them: text, exit codes, files. */
class DataCommandsTest {
  private static final String RATED =
      """
      {"instruction": "q", "response": "best", "model": "a", "win_probability": 0.9}
      {"instruction": "q", "response": "good", "model": "b", "win_probability": 0.7}
      {"instruction": "q", "response": "", "model": "c", "win_probability": 0.1}
      {"instruction": "q", "response": "poor", "model": "d", "win_probability": 0.2}
      """;

  @TempDir Path folder;

  private record Run(int code, String out, String err) {}

  private static Run goodhart(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = line.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void inspectSaysWhatIsInAFile() throws IOException {
    Run run = goodhart("inspect", file("rated.jsonl", RATED), "--quiet");
    assertEquals(0, run.code(), run.err());
    String words = run.out().replaceAll("\\s+", " ");
    assertTrue(
        words.contains("ratings (as in HelpSteer and others), 4 rows, 1 of them bad"), words);
    assertTrue(run.out().contains("rating-win_probability:"), run.out());
    Run json = goodhart("inspect", folder.resolve("rated.jsonl"), "--json", "--quiet");
    assertTrue(
        json.out().strip().startsWith("{") && json.out().contains("\"layout\" : \"ratings\""),
        json.out());
  }

  @Test
  void inspectStopsAtABadRowWhenAsked() throws IOException {
    Run run = goodhart("inspect", file("rated.jsonl", RATED), "--on-bad-row", "fail", "--quiet");
    assertEquals(2, run.code());
    assertEquals(
        "goodhart: "
            + folder.resolve("rated.jsonl")
            + ":3: response: is empty (--on-bad-row skip sets such rows aside)",
        run.err().strip());
    Run side =
        goodhart(
            "inspect",
            folder.resolve("rated.jsonl"),
            "--bad-rows",
            folder.resolve("bad.jsonl"),
            "--quiet");
    assertEquals(0, side.code(), side.err());
    assertTrue(Files.readString(folder.resolve("bad.jsonl")).contains("\"line\":3"));
  }

  @Test
  void everyUsersErrorIsOneLineAndCodeTwo() throws IOException {
    for (Run run :
        List.of(
            goodhart("inspect", folder.resolve("missing.jsonl")),
            goodhart("inspect", folder),
            goodhart("inspect", file("empty.jsonl", "")),
            goodhart("inspect", file("odd.jsonl", "{\"x\": 1}")),
            goodhart("inspect", file("rated.jsonl", RATED), "--format", "ranked"),
            goodhart(
                "curate",
                "pairs",
                folder.resolve("rated.jsonl"),
                "-o",
                folder.resolve("out.jsonl")),
            goodhart(
                "curate",
                "pairs",
                file("tasks.jsonl", "{\"prompt\": \"q\"}"),
                "-o",
                folder.resolve("out.jsonl")))) {
      assertEquals(2, run.code(), run.err());
      assertEquals(1, run.err().strip().lines().count(), run.err());
      assertEquals("", run.out());
    }
    Run unknown = goodhart("inspect", folder.resolve("rated.jsonl"), "--format", "rankd");
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().contains("no format is called 'rankd'"), unknown.err());
    assertEquals(List.of("empty.jsonl", "odd.jsonl", "rated.jsonl", "tasks.jsonl"), names());
  }

  @Test
  void pairsAreMadeOfRatedResponses() throws IOException {
    Path out = folder.resolve("pairs.jsonl");
    Run run =
        goodhart(
            "curate",
            "pairs",
            file("rated.jsonl", RATED),
            "-o",
            out,
            "--on-bad-row",
            "skip",
            "--quiet");
    assertEquals(0, run.code(), run.err());
    assertEquals("", run.out());
    assertTrue(
        run.err().startsWith("2 pairs of 1 prompts; 1 couples differ by less than 0.300"),
        run.err());
    List<String> lines = Files.readAllLines(out);
    assertEquals(2, lines.size());
    assertTrue(
        lines.get(0).contains("\"prompt\":\"q\",\"chosen\":\"best\",\"rejected\":\"poor\""),
        lines.get(0));
    assertTrue(
        lines.get(1).contains("\"chosen_model\":\"b\",\"rejected_model\":\"d\""), lines.get(1));
    assertEquals(1, Files.readAllLines(folder.resolve("pairs.jsonl.bad.jsonl")).size());
    Run inspected = goodhart("inspect", out, "--quiet");
    assertTrue(inspected.out().contains("2 pairs"), inspected.out());
    assertFalse(Files.exists(folder.resolve("pairs.jsonl.partial")));
  }

  @Test
  void unusualColumnsAreNamed() throws IOException {
    Path csv = file("scored.csv", "ask,say,stars,score\nq,yes,5,1\nq,no,2,9\n");
    Path out = folder.resolve("pairs.jsonl");
    Run run =
        goodhart(
            "curate",
            "pairs",
            csv,
            "-o",
            out,
            "--prompt",
            "ask",
            "--response",
            "say",
            "--score",
            "stars",
            "--min-gap",
            "3",
            "--quiet");
    assertEquals(0, run.code(), run.err());
    assertTrue(
        Files.readString(out).contains("\"chosen\":\"yes\",\"rejected\":\"no\",\"strength\":3.0"));
  }
}
