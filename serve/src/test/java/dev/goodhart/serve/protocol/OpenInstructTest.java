package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.serve.Served;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class OpenInstructTest {
  private static final String ADD = "def add(a, b):\n    return a + b\n";

  private static Served server;

  @BeforeAll
  static void start() {
    SandboxesHere.need();
    server = Served.of(new Exact());
  }

  @AfterAll
  static void stop() {
    if (server != null) server.close();
  }

  private static HttpResponse<String> post(String path, Map<String, ?> body) throws Exception {
    return server.post(path, JsonMapper.shared().writeValueAsString(body));
  }

  private static List<?> results(String path, String program, Object tests) throws Exception {
    var response = post(path, Map.of("program", program, "tests", tests));
    assertEquals(200, response.statusCode(), response.body());
    return (List<?>) Served.object(response).get("results");
  }

  @Test
  void eachAssertionIsItsOwnTest() throws Exception {
    var response =
        post(
            "/test_program",
            Map.of(
                "program",
                ADD,
                "tests",
                List.of("assert add(1, 2) == 3", "assert add(-1, 1) == 0", "assert add(0, 0) == 1"),
                "max_execution_time",
                1.0));

    assertEquals(List.of(1, 1, 0), Served.object(response).get("results"));
    List<?> runtimes = (List<?>) Served.object(response).get("runtimes");
    assertEquals(3, runtimes.size());
    assertTrue((double) runtimes.get(0) >= 0 && (double) runtimes.get(0) < 1, "" + runtimes);
    assertEquals(-1.0, runtimes.get(2));
  }

  @Test
  void aTestThatHangsTakesNoOtherDown() throws Exception {
    String program = "def f(x):\n    while x == 2: pass\n    return x";
    var response =
        post(
            "/test_program",
            Map.of(
                "program",
                program,
                "tests",
                List.of("assert f(1) == 1", "assert f(2) == 2", "assert f(3) == 3"),
                "max_execution_time",
                0.3));

    assertEquals(List.of(1, 0, 1), Served.object(response).get("results"));
  }

  @Test
  void aTestNeedNotCallAnything() throws Exception {
    assertEquals(
        List.of(0, 1, 0),
        results(
            "/test_program", "a = 1", List.of("assert False", "assert a == 1", "assert a > 1")));
    var response =
        post(
            "/test_program",
            Map.of(
                "program",
                "a = 1",
                "tests",
                List.of("import time\ntime.sleep(2)", "assert True"),
                "max_execution_time",
                0.2));
    assertEquals(List.of(0, 1), Served.object(response).get("results"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit(0)",
        "import sys\nsys.exit(0)",
        "import os\nos._exit(0)",
        "raise SystemExit",
        "import builtins\nbuiltins.AssertionError = type('E', (BaseException,), {})\nexit(0)",
        "def add(a, b):\n    import os\n    os._exit(0)",
        "class add:\n    def __init__(self, *a): pass\n    def __eq__(self, o): exit(0)",
        "import ctypes\nctypes.string_at(0)",
        "import sys, gc\n"
            + "for f in gc.get_objects():\n"
            + "    pass\n"
            + "sys.stdout.write('1')\n"
            + "add = lambda a, b: None",
      })
  void whoEndsBeforeItsTestsHasNotPassedThem(String program) throws Exception {
    assertEquals(
        List.of(0, 0),
        results(
            "/test_program", program, List.of("assert add(1, 2) == 3", "assert add(1, 1) == 2")));
  }

  @Test
  void streamsAreComparedLineByLine() throws Exception {
    assertEquals(
        List.of(1, 1, 0),
        results(
            "/test_program_stdio",
            "a, b = map(int, input().split())\nprint(a + b)",
            List.of(
                Map.of("input", "5 3", "output", "8"),
                Map.of("input", "10 -2", "output", "8\n"),
                Map.of("input", "0 0", "output", "1"))));
  }

  @Test
  void anExitBeforeTheOutputDoesNotPassAStreamThatWantsOne() throws Exception {
    assertEquals(
        List.of(0),
        results(
            "/test_program_stdio",
            "import os\nos._exit(0)",
            List.of(Map.of("input", "1", "output", "1"))));
  }

  @Test
  void noTestsAreNoResults() throws Exception {
    assertEquals(List.of(), results("/test_program", ADD, List.of()));
    assertEquals(List.of(), results("/test_program", ADD, ""));
  }

  @Test
  void testsMayBePackedAsTheDataSetsHaveThem() throws Exception {
    assertEquals(
        List.of(1, 0),
        results("/test_program", ADD, "[\"assert add(1, 2) == 3\", \"assert add(1, 2) == 4\"]"));
    assertEquals(
        List.of(1, 0),
        results(
            "/test_program",
            ADD,
            packed(pickled(List.of("assert add(1, 2) == 3", "assert add(1, 2) == 4")))));
  }

  @Test
  void whatIsNoTestIsRefused() throws Exception {
    String evil =
        packed(new byte[] {(byte) 0x80, 4, 'c', 'o', 's', '\n', 's', 'y', 's', '\n', '.'});
    for (Object tests : List.of(evil, "no such thing", List.of(3), Map.of("a", 1), "[1, 2")) {
      var response = post("/test_program", Map.of("program", ADD, "tests", tests));
      assertEquals(422, response.statusCode(), response.body());
      assertTrue(Served.object(response).get("detail") instanceof List<?>, response.body());
    }
    assertEquals(422, post("/test_program", Map.of("tests", List.of())).statusCode());
    assertEquals(422, server.post("/test_program", "[]").statusCode());
  }

  @Test
  void aBombOfReferencesToOneTextIsRefusedBeforeItIsSpelledOut() throws Exception {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2, ']', '('});
    byte[] text = "a".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    pickle.write('X');
    pickle.writeBytes(int32(text.length));
    pickle.writeBytes(text);
    pickle.writeBytes(new byte[] {'q', 0});
    for (int i = 0; i < 2000; i++) pickle.writeBytes(new byte[] {'h', 0});
    pickle.writeBytes(new byte[] {'e', '.'});

    var response =
        post("/test_program", Map.of("program", ADD, "tests", packed(pickle.toByteArray())));

    assertEquals(422, response.statusCode());
    assertTrue(response.body().contains("longer than"), response.body());
  }

  /** As Python's protocol 2 writes a list of text. */
  private static byte[] pickled(List<String> texts) {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2, ']', 'q', 0, '('});
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      pickle.write('X');
      pickle.writeBytes(int32(bytes.length));
      pickle.writeBytes(bytes);
    }
    pickle.writeBytes(new byte[] {'e', '.'});
    return pickle.toByteArray();
  }

  private static byte[] int32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static String packed(byte[] pickle) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var deflated = new DeflaterOutputStream(out)) {
      deflated.write(pickle);
    }
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }
}
