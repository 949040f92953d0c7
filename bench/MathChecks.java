package dev.goodhart.verify.math;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks a second of the {@code math} signal with its defaults, a response and a reference a check:
 * the hand-written suite, the final answers of GSM8K, and whole GSM8K solutions. See
 * bench/README.md.
 */
@State(Scope.Thread)
public class MathChecks {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @Param({"suite", "final-answers", "solutions"})
  public String data = "";

  private final MathVerifier verifier = new MathVerifier();
  private List<Sample> samples = List.of();
  private int next;
  private long checks;
  private long started;

  @Setup
  public void read() throws IOException {
    List<Sample> all = new ArrayList<>(data.equals("suite") ? suite() : solutions());
    Collections.shuffle(all, new Random(1));
    samples = all;
  }

  @Setup(Level.Iteration)
  public void start() {
    checks = 0;
    started = THREADS.getCurrentThreadCpuTime();
  }

  /** What other work on the core does not change. */
  @TearDown(Level.Iteration)
  public void say() {
    double seconds = (THREADS.getCurrentThreadCpuTime() - started) / 1e9;
    System.out.printf("%,.0f checks in a second of processor time; ", checks / seconds);
  }

  @Benchmark
  public Reward check() {
    checks++;
    next = next + 1 < samples.size() ? next + 1 : 0;
    return verifier.of(samples.get(next));
  }

  private static List<Sample> suite() throws IOException {
    Path suite = Path.of("verify/src/test/resources/dev/goodhart/verify/math/equality.tsv");
    List<Sample> samples = new ArrayList<>();
    for (String line : Files.readAllLines(suite)) {
      String[] parts = line.split("\t", -1);
      if (parts.length == 3) {
        samples.add(Sample.of("", "\\boxed{" + parts[2] + "}", parts[1]));
      }
    }
    return samples;
  }

  private List<Sample> solutions() throws IOException {
    String given = System.getenv("GOODHART_DATA");
    Path file =
        Path.of(given == null ? "../shared/data" : given, "gsm8k/example_model_solutions.jsonl.gz");
    JsonMapper json = new JsonMapper();
    List<Sample> samples = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode row = json.readTree(line);
        String truth = row.get("ground_truth").asString();
        for (String model :
            List.of("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")) {
          String solution = row.get(model).get("solution").asString();
          samples.add(
              data.equals("solutions")
                  ? Sample.of("", solution, truth)
                  : Sample.of("", last(solution), last(truth)));
        }
      }
    }
    return samples;
  }

  private static String last(String solution) {
    int at = solution.lastIndexOf('\n');
    String line = solution.substring(at + 1);
    return line.startsWith("#### ") || line.startsWith("A: ")
        ? line.substring(line.indexOf(' ') + 1)
        : line;
  }
}
