package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every command against every kind of input that is not what it should be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  @TempDir static Path folder;

  @BeforeAll
  static void inputs() throws IOException {
    StringBuilder pairs = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      pairs.append(
          "{\"prompt\": \"p%d\", \"chosen\": \"good %d\", \"rejected\": \"bad %d\"}\n"
              .formatted(i, i, i));
    }
    Files.writeString(folder.resolve("pairs.jsonl"), pairs);
    Files.writeString(folder.resolve("empty.jsonl"), "");
    Files.writeString(folder.resolve("cut.jsonl"), pairs.substring(0, pairs.length() - 9));
    Files.createDirectory(folder.resolve("folder"));
    Files.writeString(folder.resolve("spec.yaml"), "signals:\n  size: { length: {} }\n");
    Files.writeString(folder.resolve("typo.yaml"), "signals:\n  size: { lenght: {} }\n");
    assertEquals(0, run("fit pairs.jsonl -o old --holdout 0").code());
    Path card = folder.resolve("old").resolve("model.json");
    String text = Files.readString(card);
    assertTrue(text.contains("\"format\" : 1"), text);
    Files.writeString(card, text.replace("\"format\" : 1", "\"format\" : 999"));
    assertEquals(0, run("fit pairs.jsonl -o model --holdout 0").code());
  }

  private record Run(int code, String out, String err) {}

  /** Names without a dash that stand in the folder, or are to be made there, are paths. */
  private static Run run(String command) {
    List<String> words = new ArrayList<>();
    for (String word : command.split(" ")) {
      words.add(PATHS.contains(word) ? folder.resolve(word).toString() : word);
    }
    words.add("--quiet");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return new Run(line.execute(words.toArray(String[]::new)), out.toString(), err.toString());
  }

  private static final Set<String> PATHS =
      Set.of(
          "pairs.jsonl",
          "empty.jsonl",
          "cut.jsonl",
          "folder",
          "spec.yaml",
          "typo.yaml",
          "old",
          "model",
          "missing",
          "out",
          "out.jsonl",
          "pairs.jsonl/out");

  static Stream<Arguments> mistakes() {
    List<Arguments> all = new ArrayList<>();
    Map<String, String> said =
        Map.of(
            "missing", "missing: no such file",
            "empty.jsonl", "empty.jsonl: is empty",
            "folder", "folder: is a folder",
            "cut.jsonl", "cut.jsonl:40: is broken JSON");
    for (String command :
        List.of(
            "inspect DATA --on-bad-row fail",
            "curate pairs DATA -o out.jsonl --on-bad-row fail",
            "fit DATA -o out --on-bad-row fail",
            "fit pairs.jsonl -o out --holdout DATA --on-bad-row fail",
            "score spec.yaml DATA -o out.jsonl --on-bad-row fail",
            "audit spec.yaml DATA -o out --on-bad-row fail",
            "audit DATA -o out --scores size --on-bad-row fail")) {
      said.forEach((bad, message) -> all.add(arguments(command.replace("DATA", bad), message)));
    }
    for (String command :
        List.of(
            "score SPEC pairs.jsonl -o out.jsonl",
            "audit SPEC pairs.jsonl -o out",
            "serve SPEC --port 0 --journal out")) {
      all.add(arguments(command.replace("SPEC", "missing"), "no such file"));
      all.add(arguments(command.replace("SPEC", "empty.jsonl"), "empty.jsonl"));
      all.add(arguments(command.replace("SPEC", "folder"), "folder"));
      all.add(arguments(command.replace("SPEC", "typo.yaml"), "typo.yaml:2"));
      all.add(arguments(command.replace("SPEC", "typo.yaml"), "length"));
      all.add(arguments(command.replace("SPEC", "old"), "999"));
    }
    for (String command :
        List.of(
            "curate pairs pairs.jsonl -o OUT",
            "fit pairs.jsonl -o OUT",
            "score spec.yaml pairs.jsonl -o OUT",
            "audit spec.yaml pairs.jsonl -o OUT --edits 0",
            "quickstart -o OUT")) {
      all.add(arguments(command.replace("OUT", "pairs.jsonl/out"), "pairs.jsonl"));
    }
    all.add(arguments("audit pairs.jsonl -o out --before pairs.jsonl", "--truth COLUMN"));
    all.add(arguments("audit pairs.jsonl -o out --before missing --truth ok", "no such file"));
    all.add(arguments("methods --room attic", "attic"));
    all.add(arguments("methods 999", "999"));
    all.add(arguments("reproduce 999", "999"));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void isOneLineThatSaysWhatAndWhereAndLeavesNothing(String command, String says)
      throws IOException {
    Run run = run(command);
    assertEquals(2, run.code(), run.err());
    assertEquals(1, run.err().strip().lines().count(), run.err());
    assertTrue(run.err().startsWith("goodhart: "), run.err());
    assertTrue(run.err().contains(says), run.err());
    try (Stream<Path> left = Files.list(folder)) {
      List<String> surplus =
          left.map(p -> p.getFileName().toString()).filter(n -> !PATHS.contains(n)).toList();
      assertEquals(List.of(), surplus);
    }
    assertTrue(Files.notExists(folder.resolve("out")), command);
    assertTrue(Files.notExists(folder.resolve("out.jsonl")), command);
  }
}
