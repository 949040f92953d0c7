package dev.goodhart.verify.code;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs attacks.txt: none is rewarded or gets out, and an honest program passes in the same sandbox
 * right after each.
 */
class AttackTest {
  private static final String CHECK =
      """
      import math
      METADATA = {}
      def check(candidate):
          assert candidate(97) == 9409
          assert abs(candidate(0.5) - 0.25) < 1e-6
          assert math.fabs(candidate(3)) in (9, 9.0) and 9 in [candidate(3)]
      """;

  private static final String UNITTEST =
      """
      import unittest
      class TestSquare(unittest.TestCase):
          def test_whole(self):
              self.assertEqual(square(97), 9409)
          def test_fraction(self):
              self.assertAlmostEqual(square(0.5), 0.25)
      """;

  private static final Map<String, Object> STREAM =
      Map.of("input_output", Map.of("inputs", List.of("97\n"), "outputs", List.of("9409\n")));
  private static final Map<String, Object> CONTAINED =
      Map.of("input_output", Map.of("inputs", List.of("97\n"), "outputs", List.of("contained\n")));
  private static final Map<String, Object> CALL =
      Map.of(
          "input_output",
          Map.of("fn_name", "square", "inputs", List.of(List.of(97)), "outputs", List.of(9409)));

  private record Attack(
      Language language, String form, String title, List<String> expected, List<String> programs) {
    static Attack read(String text) {
      String head = text.substring(0, text.indexOf('\n'));
      String form = head.substring(0, head.indexOf(':'));
      int arrow = head.lastIndexOf(" -> ");
      Language language =
          Stream.of(Language.values())
              .filter(
                  l ->
                      form.startsWith(l.name().toLowerCase(Locale.ROOT))
                          && (form.length() == l.name().length() || form.contains("-")))
              .findFirst()
              .orElse(Language.PYTHON);
      return new Attack(
          language,
          form,
          head.substring(head.indexOf(':') + 1, arrow).strip(),
          List.of(head.substring(arrow + 4).split(" ")),
          Arrays.asList(text.substring(text.indexOf('\n') + 1).split("\n--- then\n")));
    }

    Map<String, Object> columns() {
      if (expected.contains("CONTAINED")) {
        return CONTAINED;
      }
      return switch (form) {
        case "check" ->
            Map.of(
                "test",
                CHECK,
                "entry_point",
                "square",
                "prompt",
                "class Box:\n"
                    + "    def same(self, x): return False\n\n"
                    + "def square(x):\n"
                    + "    '''The square.'''\n");
        case "asserts" ->
            Map.of(
                "test_list",
                List.of(
                    "assert abs(square(0.5) - 0.25) < 1e-6", "assert max(square(97), 1) == 9409"));
        case "unittest" -> Map.of("test", UNITTEST);
        case "call", "javascript-call" -> CALL;
        case "contained", "plant" -> CONTAINED;
        case "stream", "javascript", "java", "cpp", "shell" -> STREAM;
        default -> throw new IllegalArgumentException(form);
      };
    }

    String honest() {
      if (columns().equals(CONTAINED) || columns().equals(STREAM)) {
        String answer = columns().equals(CONTAINED) ? "contained" : "9409";
        return switch (language) {
          case PYTHON -> "x = int(input())\nprint('" + answer + "')";
          case JAVASCRIPT -> "console.log('" + answer + "')";
          case SHELL -> "echo " + answer;
          case CPP -> "#include <cstdio>\nint main() { puts(\"" + answer + "\"); }";
          case JAVA ->
              "class Main { public static void main(String[] a) { System.out.println(\""
                  + answer
                  + "\"); } }";
        };
      }
      return language == Language.PYTHON
          ? "def square(x):\n    return x * x\n"
          : "const square = (x) => x * x;";
    }
  }

  private record Happened(List<CheckResult> attack, CheckResult after) {}

  private static Happened happens(Attack attack) {
    OpenCode code = Sandboxed.small(attack.language(), Code.Score.FRACTION);
    List<CheckResult> results = new ArrayList<>();
    attack.programs().forEach(program -> results.add(code.check(sample(attack, program))));
    // Compiling takes long, and a compiled program is run by the same means as the others.
    boolean slow = attack.language() == Language.CPP || attack.language() == Language.JAVA;
    return new Happened(results, slow ? null : code.check(sample(attack, attack.honest())));
  }

  private static Sample sample(Attack attack, String program) {
    String tag = attack.language().name().toLowerCase(Locale.ROOT);
    return new Sample(
        "", Prompt.NONE, "```" + tag + "\n" + program + "\n```", null, attack.columns());
  }

  @TestFactory
  List<DynamicTest> nothingFoolsOrEscapes() {
    Sandboxed.need(Language.PYTHON);
    String file = ResourcesForTests.text("attacks.txt");
    List<Attack> attacks =
        Arrays.stream(file.split("(?m)^### ")).skip(1).map(Attack::read).toList();
    assertTrue(
        attacks.size() >= 60
            && attacks.stream().map(a -> a.form() + a.title()).distinct().count()
                == attacks.size());
    ExecutorService four = Executors.newFixedThreadPool(4); // many of them only wait
    List<DynamicTest> tests = new ArrayList<>();
    for (Attack attack : attacks) {
      Future<Happened> happened = four.submit(() -> happens(attack));
      tests.add(
          dynamicTest(
              attack.form() + " " + attack.title(),
              () -> {
                Sandboxed.need(attack.language());
                Happened result = happened.get();
                List<String> verdicts =
                    attack.expected().contains("CONTAINED") ? List.of("PASSED") : attack.expected();
                boolean escape = verdicts.contains("PASSED");
                for (CheckResult each : result.attack()) {
                  String seen =
                      each.tests().stream()
                          .map(t -> t.verdict() + " " + t.detail())
                          .toList()
                          .toString();
                  assertTrue(
                      each.tests().stream().anyMatch(t -> verdicts.contains(t.verdict().name())),
                      seen);
                  assertTrue(
                      escape || each.tests().stream().noneMatch(t -> t.verdict() == Verdict.PASSED),
                      seen);
                }
                if (result.after() != null) {
                  assertTrue(
                      result.after().passed(), "an honest program after it: " + result.after());
                }
              }));
    }
    four.shutdown();
    return tests;
  }
}
