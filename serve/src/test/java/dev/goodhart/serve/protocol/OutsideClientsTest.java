package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.serve.Served;
import dev.goodhart.spec.RewardSpec;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the code of OpenRLHF, verl, slime, LLaMA-Factory, vLLM, SandboxFusion, open-instruct and
 * eval-protocol asked when {@code conformance/run} drove it against a server, asked again. The
 * answers keep the shape with which those clients were content.
 */
class OutsideClientsTest {
  private static final List<String> VERDICTS =
      List.of("status", "return_code", "stdout", "verdict", "files", "results");

  private static Served server;

  @BeforeAll
  static void start() throws Exception {
    Path spec = Path.of("..", "conformance", "reward.yaml");
    server = Served.of(RewardSpec.parse(Files.readString(spec), spec.toString(), Path.of(".")));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @TestFactory
  Stream<DynamicTest> theirRequestsAreAnsweredAsWhenTheyRan() {
    return replays("openrlhf", "verl", "slime", "llama-factory", "vllm", "eval-protocol");
  }

  @TestFactory
  Stream<DynamicTest> theirProgramsComeToTheSameVerdicts() {
    SandboxesHere.need();
    return replays("verl-sandbox", "sandbox-fusion", "open-instruct");
  }

  private static Stream<DynamicTest> replays(String... clients) {
    return Stream.of(clients)
        .flatMap(name -> list(recorded(name).get("versions")).stream())
        .flatMap(version -> list(map(version).get("exchanges")).stream())
        .map(OutsideClientsTest::map)
        .map(e -> DynamicTest.dynamicTest(e.get("path") + " " + e.get("body"), () -> replay(e)));
  }

  private static void replay(Map<?, ?> exchange) throws Exception {
    String body =
        exchange.get("method").equals("GET")
            ? ""
            : JsonMapper.shared().writeValueAsString(exchange.get("body"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri((String) exchange.get("path")))
            .method((String) exchange.get("method"), BodyPublishers.ofString(body));
    map(exchange.get("headers"))
        .forEach((name, value) -> request.header((String) name, (String) value));

    HttpResponse<String> response = Served.CLIENT.send(request.build(), BodyHandlers.ofString());

    assertEquals(exchange.get("status"), response.statusCode(), response.body());
    map(exchange.get("answer-headers"))
        .forEach(
            (name, value) ->
                assertEquals(value, response.headers().firstValue((String) name).orElse("")));
    if (response.body().contains("toolchain: ")) return; // a language that is not installed here
    assertEquals(shape(exchange.get("answer")), shape(Served.json(response)), response.body());
    assertEquals(verdicts(exchange.get("answer")), verdicts(Served.json(response)));
  }

  /** What a program came to, which no machine decides otherwise. */
  private static Object verdicts(Object json) {
    Map<String, Object> verdicts = new TreeMap<>();
    if (json instanceof Map<?, ?> map) {
      for (String name : VERDICTS) {
        if (map.get(name) != null) verdicts.put(name, map.get(name));
      }
      for (String part : List.of("compile_result", "run_result")) {
        if (map.get(part) != null) verdicts.put(part, verdicts(map.get(part)));
      }
    }
    return verdicts;
  }

  /** Keys, lengths of lists and kinds of values. */
  private static Object shape(Object json) {
    return switch (json) {
      case null -> "null";
      case Map<?, ?> map -> {
        Map<String, Object> shapes = new TreeMap<>();
        map.forEach((name, value) -> shapes.put((String) name, shape(value)));
        yield shapes;
      }
      case List<?> list -> list.stream().map(OutsideClientsTest::shape).toList();
      case Double number -> "number";
      default -> json.getClass().getSimpleName();
    };
  }

  @Test
  void theRewardOfTheRecordingsIsTheOneThatTheSpecSays() throws Exception {
    Map<?, ?> exchange =
        map(
            list(map(list(recorded("openrlhf").get("versions")).getFirst()).get("exchanges"))
                .getFirst());

    // "It is 2." has the 2 that the spec looks for, 1, and three words of 0.01 each.
    assertEquals(1.03, (double) list(map(exchange.get("answer")).get("rewards")).getFirst(), 1e-12);
    var now =
        server.post("/get_reward", JsonMapper.shared().writeValueAsString(exchange.get("body")));
    assertEquals(1.03, (double) list(Served.object(now).get("rewards")).getFirst(), 1e-12);
  }

  private static Map<?, ?> recorded(String client) {
    String file = "/dev/goodhart/serve/outside/" + client + ".json";
    try (InputStream in = OutsideClientsTest.class.getResourceAsStream(file)) {
      assertTrue(in != null, file);
      return JsonMapper.shared().readValue(in, Map.class);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Map<?, ?> map(Object json) {
    return (Map<?, ?>) json;
  }

  private static List<?> list(Object json) {
    return (List<?>) json;
  }
}
