package dev.goodhart.serve.protocol;

import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Json;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.scoring.Refusal;
import dev.goodhart.verify.code.Code;
import dev.goodhart.verify.code.Comparison;
import dev.goodhart.verify.code.Language;
import dev.goodhart.verify.code.PlainPickle;
import dev.goodhart.verify.code.SandboxException;
import dev.goodhart.verify.code.Sandboxes;
import dev.goodhart.verify.code.TestResult;
import dev.goodhart.verify.code.TestsException;
import dev.goodhart.verify.code.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Tests Python programs as open-instruct's code server does: each test in a process of its own with
 * its own time. Nothing is rewarded here and the spec plays no part.
 *
 * <pre>{@code
 * POST /test_program       {"program": "def add(a, b): return a + b", "tests": ["assert add(1, 2) == 3"], "max_execution_time": 1.0}
 * POST /test_program_stdio {"program": "print(int(input()) + 1)", "tests": [{"input": "1\n", "output": "2\n"}]}
 *                      200 {"results": [1], "runtimes": [0.00002]}
 *                      422 {"detail": [..]}   503 {"detail": "…"}, with Retry-After
 * }</pre>
 *
 * <p>{@code tests} may also be the JSON of such a list, or the list pickled, compressed and in base
 * 64, as the data sets have it. A test passes only if what judges it, outside of the program's own
 * process, saw it pass: a program that ends itself with status 0 has failed. {@code runtimes} are
 * in seconds, −1 where a test came to no answer.
 */
final class OpenInstruct implements Protocol {
  private static final int MOST_UNPACKED = 64 << 20;
  private static final int MOST_TESTS = 10_000;
  private static final double MOST_SECONDS = 60;
  private static final double MARGIN = 5;

  private static final int LATE = 503;

  private final CodeRuns runs;

  OpenInstruct(CodeRuns runs) {
    this.runs = runs;
  }

  @Override
  public String id() {
    return "open-instruct";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of(
        "POST /test_program",
        FastApi.strict(exchange -> test(exchange, "test_list")),
        "POST /test_program_stdio",
        FastApi.strict(exchange -> test(exchange, "tests")));
  }

  @Override
  public Object error(Refusal refusal) {
    return FastApi.error(refusal);
  }

  private Object test(Exchange exchange, String column) {
    Fields body = exchange.body();
    String program = body.text("program");
    double asked = body.number("max_execution_time").orElse(1);
    if (!(asked > 0)) {
      throw Refusal.bad("max_execution_time: expected seconds above 0, not " + asked);
    }
    double seconds = Math.min(MOST_SECONDS, asked);
    // As long as open-instruct's own client waits, and no longer than this server does.
    double waits =
        Math.min(Math.max(30, Math.min(300, 10 * seconds)), exchange.asked().remaining() / 1e9);
    try {
      return exchange.whileThere(
          () ->
              runs.with(
                  Duration.ofMillis((long) (1000 * waits / 2)),
                  LATE,
                  // Not before its turn: packed tests may take much more memory than the body did.
                  sandboxes ->
                      tested(sandboxes, program, tests(body), column, seconds, waits - MARGIN)));
    } catch (SandboxException e) {
      throw new Refusal(503, String.valueOf(e.getMessage()));
    } catch (TestsException e) {
      throw new Refusal(FastApi.UNPROCESSABLE, String.valueOf(e.getMessage()));
    }
  }

  /**
   * @param budget in seconds for the program's own time; the tests after it are failed, as they
   *     would be had the client hung up
   */
  private static Object tested(
      Sandboxes sandboxes,
      String program,
      List<?> tests,
      String column,
      double seconds,
      double budget) {
    Code code = code(seconds);
    List<Integer> results = new ArrayList<>();
    List<Double> runtimes = new ArrayList<>();
    double spent = 0;
    for (Object test : tests) {
      if (spent > budget) {
        results.add(0);
        runtimes.add(-1.0);
        continue;
      }
      Sample sample = new Sample("", Prompt.NONE, "", null, Map.of(column, List.of(test)));
      long start = System.nanoTime();
      List<TestResult> verdicts = sandboxes.check(code, sample, program).tests();
      double took = verdicts.stream().mapToDouble(TestResult::seconds).sum();
      // A test may itself take its time, which the program's limits do not count.
      boolean passed =
          took <= code.wallLimit().orElseThrow()
              && verdicts.stream().allMatch(each -> each.verdict() == Verdict.PASSED);
      boolean answered =
          passed || column.equals("tests") && verdicts.getFirst().verdict() == Verdict.WRONG;
      results.add(passed ? 1 : 0);
      runtimes.add(answered ? verdicts.stream().mapToDouble(TestResult::seconds).sum() : -1.0);
      spent += (System.nanoTime() - start) / 1e9;
    }
    return Map.of("results", results, "runtimes", runtimes);
  }

  /** A program that waits gets twice its time and a second more: this machine may be busy. */
  private static Code code(double seconds) {
    return new Code(
        Language.PYTHON,
        Code.Score.FRACTION,
        seconds,
        OptionalDouble.of(2 * seconds + 1),
        1024,
        4,
        64,
        64,
        Comparison.LINES,
        1e-6,
        true,
        Optional.empty(),
        Optional.empty());
  }

  private static List<?> tests(Fields body) {
    Object value = body.get("tests");
    if (value instanceof String text) {
      value = text.isBlank() ? List.of() : unpacked(text);
    }
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> tests)) {
      throw Refusal.bad("tests: expected a list of tests, or one packed as open-instruct packs it");
    }
    if (tests.size() > MOST_TESTS) {
      throw Refusal.bad("tests: " + tests.size() + ", at most " + MOST_TESTS + " are taken");
    }
    // What was unpacked may hold one long text many times.
    long characters = 0;
    for (Object test : tests) {
      characters += size(test);
      if (characters > MOST_UNPACKED) {
        throw Refusal.bad("tests: longer than " + MOST_UNPACKED + " characters together");
      }
    }
    return tests;
  }

  private static long size(@Nullable Object test) {
    return switch (test) {
      case String text -> text.length();
      case Map<?, ?> map -> {
        long size = 0;
        for (Object field : map.values()) {
          if (!(field instanceof String || field instanceof Number || field instanceof Boolean)) {
            throw Refusal.bad("tests: expected text for the input and the output of a test");
          }
          size += field.toString().length();
        }
        yield size;
      }
      case null, default ->
          throw Refusal.bad("tests: expected statements, or objects of 'input' and 'output'");
    };
  }

  private static @Nullable Object unpacked(String text) {
    String stripped = text.strip();
    try {
      return stripped.startsWith("[")
          ? Json.read(stripped.getBytes(StandardCharsets.UTF_8))
          : PlainPickle.unpacked(stripped, MOST_UNPACKED);
    } catch (Refusal e) {
      throw Refusal.bad("tests: not JSON: " + e.says());
    } catch (IllegalArgumentException e) {
      throw Refusal.bad(
          "tests: neither JSON nor packed as open-instruct packs it: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    runs.close();
  }
}
