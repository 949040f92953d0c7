package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.serve.Served;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SandboxFusionTest {
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

  private static HttpResponse<String> post(Map<String, ?> body) throws Exception {
    return server.post("/run_code", JsonMapper.shared().writeValueAsString(body));
  }

  private static Map<?, ?> run(String language, String code, Map<String, ?> more) throws Exception {
    Map<String, Object> body = new LinkedHashMap<>(more);
    body.put("language", language);
    body.put("code", code);
    var response = post(body);
    assertEquals(200, response.statusCode(), response.body());
    return Served.object(response);
  }

  private static Map<?, ?> part(Map<?, ?> answer, String name) {
    return (Map<?, ?>) answer.get(name);
  }

  @Test
  void aProgramThatEndsWellIsASuccessInEveryLanguageThatIsInstalled() throws Exception {
    Map<String, String> programs =
        Map.of(
            "python", "print(input())",
            "bash", "cat; echo",
            "nodejs", "console.log(require('fs').readFileSync(0, 'utf8'))",
            "cpp",
                "#include <iostream>\nint main() { std::string s; std::cin >> s; std::cout << s <<"
                    + " std::endl; }",
            "java",
                "import java.util.*; public class Main { public static void main(String[] a) {"
                    + " System.out.println(new Scanner(System.in).next()); } }");
    for (String language : programs.keySet().stream().sorted().toList()) {
      Map<?, ?> answer = run(language, programs.get(language), Map.of("stdin", "hello"));
      if (answer.get("message").toString().startsWith("toolchain:")) continue;
      assertEquals("Success", answer.get("status"), language + answer);
      assertEquals("", answer.get("message"));
      assertEquals("hello\n", part(answer, "run_result").get("stdout"));
      assertEquals(0, part(answer, "run_result").get("return_code"));
      assertEquals("Finished", part(answer, "run_result").get("status"));
      assertEquals(Set.of("java", "cpp").contains(language), answer.get("compile_result") != null);
    }
  }

  @Test
  void theAnswerHasTheFieldsOfTheProtocolInItsOrder() throws Exception {
    Map<?, ?> answer = run("python", "", Map.of());

    assertEquals(
        List.of("status", "message", "compile_result", "run_result", "executor_pod_name", "files"),
        new ArrayList<>(answer.keySet()));
    assertEquals(
        List.of("status", "execution_time", "return_code", "stdout", "stderr", "verdict"),
        new ArrayList<>(part(answer, "run_result").keySet()));
  }

  @Test
  void aProgramThatExitsWithAnotherStatusHasFailed() throws Exception {
    Map<?, ?> answer = run("python", "import sys; print('x'); sys.exit(3)", Map.of());

    assertEquals("Failed", answer.get("status"));
    assertEquals("", answer.get("message"));
    assertEquals("Finished", part(answer, "run_result").get("status"));
    assertEquals(3, part(answer, "run_result").get("return_code"));
    assertEquals("x\n", part(answer, "run_result").get("stdout"));
  }

  @Test
  void timeThatRanOutIsSaidSo() throws Exception {
    Map<?, ?> answer =
        run("python", "print(1, flush=True)\nwhile True: pass", Map.of("run_timeout", 0.4));

    assertEquals("Failed", answer.get("status"));
    assertEquals("TimeLimitExceeded", part(answer, "run_result").get("status"));
    assertNull(part(answer, "run_result").get("return_code"));
    assertEquals("1\n", part(answer, "run_result").get("stdout"));
  }

  @Test
  void memoryThatRanOutIsToldFromACrash() throws Exception {
    Map<?, ?> answer = run("python", "x = 'a' * (600 << 20)", Map.of("memory_limit_MB", 200));

    assertEquals("Failed", answer.get("status"));
    assertEquals("memory-limit", part(answer, "run_result").get("verdict"));
    assertEquals("more than 200 MiB of memory", answer.get("message"));
    assertEquals("crashed", part(run("python", "1 / 0", Map.of()), "run_result").get("verdict"));
  }

  @Test
  void whatDoesNotCompileHasNoRun() throws Exception {
    Map<?, ?> answer = run("cpp", "int main() { return oops; }", Map.of());
    if (answer.get("message").toString().startsWith("toolchain:")) return;

    assertEquals("Failed", answer.get("status"));
    assertEquals("Finished", part(answer, "compile_result").get("status"));
    assertEquals(1, part(answer, "compile_result").get("return_code"));
    assertTrue(part(answer, "compile_result").get("stderr").toString().contains("oops"));
    assertNull(answer.get("run_result"));
  }

  @Test
  void aCompilerThatTakesTooLongIsStopped() throws Exception {
    // 2^20 instantiations, which no compiler does in a tenth of a second
    String slow =
        "template<int N, int M> struct F { static const long v = F<N-1, 2*M>::v + F<N-1, 2*M+1>::v;"
            + " };\n"
            + "template<int M> struct F<0, M> { static const long v = M; };\n"
            + "int main() { return F<20, 0>::v; }";
    Map<?, ?> answer = run("cpp", slow, Map.of("compile_timeout", 0.3));
    if (answer.get("message").toString().startsWith("toolchain:")) return;

    assertEquals("Failed", answer.get("status"));
    assertEquals("TimeLimitExceeded", part(answer, "compile_result").get("status"));
    assertNull(answer.get("run_result"));
  }

  @Test
  void aLanguageThatIsNotHereIsTheSandboxsErrorAndAnUnknownOneTheClients() throws Exception {
    Map<?, ?> rust = run("rust", "fn main() {}", Map.of());
    var unknown = post(Map.of("language", "klingon", "code", ""));

    assertEquals("SandboxError", rust.get("status"));
    assertEquals(
        "the language 'rust' does not run here, only bash, cpp, java, nodejs, python",
        rust.get("message"));
    assertEquals(422, unknown.statusCode());
    assertTrue(Served.object(unknown).get("detail") instanceof List<?>, unknown.body());
  }

  @Test
  void aBodyThatIsWrongIsTheClientsMistake() throws Exception {
    assertEquals(422, server.post("/run_code", "{").statusCode());
    assertEquals(422, post(Map.of("language", "python")).statusCode());
    assertEquals(
        422, post(Map.of("language", "python", "code", "", "run_timeout", 0)).statusCode());
    assertEquals(
        422,
        post(Map.of("language", "python", "code", "", "files", Map.of("../x", "aGk=")))
            .statusCode());
    assertEquals(
        422,
        post(Map.of("language", "python", "code", "", "fetch_files", List.of("/etc/passwd")))
            .statusCode());
    assertEquals(
        422,
        post(Map.of("language", "python", "code", "", "files", Map.of("x", "a"))).statusCode());
  }

  @Test
  void filesGoInAndComeBack() throws Exception {
    Map<String, Object> files = new LinkedHashMap<>();
    files.put("in/a.txt", "aGk="); // "hi"
    files.put("nothing.txt", null);
    Map<?, ?> answer =
        run(
            "python",
            "open('out.txt', 'w').write(open('in/a.txt').read() + '!')",
            Map.of("files", files, "fetch_files", List.of("out.txt", "missing.txt")));

    assertEquals("Success", answer.get("status"), answer.toString());
    assertEquals(Map.of("out.txt", "aGkh"), answer.get("files")); // "hi!"
  }

  @Test
  void programsReachNeitherNetworkNorTheHostsFilesNorEachOther() throws Exception {
    String code =
        """
        import os, socket
        for attempt in (lambda: socket.create_connection(('127.0.0.1', %d), 1), lambda: open('/etc/passwd'),
                        lambda: open('/tmp/left'), lambda: os.kill(1, 0) if os.getpid() != 1 else 1 / 0):
            try:
                attempt()
                print('reached')
            except (OSError, ZeroDivisionError) as e:
                print('no')
        open('/tmp/left', 'w').write('x')
        """
            .formatted(server.port());

    run("python", code, Map.of());
    assertEquals(
        "no\nno\nno\nno\n", part(run("python", code, Map.of()), "run_result").get("stdout"));
  }

  @Test
  void manyAtOnceAllGetTheirOwnOutput() throws Exception {
    try (var threads = Executors.newFixedThreadPool(16)) {
      List<Future<Map<?, ?>>> answers = new ArrayList<>();
      for (int i = 0; i < 48; i++) {
        String code = "print(" + i + ")";
        answers.add(threads.submit(() -> run("python", code, Map.of())));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertEquals(i + "\n", part(answers.get(i).get(), "run_result").get("stdout"));
      }
    }
  }

  @Test
  void pingIsPong() throws Exception {
    assertEquals("\"pong\"", server.get("/v1/ping").body());
  }

  @Test
  void theProgramsOfAClientThatLeavesStop() throws Exception {
    String body =
        JsonMapper.shared()
            .writeValueAsString(
                Map.of(
                    "language", "python",
                    "code", "import time; time.sleep(50)",
                    "run_timeout", 60));
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) { // one in every sandbox
      Socket client = new Socket("localhost", server.port());
      clients.add(client);
      client
          .getOutputStream()
          .write(
              ("POST /run_code HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
    }
    Thread.sleep(1500);
    for (Socket client : clients) client.close();

    // The server's patience here is ten seconds.
    assertEquals("Success", run("python", "print(1)", Map.of()).get("status"));
  }
}
