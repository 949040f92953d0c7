package dev.goodhart.verify.code;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs that are run as they are. */
class SandboxesTest {
  private static Sandboxes sandboxes;

  @BeforeAll
  static void open() {
    Sandboxed.need(Language.PYTHON);
    sandboxes = new Sandboxes(2);
  }

  @AfterAll
  static void close() {
    if (sandboxes != null) sandboxes.close();
  }

  private static RunResult run(Language language, String source, String stdin) {
    Sandboxed.need(language);
    return sandboxes.run(PlainRun.of(language, source, stdin));
  }

  private static RunResult.End ran(Language language, String source, String stdin) {
    return run(language, source, stdin).ran().orElseThrow();
  }

  private static PlainRun python(
      String source, double seconds, int memory, Map<String, byte[]> files, List<String> fetch) {
    return new PlainRun(Language.PYTHON, source, new byte[0], seconds, 10, memory, 1, files, fetch);
  }

  @Test
  void aProgramReadsItsInputAndItsStreamsAndStatusComeBack() {
    RunResult.End end =
        ran(
            Language.PYTHON,
            "import sys\nprint(input()[::-1])\nprint('hm', file=sys.stderr)\nsys.exit(3)",
            "abc\n");

    assertEquals("cba\n", end.stdout());
    assertEquals("hm\n", end.stderr());
    assertEquals(3, end.exit());
    assertEquals(Verdict.CRASHED, end.verdict());
    assertEquals("", end.detail());
  }

  @Test
  void whatIsNotPythonExitsWithOneAsPythonDoes() {
    RunResult.End end = ran(Language.PYTHON, "def f(:\n  pass", "");

    assertEquals(1, end.exit());
    assertTrue(end.stderr().contains("SyntaxError"), end.stderr());
  }

  @Test
  void aSignalIsAStatusBelowZero() {
    assertEquals(-11, ran(Language.PYTHON, "import ctypes; ctypes.string_at(0)", "").exit());
  }

  @Test
  void aCompilersWordsAreApartFromTheProgramsOwn() {
    RunResult good = run(Language.CPP, "#include <cstdio>\nint main() { puts(\"hi\"); }", "");
    RunResult bad = run(Language.CPP, "int main() { return x; }", "");

    assertEquals(Verdict.PASSED, good.compiled().orElseThrow().verdict());
    assertEquals("hi\n", good.ran().orElseThrow().stdout());
    assertEquals(1, bad.compiled().orElseThrow().exit());
    assertEquals(Verdict.COMPILE_ERROR, bad.compiled().get().verdict());
    assertTrue(bad.compiled().get().stderr().contains("was not declared"));
    assertTrue(bad.ran().isEmpty());
  }

  @Test
  void sleepingCountsAsTime() {
    RunResult.End end =
        sandboxes
            .run(
                python(
                    "print(1, flush=True)\nimport time; time.sleep(60)",
                    0.3,
                    256,
                    Map.of(),
                    List.of()))
            .ran()
            .orElseThrow();

    assertEquals(Verdict.TIMED_OUT, end.verdict());
    assertEquals("1\n", end.stdout());
    assertEquals("stopped after 0.3 s", end.detail());
    assertTrue(end.seconds() >= 0.3, "" + end.seconds());
  }

  @Test
  void tooMuchMemoryIsSaidAsThatInPythonAndInAnythingItStarts() {
    String hungry = "x = bytearray(400 << 20)";
    RunResult.End plain =
        sandboxes.run(python(hungry, 5, 128, Map.of(), List.of())).ran().orElseThrow();
    RunResult.End withFiles =
        sandboxes
            .run(python(hungry, 5, 128, Map.of("a", new byte[1]), List.of()))
            .ran()
            .orElseThrow();

    assertEquals(Verdict.MEMORY_LIMIT, plain.verdict());
    assertEquals("more than 128 MiB of memory", plain.detail());
    assertEquals(Verdict.MEMORY_LIMIT, withFiles.verdict());
  }

  @Test
  void anEndlessOutputIsCutOff() {
    RunResult.End end =
        sandboxes
            .run(python("while True: print('x' * 1000)", 5, 128, Map.of(), List.of()))
            .ran()
            .orElseThrow();

    assertEquals(Verdict.OUTPUT_LIMIT, end.verdict());
    assertTrue(end.stdout().length() <= 1 << 20);
  }

  @Test
  void filesAreLaidInAndFetched() {
    RunResult result =
        sandboxes.run(
            python(
                "import helper\nopen('out.bin', 'wb').write(open('data/in.txt', 'rb').read() * 2)\n"
                    + "helper.hello(); exit(2)",
                5,
                256,
                Map.of(
                    "data/in.txt", "ab".getBytes(UTF_8),
                    "helper.py", "def hello(): print('hello')".getBytes(UTF_8)),
                List.of("out.bin", "none")));

    assertEquals("hello\n", result.ran().orElseThrow().stdout());
    assertEquals(2, result.ran().get().exit());
    assertEquals(List.of("out.bin"), List.copyOf(result.files().keySet()));
    assertArrayEquals("abab".getBytes(UTF_8), result.files().get("out.bin"));
  }

  @Test
  void fetchedFilesAreBoundedAndOnesOfOtherLanguagesComeToo() {
    RunResult large =
        sandboxes.run(
            python("open('a', 'wb').write(bytes(5 << 20))", 5, 256, Map.of(), List.of("a")));
    RunResult shell =
        sandboxes.run(
            new PlainRun(
                Language.SHELL,
                "cat > copy",
                "in".getBytes(UTF_8),
                5,
                5,
                256,
                1,
                Map.of(),
                List.of("copy")));

    assertEquals(Verdict.OUTPUT_LIMIT, large.ran().orElseThrow().verdict());
    assertArrayEquals("in".getBytes(UTF_8), shell.files().get("copy"));
  }

  @Test
  void aPathOutOfTheProgramsFolderIsRefused() {
    for (String path : List.of("/etc/passwd", "../a", "a/../../b", "", "a/", "a\0b")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> python("", 1, 64, Map.of(path, new byte[0]), List.of()),
          path);
    }
  }

  @Test
  void plainDataIsUnpickledAndNothingElse() {
    // base64(zlib(pickle(...))) by Python 3.11's own pickle
    assertEquals(
        List.of("assert f(1) == 2", "x"),
        PlainPickle.unpacked(packed("['assert f(1) == 2', 'x']"), 1000));
    assertEquals(
        List.of(Map.of("input", "1\n", "output", "2", "n", new java.math.BigInteger("5000000000"))),
        PlainPickle.unpacked(packed("[{'input': '1\\n', 'output': '2', 'n': 5000000000}]"), 1000));
    assertEquals(
        java.util.Arrays.asList(null, true, 1L, -2L, 300L, 0.5, List.of(), List.of(1L, 2L, 3L, 4L)),
        PlainPickle.unpacked(packed("[None, True, 1, -2, 300, 0.5, (), (1, 2, 3, 4)]"), 1000));
    assertThrows(
        IllegalArgumentException.class,
        () -> PlainPickle.unpacked(packed("__import__('os').system"), 1000));
    assertThrows(
        IllegalArgumentException.class, () -> PlainPickle.unpacked(packed("['x' * 5000]"), 1000));
    assertThrows(IllegalArgumentException.class, () -> PlainPickle.unpacked("bm9uZQ==", 1000));
  }

  @Test
  void aFewBytesDoNotUnfoldToMillionsOfValues() throws Exception {
    for (byte code : new byte[] {']', (byte) 0x94, '('}) {
      byte[] pickle = new byte[10_000_000];
      java.util.Arrays.fill(pickle, code);
      pickle[0] = ']';
      var out = new java.io.ByteArrayOutputStream();
      try (var deflated = new java.util.zip.DeflaterOutputStream(out)) {
        deflated.write(pickle);
      }
      String text = java.util.Base64.getEncoder().encodeToString(out.toByteArray());
      assertTrue(text.length() < 20_000);
      var e =
          assertThrows(IllegalArgumentException.class, () -> PlainPickle.unpacked(text, 64 << 20));
      assertTrue(e.getMessage().contains("values"), e.getMessage());
    }
  }

  private static String packed(String expression) {
    return ran(
            Language.PYTHON,
            "import base64, pickle, zlib\nprint(base64.b64encode(zlib.compress(pickle.dumps("
                + expression
                + "))).decode())",
            "")
        .stdout();
  }
}
