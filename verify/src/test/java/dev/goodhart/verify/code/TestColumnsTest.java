package dev.goodhart.verify.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.verify.code.CodeTests.Asserts;
import dev.goodhart.verify.code.CodeTests.Calls;
import dev.goodhart.verify.code.CodeTests.Streams;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layouts in which data sets hold their tests. */
class TestColumnsTest {
  private static CodeTests of(Map<String, Object> columns) {
    return TestColumns.of(new Sample("", Prompt.of("do it"), "", null, columns), Optional.empty());
  }

  private static CodeTests reference(String text) {
    return TestColumns.of(new Sample("", Prompt.of("do it"), "", text, Map.of()), Optional.empty());
  }

  @Test
  void humanEval() {
    Map<String, Object> columns =
        Map.of("test", "def check(candidate): pass", "entry_point", "f", "prompt", "def f():\n");
    assertEquals(
        new Asserts(
            List.of("def f():\n"),
            List.of(),
            List.of("def check(candidate): pass"),
            "f",
            "def f():\n"),
        of(columns));
  }

  @Test
  void mbpp() {
    Map<String, Object> columns =
        Map.of(
            "test_list",
            List.of("assert f(1) == 1", "assert f(2) == 2"),
            "test_setup_code",
            "x = 1",
            "test_imports",
            List.of("import math"));
    assertEquals(
        new Asserts(
            List.of(),
            List.of("import math", "x = 1"),
            List.of("assert f(1) == 1", "assert f(2) == 2"),
            null,
            ""),
        of(columns));
  }

  @Test
  void appsWithStreamsAsTextAndAsLines() {
    Streams tests =
        assertInstanceOf(
            Streams.class,
            of(
                Map.of(
                    "input_output",
                    "{\"inputs\": [\"1\\n\", [\"2\", \"3\"]], \"outputs\": [\"1\", [\"5\"]]}")));
    assertEquals(
        List.of(new Streams.Stream("1\n", "1", 1), new Streams.Stream("2\n3", "5", 1)),
        tests.cases());
  }

  @Test
  void appsWithAFunction() {
    Calls tests =
        assertInstanceOf(
            Calls.class,
            of(
                Map.of(
                    "input_output",
                    "{\"fn_name\": \"f\", \"inputs\": [[1, \"a\"]], \"outputs\": [[true]]}")));
    assertEquals("f", tests.function());
    assertEquals(List.of(1, "a"), tests.cases().getFirst().arguments());
    assertEquals(List.of(List.of(true), true), tests.cases().getFirst().results());
  }

  @Test
  void verlsGroundTruthInItsThreeForms() {
    assertEquals(
        2,
        ((Streams) reference("{\"inputs\": [\"1\", \"2\"], \"outputs\": [\"1\", \"2\"]}"))
            .cases()
            .size());
    assertEquals(
        List.of("assert f(1)"),
        ((Asserts) reference("{\"assert_case\": [\"assert f(1)\"]}")).sources());
    Calls calls =
        (Calls)
            of(
                Map.of(
                    "reward_model",
                    Map.of(
                        "style",
                        "rule",
                        "ground_truth",
                        "{\"fn_name\": \"f\", \"inputs\": [\"1\\n[2]\"], \"outputs\": [\"3\"]}")));
    assertEquals(List.of(1, List.of(2)), calls.cases().getFirst().arguments());
    assertEquals(List.of(3), calls.cases().getFirst().results());
  }

  @Test
  void nemoGym() {
    assertEquals(
        1,
        of(Map.of(
                "verifier_metadata",
                Map.of("unit_tests", Map.of("inputs", List.of("1"), "outputs", List.of("2")))))
            .size());
  }

  /**
   * The packed texts were written with Python's own pickle (protocols 2 and 4), zlib and base64.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "eJxrYIowZ2BgiK5WyswrKC1RslJQMozJM1LSUVDKLy2BihiDuCWpxSUllQWpIIHikpTMPKXa2EIGPQBFVBKE",
        "eJxrYJlqzQABPebR1UqZeQWlJUpWCkqGMXlGSjoKSvmlJVARYxC3JLW4pKSyIBUkUFySkpmnVBs7RQ8AeDQTrQ==",
        "[{\"input\": \"1\\n2\", \"output\": \"3\", \"testtype\": \"stdin\"}]"
      })
  void liveCodeBenchsPrivateTests(String packed) {
    Streams tests =
        (Streams)
            of(
                Map.of(
                    "public_test_cases",
                    "[{\"input\": \"0\", \"output\": \"0\", \"testtype\": \"stdin\"}]",
                    "private_test_cases",
                    packed));
    assertEquals(
        List.of(new Streams.Stream("0", "0", 1), new Streams.Stream("1\n2", "3", 1)),
        tests.cases());
  }

  @Test
  void liveCodeBenchsFunctions() {
    Calls tests =
        (Calls)
            of(
                Map.of(
                    "public_test_cases",
                        List.of(
                            Map.of(
                                "input", "[1]\n\"x\"", "output", "null", "testtype", "functional")),
                    "metadata", Map.of("func_name", "g")));
    assertEquals("g", tests.function());
    assertEquals(List.of(List.of(1), "x"), tests.cases().getFirst().arguments());
  }

  @Test
  void aNamedColumn() {
    Sample sample =
        new Sample(
            "",
            Prompt.NONE,
            "",
            null,
            Map.of(
                "mine",
                List.of(Map.of("input", "1", "output", 2)),
                "test_list",
                List.of("assert 1")));
    assertEquals(
        List.of(new Streams.Stream("1", "2", 1)),
        ((Streams) TestColumns.of(sample, Optional.of("mine"))).cases());
    TestsException e =
        assertThrows(TestsException.class, () -> TestColumns.of(sample, Optional.of("other")));
    assertEquals("tests: the sample has no column 'other'", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"inputs\": [\"1\"], \"outputs\": []}",
        "{\"inputs\": [], \"outputs\": []}",
        "[]",
        "{\"a\": 1}",
        "[{\"input\": \"1\"}]",
        "{\"inputs\": [\"1\"",
        "[{\"input\": \"1\", \"output\": \"1\", \"weight\": -1}]",
        "{\"fn_name\": \"f\", \"inputs\": [\"x\"], \"outputs\": [\"1\"]}"
      })
  void testsThatCannotBeReadAreRefused(String text) {
    TestsException e = assertThrows(TestsException.class, () -> of(Map.of("tests", text)));
    assertTrue(e.getMessage().startsWith("tests: 'tests"), e.getMessage());
  }

  @Test
  void noTestsAtAllIsSaid() {
    assertThrows(TestsException.class, () -> of(Map.of()));
    assertThrows(TestsException.class, () -> of(Map.of("private_test_cases", "bm90IHBhY2tlZA==")));
  }
}
