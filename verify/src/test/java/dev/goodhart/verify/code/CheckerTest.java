package dev.goodhart.verify.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs in each language against streams, and functions against JSON. */
class CheckerTest {
  private static final Map<String, Object> SUM =
      Map.of(
          "input_output",
          Map.of("inputs", List.of("1 2\n", "10 -3\n"), "outputs", List.of("3\n", "7\n")));

  private static CheckResult check(
      Language language, Code.Score score, Map<String, Object> columns, String code) {
    return Sandboxed.small(language, score).check(new Sample("", Prompt.NONE, code, null, columns));
  }

  private static List<Verdict> verdicts(CheckResult result) {
    return result.tests().stream().map(TestResult::verdict).toList();
  }

  private static String sum(Language language, String plus) {
    return switch (language) {
      case PYTHON -> "a, b = map(int, input().split())\nprint(a " + plus + " b)";
      case JAVASCRIPT ->
          "const [a, b] = require('fs').readFileSync('/dev/stdin', 'utf8').trim().split('"
              + " ').map(Number);\n"
              + "console.log(a "
              + plus
              + " b);";
      case JAVA ->
          "import java.util.*;\n\n"
              + "public class Solver {\n"
              + "  record Pair(int a, int b) {}\n"
              + "  public static void main(String[] args) {\n"
              + "    Scanner in = new Scanner(System.in);\n"
              + "    Pair p = new Pair(in.nextInt(), in.nextInt());\n"
              + "    System.out.println(p.a() "
              + plus
              + " p.b());\n  }\n}";
      case CPP ->
          "#include <cstdio>\n"
              + "int main() { long a, b; scanf(\"%ld %ld\", &a, &b); printf(\"%ld\\n"
              + "\", a "
              + plus
              + " b); }";
      case SHELL -> "read a b\necho $((a " + plus + " b))";
    };
  }

  @ParameterizedTest
  @EnumSource
  void aProgramIsRightOrWrongInEachLanguage(Language language) {
    assertEquals(
        List.of(Verdict.PASSED, Verdict.PASSED),
        verdicts(check(language, Code.Score.FRACTION, SUM, sum(language, "+"))));
    assertEquals(
        List.of(Verdict.WRONG, Verdict.SKIPPED),
        verdicts(check(language, Code.Score.ALL_OR_NOTHING, SUM, sum(language, "-"))));
  }

  @ParameterizedTest
  @EnumSource(names = {"PYTHON", "JAVASCRIPT", "JAVA", "CPP"})
  void whatIsNoProgramDoesNotCompile(Language language) {
    Verdict verdict =
        check(language, Code.Score.FRACTION, SUM, "this is : no } program")
            .tests()
            .getFirst()
            .verdict();
    // node compiles as it starts, so a text that is no JavaScript crashes it.
    assertEquals(
        language == Language.JAVASCRIPT ? Verdict.CRASHED : Verdict.COMPILE_ERROR, verdict);
  }

  @Test
  void anEmptyResponseIsAWrongAnswer() {
    assertEquals(
        List.of(Verdict.WRONG, Verdict.WRONG),
        verdicts(check(Language.PYTHON, Code.Score.FRACTION, SUM, "")));
  }

  @Test
  void testsAreRunApartFromEachOther() {
    String counts =
        "import os\n"
            + "n = len(os.listdir('.'))\n"
            + "open('x', 'w').close()\n"
            + "a, b = map(int, input().split())\n"
            + "print(a + b + n)";
    assertTrue(check(Language.PYTHON, Code.Score.FRACTION, SUM, counts).passed());
  }

  @Test
  void weightsCount() {
    Map<String, Object> tests =
        Map.of(
            "tests",
            List.of(
                Map.of("input", "1", "output", "1", "weight", 3),
                Map.of("input", "2", "output", "no", "weight", 1)));
    CheckResult result = check(Language.PYTHON, Code.Score.FRACTION, tests, "print(input())");
    assertEquals(0.75, result.share());
  }

  @ParameterizedTest
  @EnumSource(names = {"PYTHON", "JAVASCRIPT"})
  void functionsAreCalledWithJson(Language language) {
    Map<String, Object> tests =
        Map.of(
            "input_output",
            Map.of(
                "fn_name", "pair",
                "inputs",
                    List.of(
                        List.of(1, List.of("a")), List.of(2.5, Map.of("k", 1)), List.of(0, false)),
                "outputs",
                    List.of(
                        List.of(1, List.of("a")),
                        List.of(2.5, Map.of("k", 1)),
                        List.of(List.of(0, false)))));
    String code =
        language == Language.PYTHON
            ? "def pair(a, b): return (a, b)"
            : "const pair = (a, b) => [a, b];";
    CheckResult result = check(language, Code.Score.FRACTION, tests, code);
    assertTrue(result.passed(), result.toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"PYTHON", "JAVASCRIPT"})
  void theMethodOfASolutionIsCalled(Language language) {
    Map<String, Object> tests =
        Map.of(
            "public_test_cases",
                "[{\"input\": \"[1, 2]\\n2\", \"output\": \"4\", \"testtype\": \"functional\"}]",
            "metadata", "{\"func_name\": \"times\"}");
    String code =
        language == Language.PYTHON
            ? "class Solution:\n    def times(self, xs, n):\n        return n * max(xs)\n"
            : "class Solution { times(xs, n) { return n * Math.max(...xs); } }";
    assertTrue(check(language, Code.Score.FRACTION, tests, code).passed());
  }

  @Test
  void aCallThatDoesNotEndLeavesTheOthersTheirVerdicts() {
    Map<String, Object> tests =
        Map.of(
            "input_output",
            Map.of(
                "fn_name",
                "f",
                "inputs",
                List.of(List.of(1), List.of(2), List.of(3), List.of(4)),
                "outputs",
                List.of(1, 2, 3, 5)));
    String code =
        "def f(x):\n    while x == 2: pass\n    if x == 3: raise ValueError('three')\n    return x";
    assertEquals(
        List.of(Verdict.PASSED, Verdict.TIMED_OUT, Verdict.CRASHED, Verdict.WRONG),
        verdicts(check(Language.PYTHON, Code.Score.FRACTION, tests, code)));
  }

  @Test
  void aProgramThatAlwaysHangsIsNotRunForEveryTest() {
    List<String> six = List.of("1", "2", "3", "4", "5", "6");
    Map<String, Object> tests = Map.of("input_output", Map.of("inputs", six, "outputs", six));
    CheckResult result = check(Language.PYTHON, Code.Score.FRACTION, tests, "while True: pass");
    assertEquals(3, result.count(Verdict.TIMED_OUT));
    assertEquals(3, result.count(Verdict.SKIPPED));
  }

  @Test
  void whatALanguageCannotDoIsUnscored() {
    Sandboxed.need(Language.SHELL);
    Map<String, Object> asserts = Map.of("test_list", List.of("assert f(1) == 1"));
    assertThrows(
        TestsException.class, () -> check(Language.SHELL, Code.Score.FRACTION, asserts, "true"));
    Map<String, Object> calls =
        Map.of(
            "input_output",
            Map.of("fn_name", "f", "inputs", List.of(List.of(1)), "outputs", List.of(1)));
    assertThrows(
        TestsException.class, () -> check(Language.SHELL, Code.Score.FRACTION, calls, "true"));
  }
}
