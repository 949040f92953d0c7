package dev.goodhart.verify.code;

import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Checks a second of a trivial Python program: from the warm fork server, and as a python3 started
 * for each check in the same bubblewrap sandbox. Blocks of both alternate, so that both meet the
 * same load.
 *
 * <p>In this package for the sandbox's own command; so it is compiled first, see bench/README.md.
 */
public final class CodeChecks {
  private static final int BLOCKS = 15;
  private static final int IN_A_BLOCK = 20;

  private static final String PROGRAM = "print(int(input()) ** 2)";

  private static final Sample STREAM =
      sample(
          Map.of("input_output", Map.of("inputs", List.of("97\n"), "outputs", List.of("9409\n"))),
          PROGRAM);

  private static final Sample ASSERTS =
      sample(
          Map.of(
              "test_list",
              List.of(
                  "assert square(97) == 9409", "assert square(3) == 9", "assert square(0) == 0")),
          "def square(x):\n    return x * x\n");

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 2) {
      only(arguments[0], Integer.parseInt(arguments[1]));
      return;
    }
    try (OpenCode one = new OpenCode(Code.of(Language.PYTHON), 1);
        OpenCode all = Code.of(Language.PYTHON).open()) {
      List<String> command = command();
      warm(one, all, command);
      List<Double> stream = new ArrayList<>();
      List<Double> asserts = new ArrayList<>();
      List<Double> cold = new ArrayList<>();
      List<Double> speedup = new ArrayList<>();
      for (int block = 0; block < BLOCKS; block++) {
        stream.add(rate(() -> passed(one, STREAM)));
        cold.add(rate(() -> start(command)));
        asserts.add(rate(() -> passed(one, ASSERTS)));
        speedup.add(stream.getLast() / cold.getLast());
      }
      say("python3 started for each check", cold);
      say("warm, input and output", stream);
      say("warm, three asserts in a second process", asserts);
      System.out.printf(
          Locale.ROOT,
          "paired speed-up, input and output: median %.1f, from %.1f to %.1f in %d blocks%n",
          median(speedup),
          Collections.min(speedup),
          Collections.max(speedup),
          BLOCKS);
      List<Sample> batch = Collections.nCopies(400, STREAM);
      long start = System.nanoTime();
      all.of(batch);
      System.out.printf(
          Locale.ROOT,
          "a batch of 400 on %d cores: %.0f checks/s%n",
          Runtime.getRuntime().availableProcessors(),
          400 / ((System.nanoTime() - start) / 1e9));
    }
  }

  /** So many checks of one kind and nothing else, for `perf stat -e task-clock`. */
  private static void only(String kind, int times) throws Exception {
    List<String> command = command();
    try (OpenCode one = new OpenCode(Code.of(Language.PYTHON), 1)) {
      for (int i = 0; i < times; i++) {
        switch (kind) {
          case "cold" -> start(command);
          case "stream" -> passed(one, STREAM);
          case "asserts" -> passed(one, ASSERTS);
          default -> throw new IllegalArgumentException(kind);
        }
      }
    }
  }

  /** The sandbox's own command, with the program in place of the fork server. */
  private static List<String> command() {
    Toolchain python = Toolchain.of(Language.PYTHON, Optional.empty());
    List<String> command =
        new ArrayList<>(Launch.of(python.run(), Toolchain.folders(List.of(python))).command());
    int interpreter = command.indexOf(python.run().toString());
    command.subList(interpreter + 1, command.size()).clear();
    command.addAll(List.of("-c", PROGRAM));
    return command;
  }

  private static void warm(OpenCode one, OpenCode all, List<String> command) throws Exception {
    for (int i = 0; i < 20; i++) {
      passed(one, STREAM);
      passed(one, ASSERTS);
      start(command);
    }
    all.of(Collections.nCopies(20, STREAM));
  }

  private static void passed(OpenCode code, Sample sample) {
    if (!code.check(sample).passed()) {
      throw new IllegalStateException("the program did not pass");
    }
  }

  private static void start(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(Launch.ENVIRONMENT);
    Process process = builder.start();
    process.getOutputStream().write("97\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    process.getOutputStream().close();
    byte[] output = process.getInputStream().readAllBytes();
    if (process.waitFor() != 0
        || !Arrays.equals(output, "9409\n".getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
      throw new IllegalStateException("the program did not pass");
    }
  }

  private interface Check {
    void run() throws Exception;
  }

  private static double rate(Check check) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < IN_A_BLOCK; i++) {
      check.run();
    }
    return IN_A_BLOCK / ((System.nanoTime() - start) / 1e9);
  }

  private static void say(String what, List<Double> rates) {
    System.out.printf(
        Locale.ROOT,
        "%-42s median %6.1f checks/s, best %6.1f%n",
        what,
        median(rates),
        Collections.max(rates));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static Sample sample(Map<String, Object> columns, String code) {
    return new Sample("", Prompt.NONE, code, null, columns);
  }
}
