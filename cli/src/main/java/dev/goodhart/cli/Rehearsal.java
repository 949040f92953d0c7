package dev.goodhart.cli;

import dev.goodhart.Preference;
import dev.goodhart.lab.style.StyleWorld;
import dev.goodhart.run.Seeds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the launcher has the JVM watch when it makes its ahead-of-time cache: the commands once
 * each, on pairs of the style world, in a folder that is gone afterwards.
 */
final class Rehearsal {
  private static final int PAIRS = 400;

  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("goodhart");
    PrintStream out = System.out;
    System.setOut(new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    try {
      play(folder);
    } finally {
      System.setOut(out);
      delete(folder);
    }
  }

  private static void play(Path folder) throws IOException {
    Path pairs = folder.resolve("pairs.jsonl");
    List<String> lines = new ArrayList<>();
    for (Preference p : StyleWorld.DEFAULT.open().pairs(PAIRS, new Seeds(1))) {
      lines.add(
          JsonMapper.shared()
              .writeValueAsString(
                  Map.of(
                      "prompt", p.prompt().text(),
                      "chosen", p.chosen(),
                      "rejected", p.rejected())));
    }
    Files.write(pairs, lines);
    String data = pairs.toString();
    String model = folder.resolve("model").toString();
    command("--help");
    command("methods");
    command("inspect", data, "--quiet");
    command("fit", data, "-o", model, "--quiet");
    command("score", model, data, "-o", folder.resolve("scores.jsonl").toString(), "--quiet");
    command("audit", model, data, "-o", folder.resolve("report").toString(), "--quiet");
  }

  private static void command(String... words) {
    int code = Main.commandLine().execute(words);
    if (code != 0) {
      throw new IllegalStateException(String.join(" ", words) + " ended with " + code);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }
}
