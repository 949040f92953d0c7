package dev.goodhart.verify.code;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goodhart.verify.code.CodeTests.Asserts;
import dev.goodhart.verify.code.CodeTests.Calls;
import dev.goodhart.verify.code.CodeTests.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Runs a program against tests and compares what it answers, out here: an expected output or result
 * never enters the sandbox. Tests in Python are judged by {@link AssertCheck}.
 *
 * @param stopAtFirst whether one failed test is enough, so that the rest is skipped
 */
record Checker(
    Toolchain toolchain,
    SandboxPool pool,
    Limits limits,
    OutputMatch outputs,
    ValueMatch values,
    boolean stopAtFirst) {
  /**
   * After so many tests that hit a limit the rest is skipped: a program that always hangs would
   * hold a core for minutes.
   */
  private static final int MOST_LIMITS = 3;

  /**
   * @throws SandboxException if the sandbox or a toolchain is missing or broken
   * @throws TestsException if the tests cannot be run in this language
   */
  CheckResult check(CodeTests tests, String code) {
    return pool.with(
        sandbox ->
            switch (tests) {
              case Streams streams -> streams(sandbox, streams, code);
              case Calls calls -> calls(sandbox, calls, code);
              case Asserts asserts -> {
                if (toolchain.language() != Language.PYTHON) {
                  throw new TestsException("tests written in Python can only judge Python");
                }
                yield new AssertCheck(limits, stopAtFirst).check(sandbox, asserts, code);
              }
            });
  }

  private CheckResult streams(Sandbox sandbox, Streams tests, String code) {
    Program program = new Program(toolchain, code, limits);
    Optional<Outcome> failed = program.compile(sandbox);
    if (failed.isPresent()) {
      return all(tests.cases().stream().map(Streams.Stream::weight).toList(), failed.get());
    }
    List<TestResult> results = new ArrayList<>();
    BiFunction<Integer, Streams.Stream, TestResult> run =
        (number, test) -> {
          Outcome outcome = sandbox.run(program.step(test.input().getBytes(UTF_8)));
          Verdict verdict = outcome.end(limits, isPython());
          String detail = outcome.detail(verdict, limits);
          if (verdict == Verdict.PASSED && !outputs.matches(test.output(), outcome.stdout())) {
            verdict = Verdict.WRONG;
            detail = "wrote " + shown(outcome.stdout()) + ", not " + shown(test.output());
          }
          return new TestResult(number, verdict, test.weight(), outcome.cpuSeconds(), detail);
        };
    int limited = 0;
    for (Streams.Stream test : tests.cases()) {
      if (isDecided(results) || limited == MOST_LIMITS) {
        results.add(skipped(results.size(), test.weight()));
        continue;
      }
      results.add(run.apply(results.size(), test));
      limited += isLimit(results.getLast().verdict()) ? 1 : 0;
    }
    return new CheckResult(results, false);
  }

  /** One process for all calls; where one stops it, another for those that are left. */
  private CheckResult calls(Sandbox sandbox, Calls tests, String code) {
    List<TestResult> results = new ArrayList<>();
    int limited = 0;
    while (results.size() < tests.size()) {
      int from = results.size();
      if (isDecided(results) || limited == MOST_LIMITS) {
        results.add(skipped(from, tests.cases().get(from).weight()));
        continue;
      }
      List<Calls.Call> left = tests.cases().subList(from, tests.size());
      Outcome outcome =
          sandbox.run(new Program(toolchain, code, limits).callStep(tests.function(), left));
      Verdict end = outcome.end(limits, isPython());
      List<Wire.Answer> answers = Wire.answers(outcome.channel(), left.size());
      double seconds = outcome.cpuSeconds() / Math.max(1, answers.size());
      for (int i = 0; i < Math.min(answers.size(), left.size()); i++) {
        results.add(judged(from + i, left.get(i), answers.get(i), seconds));
      }
      if (answers.size() > left.size()) {
        results.replaceAll(
            r ->
                new TestResult(
                    r.test(),
                    Verdict.TAMPERED,
                    r.weight(),
                    r.seconds(),
                    "more answers than calls"));
      }
      if (results.size() == tests.size()) {
        break;
      }
      int at = results.size();
      Verdict verdict = end == Verdict.PASSED ? Verdict.CRASHED : end;
      String detail =
          end == Verdict.PASSED ? "ended before it answered" : outcome.detail(end, limits);
      results.add(
          new TestResult(
              at, verdict, tests.cases().get(at).weight(), outcome.cpuSeconds(), detail));
      if (at == from && (verdict == Verdict.COMPILE_ERROR || verdict == Verdict.CRASHED)) {
        // It does not even load: nor will it for the others.
        for (int rest = results.size(); rest < tests.size(); rest++) {
          results.add(new TestResult(rest, verdict, tests.cases().get(rest).weight(), 0, detail));
        }
      }
      limited += isLimit(verdict) ? 1 : 0;
    }
    return new CheckResult(results, false);
  }

  private TestResult judged(int number, Calls.Call call, Wire.Answer answer, double seconds) {
    return switch (answer) {
      case Wire.Answer.Value value ->
          call.results().stream().anyMatch(result -> values.matches(result, value.value()))
              ? new TestResult(number, Verdict.PASSED, call.weight(), seconds, "")
              : new TestResult(
                  number,
                  Verdict.WRONG,
                  call.weight(),
                  seconds,
                  "returned "
                      + shown(String.valueOf(value.value()))
                      + ", not "
                      + shown(String.valueOf(call.results().getFirst())));
      case Wire.Answer.Raised raised ->
          new TestResult(number, Verdict.CRASHED, call.weight(), seconds, raised.text());
      case Wire.Answer.Malformed malformed ->
          new TestResult(number, Verdict.TAMPERED, call.weight(), seconds, malformed.why());
    };
  }

  /** The same end for every test: the program does not compile. */
  private CheckResult all(List<Double> weights, Outcome outcome) {
    Verdict end = outcome.end(limits.compiling(), false);
    Verdict verdict = end == Verdict.CRASHED ? Verdict.COMPILE_ERROR : end;
    String detail = outcome.detail(verdict, limits.compiling());
    List<TestResult> results = new ArrayList<>();
    for (double weight : weights) {
      results.add(
          new TestResult(
              results.size(),
              verdict,
              weight,
              results.isEmpty() ? outcome.cpuSeconds() : 0,
              detail));
    }
    return new CheckResult(results, false);
  }

  private boolean isPython() {
    return toolchain.language() == Language.PYTHON;
  }

  private boolean isDecided(List<TestResult> results) {
    return stopAtFirst && !results.isEmpty() && !results.getLast().passed();
  }

  private static boolean isLimit(Verdict verdict) {
    return switch (verdict) {
      case TIMED_OUT, MEMORY_LIMIT, OUTPUT_LIMIT, PROCESS_LIMIT -> true;
      case PASSED, WRONG, CRASHED, COMPILE_ERROR, TAMPERED, SKIPPED -> false;
    };
  }

  private static TestResult skipped(int number, double weight) {
    return new TestResult(number, Verdict.SKIPPED, weight, 0, "");
  }

  private static String shown(String text) {
    String line = text.strip().replace("\n", "\\n");
    return "'" + (line.length() > 60 ? line.substring(0, 60) + "…" : line) + "'";
  }
}
