package dev.goodhart.serve.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.serve.Served;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The files in {@code clients/}, run by python3 against a server. */
class PythonClientsTest {
  private static final Path CLIENTS = Path.of("..", "clients").toAbsolutePath().normalize();
  private static final List<String> FILES =
      List.of("goodhart_trl.py", "goodhart_verl.py", "goodhart_verifiers.py");

  private static Served server;

  private record Ran(int status, String out, String error) {}

  @BeforeAll
  static void start() {
    server = Served.yaml("signals: { correct: { match: {} } }");
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/python3")), "python3 is not installed");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Ran python(String url, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-B"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(CLIENTS.toFile());
    builder.environment().put("GOODHART_URL", url);
    builder.environment().putAll(environment);
    Path error = Files.createTempFile("python", ".txt");
    try {
      Process process = builder.redirectError(error.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "python3 hangs");
      return new Ran(process.exitValue(), out, Files.readString(error));
    } finally {
      Files.delete(error);
    }
  }

  private static String says(Map<String, String> environment, String program) throws Exception {
    return says(server.uri("").toString(), environment, program);
  }

  private static String says(String url, Map<String, String> environment, String program)
      throws Exception {
    Ran ran = python(url, environment, "-c", program);
    assertEquals(0, ran.status(), ran.error());
    return ran.out().strip();
  }

  @Test
  void theExamplesRun() throws Exception {
    assertEquals("[1.0, 0.0, None]", python(url(), Map.of(), "goodhart_trl.py").out().strip());
    List<String> verl = python(url(), Map.of(), "goodhart_verl.py").out().lines().toList();
    assertEquals(
        "{'score': 1.0, 'goodhart_valid': 1.0, 'goodhart_reason': '', 'goodhart_parts':"
            + " '{\"correct\": 1.0}'}",
        verl.getFirst());
    List<String> others = python(url(), Map.of(), "goodhart_verifiers.py").out().lines().toList();
    assertEquals("1.0", others.get(0));
    assertTrue(others.get(1).startsWith("-1.0 no reference"), others.get(1));
    assertTrue(others.get(2).contains("'score': 0.0, 'is_score_valid': True"), others.get(2));
  }

  private static String url() {
    return server.uri("").toString();
  }

  @Test
  void trlIsGivenNoneAndTheReasonAndThePartsAreLogged() throws Exception {
    assertEquals(
        """
        [1.0, None]
        extra goodhart_reason ['', 'no reference: the sample has no true answer to compare with']
        """
                .replaceAll("no reference.*'", "R'")
                .strip()
            + "\nmetric goodhart/unscored 0.5\nmetric goodhart/correct 1.0",
        says(
                Map.of(),
                """
                from goodhart_trl import GoodhartReward
                from types import SimpleNamespace as State
                lines = []
                print(GoodhartReward(run="t")(
                    prompts=[[{"role": "user", "content": "x"}]] * 2,
                    completions=[[{"role": "assistant", "content": "2"}]] * 2,
                    completion_ids=[[1], [2]], solution=["2", None], level=[1, object()],
                    trainer_state=State(global_step=7),
                    log_extra=lambda name, values: lines.append(f"extra {name} {values}"),
                    log_metric=lambda name, value: lines.append(f"metric {name} {value}")))
                print("\\n".join(lines))
                """)
            .replaceAll("no reference[^']*'", "R'"));
  }

  @Test
  void verlGetsTheSameKeysInEveryRowAndAnUnscoredOneRaises() throws Exception {
    String program =
        """
        from goodhart_verl import *
        rows = compute_score_batch(["d"] * 3, ["2", "3", "4"], ["2", "2", None], [{"level": 1}, {}, None])
        print([row["score"] for row in rows], [row["goodhart_valid"] for row in rows], len({tuple(row) for row in rows}))
        print(sorted(rows[0]))
        print(compute_score("d", "2", {"inputs": []}, {})["goodhart_valid"])
        """;
    assertEquals(
        """
        [1.0, 0.0, -1.0] [1.0, 1.0, 0.0] 1
        ['goodhart/correct', 'goodhart_parts', 'goodhart_reason', 'goodhart_valid', 'score']
        0.0\
        """
            .stripIndent(),
        says(Map.of("GOODHART_UNSCORED", "-1", "GOODHART_PARTS", "correct"), program));

    Ran raised = python(url(), Map.of(), "-c", program);
    assertEquals(1, raised.status());
    assertTrue(raised.error().contains("GoodhartError: not scored: no reference"), raised.error());
  }

  @Test
  void aRubricsCatchAllDoesNotTurnAnUnscoredRolloutIntoAZero() throws Exception {
    assertEquals(
        "stopped",
        says(
            Map.of(),
            """
            import asyncio
            from goodhart_verifiers import *
            async def rubric(function):  # as a Rubric calls its functions
                try:
                    return float(await function(prompt="x", completion="2", answer=""))
                except Exception:
                    return 0.0
            try:
                print(asyncio.run(rubric(GoodhartReward())))
            except GoodhartUnscored:
                print("stopped")
            """));
  }

  @Test
  void aResponseWithoutAPromptIsAnUnconditionalSample() throws Exception {
    assertTrue(
        says(
                Map.of(),
                "from goodhart_verifiers import EvalProtocol\n"
                    + "print(EvalProtocol()([{'role': 'assistant', 'content': '2'}], '2'))")
            .contains("'score': 1.0"));
  }

  @Test
  void evalProtocolIsToldThatAServerThatIsAwayGaveNoScore() throws Exception {
    String result =
        says(
            "http://localhost:1",
            Map.of(),
            """
            from goodhart_verifiers import EvalProtocol
            print(EvalProtocol(tries=1)([{"role": "assistant", "content": "2"}], "2"))
            """);
    assertTrue(result.contains("'is_score_valid': False"), result);
    assertTrue(result.contains("'metrics': {}"), result);
  }

  @Test
  void aBusyServerIsAskedAgainUnderTheSameKeyAndABrokenConnectionRenewed() throws Exception {
    try (var flaky = new Flaky(200, 0, 429, 503, 0, 200)) {
      assertEquals(
          "0.5 0.5",
          says(
              flaky.url(),
              Map.of("GOODHART_KEY", "secret"),
              """
              from goodhart_verl import Connection
              c = Connection()
              print(*[c.rewards([{"response": "x"}])["rewards"][0]["reward"] for _ in range(2)])
              """));
      assertEquals(6, flaky.keys.size());
      assertEquals(1, Set.copyOf(flaky.keys.subList(1, 6)).size());
      assertFalse(flaky.keys.getFirst().equals(flaky.keys.get(1)));
      assertEquals("Bearer secret", flaky.authorizations.getFirst());
    }
  }

  @Test
  void aRefusalIsNotTriedAgain() throws Exception {
    try (var flaky = new Flaky(401)) {
      String program =
          "from goodhart_trl import *\n"
              + "try: GoodhartReward()(['x'], ['y'])\n"
              + "except GoodhartError as e: print(e)";
      assertEquals("HTTP 401: busy", says(flaky.url(), Map.of(), program));
      assertEquals(1, flaky.keys.size());
    }
  }

  @Test
  void theConnectionIsTheSameTextInEveryFile() throws Exception {
    List<String> texts = new ArrayList<>();
    for (String file : FILES) {
      String text = Files.readString(CLIENTS.resolve(file));
      texts.add(
          text.substring(
              text.indexOf("# ---- the connection"), text.indexOf("# ---- end of the connection")));
      for (String line : text.lines().filter(l -> l.matches("(import|from) .*")).toList()) {
        assertTrue(
            line.matches(
                "import"
                    + " (asyncio|http\\.client|json|logging|os|sys|threading|time|urllib\\.parse|uuid)"),
            file + ": " + line);
      }
    }
    assertEquals(1, Set.copyOf(texts).size());
  }
}
