package dev.goodhart.verify.code;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goodhart.verify.code.CodeTests.Asserts;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Judges by tests written in Python. The tests and the candidate run in two processes, in
 * namespaces of their own, joined by one socket over which calls and plain data travel ({@code
 * tester.py}). The process that holds the expected values and reports the verdicts never runs a
 * line of the candidate's.
 *
 * <p>The limits hold for the candidate's whole run, as in HumanEval.
 */
record AssertCheck(Limits limits, boolean stopAtFirst) {
  private static final SecureRandom RANDOM = new SecureRandom();

  CheckResult check(Sandbox sandbox, Asserts tests, String code) {
    byte[] secret = new byte[16];
    RANDOM.nextBytes(secret);
    String nonce = HexFormat.of().formatHex(secret);
    List<byte[]> candidate = new ArrayList<>(List.of(new byte[0]));
    programs(tests, code).forEach(program -> candidate.add(program.getBytes(UTF_8)));
    Map<String, @Nullable Object> asked = new LinkedHashMap<>();
    asked.put("nonce", nonce);
    asked.put("prelude", tests.prelude());
    asked.put("setup", tests.setup());
    asked.put("tests", tests.sources());
    asked.put("entry", tests.entry());
    asked.put("stop", stopAtFirst);
    List<Outcome> outcomes =
        sandbox.run(
            List.of(
                Step.python("peer", limits, false, 1, candidate),
                Step.python(
                    "tester",
                    limits.judging(),
                    false,
                    1,
                    List.of(new byte[0], Wire.JSON.writeValueAsBytes(asked)))));
    return judged(tests, outcomes.get(0), report(outcomes.get(1), nonce));
  }

  /** What the tester reported; lines without the nonce are not its own. */
  private record Report(
      int count, Map<Integer, TestResult> tests, String end, String detail, boolean selfJudged) {}

  private static Report report(Outcome tester, String nonce) {
    Map<Integer, TestResult> tests = new LinkedHashMap<>();
    int count = 0;
    String end = "";
    String detail = "";
    boolean selfJudged = false;
    for (String line : UTF_8.decode(tester.channel().duplicate()).toString().split("\n")) {
      JsonNode said;
      try {
        said = Wire.JSON.readTree(line);
      } catch (JacksonException e) {
        continue; // cut off when the tester was stopped
      }
      if (said == null || !said.path("nonce").asString("").equals(nonce)) {
        continue;
      }
      detail = said.path("detail").asString("");
      if (said.has("count")) {
        count = said.get("count").asInt();
      } else if (said.has("test")) {
        int test = said.get("test").asInt();
        Verdict verdict =
            said.get("verdict").asString("").equals("passed") ? Verdict.PASSED : Verdict.WRONG;
        tests.put(test, new TestResult(test, verdict, 1, said.get("seconds").asDouble(), detail));
      } else if (said.has("end")) {
        end = said.get("end").asString("");
        selfJudged = said.path("objects").asBoolean(false);
      }
    }
    return new Report(count, tests, end, detail, selfJudged);
  }

  private CheckResult judged(Asserts tests, Outcome candidate, Report report) {
    int count =
        Math.max(
            report.count(), Math.max(1, tests.sources().size() > 1 ? tests.sources().size() : 1));
    String detail = report.detail();
    Verdict rest =
        switch (report.end()) {
          case "done" -> Verdict.SKIPPED;
          case "failed" -> Verdict.WRONG;
          case "tampered" -> Verdict.TAMPERED;
          case "unsupported", "broken" -> throw new TestsException(detail);
          default -> {
            // The candidate's process ended, or the tester was stopped for what it was given.
            Verdict verdict = candidate.end(limits, true);
            boolean quiet = verdict == Verdict.PASSED || candidate.reason().equals("done");
            detail = quiet ? "ended before it answered" : candidate.detail(verdict, limits);
            yield quiet
                ? (report.end().equals("gone") ? Verdict.CRASHED : Verdict.TIMED_OUT)
                : verdict;
          }
        };
    if (report.end().equals("done") && report.count() == 0) {
      throw new TestsException("there is none in the source of the tests");
    }
    boolean told = rest != Verdict.SKIPPED;
    List<TestResult> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TestResult known = report.tests().get(i);
      results.add(
          known != null
              ? known
              : new TestResult(i, told ? rest : Verdict.SKIPPED, 1, 0, told ? detail : ""));
      // The first that is not known is the one it ended in; those after it were not reached.
      if (known == null
          && (rest == Verdict.TIMED_OUT
              || rest == Verdict.CRASHED
              || rest == Verdict.MEMORY_LIMIT)) {
        told = false;
      }
    }
    return new CheckResult(results, report.selfJudged());
  }

  /**
   * The program in its possible forms, of which the first that is Python runs: the response after
   * the task's prompt where that is code (for its imports and helpers), the response as what
   * continues the prompt, the response alone.
   */
  private static List<String> programs(Asserts tests, String code) {
    String entry = tests.entry();
    if (entry == null || tests.prompt().isBlank()) {
      return List.of(code);
    }
    String prompt = tests.prompt();
    String name = entry.replaceFirst("^(\\w+)\\W.*$", "$1");
    boolean whole =
        Pattern.compile(
                "^\\s*(?:async\\s+)?(?:def|class)\\s+"
                    + Pattern.quote(name)
                    + "\\b|^"
                    + Pattern.quote(name)
                    + "\\s*=",
                Pattern.MULTILINE)
            .matcher(code)
            .find();
    if (whole) {
      return List.of(
          prompt + "\n    pass\n\n" + code,
          prompt + "\n        pass\n\n" + code,
          prompt + "\n\n" + code,
          code);
    }
    String indented =
        String.join(
            "\n",
            Arrays.stream(code.split("\n", -1))
                .map(line -> line.isBlank() ? line : "    " + line)
                .toList());
    return List.of(prompt + code, prompt + "\n" + code, prompt + "\n" + indented, code);
  }
}
