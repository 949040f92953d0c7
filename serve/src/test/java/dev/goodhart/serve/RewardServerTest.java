package dev.goodhart.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RewardServerTest {
  /** 1 for the reference, 0 for anything else; no verdict without a reference. */
  record Exact() implements Signal {
    @Override
    public Reward of(Sample sample) {
      if (sample.response().equals("break")) throw new IllegalStateException("broken: on purpose");
      if (sample.reference() == null) return Reward.unscored("no reference");
      return Reward.of(sample.response().equals(sample.reference()) ? 1 : 0);
    }
  }

  private static final int LIMIT = 100_000;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Scorer scorer;
  private static RewardServer server;

  @BeforeAll
  static void start() {
    scorer = new Scorer(RewardSpec.of("exact", new Exact()));
    server = new RewardServer(scorer::score, "localhost", 0, LIMIT);
  }

  @AfterAll
  static void stop() {
    server.close();
    scorer.close();
  }

  @Test
  void healthIsOk() throws Exception {
    var response = get("/health");

    assertEquals(200, response.statusCode());
    assertEquals(Map.of("status", "ok"), json(response));
  }

  @Test
  void samplesAreRewardedInTheirOrderWithTheirParts() throws Exception {
    var response =
        post(
            """
            {"samples": [
              {"id": "a", "prompt": "1 + 1?", "response": "2", "reference": "2"},
              {"id": "b", "prompt": [{"role": "user", "content": "1 + 2?"}], "response": "4", "reference": 3}]}
            """);

    assertEquals(200, response.statusCode());
    assertEquals("application/json", response.headers().firstValue("content-type").orElse(""));
    assertEquals(
        """
        {"rewards":[\
        {"id":"a","reward":1.0,"parts":{"exact":1.0},"deviation":null,"unscored":null},\
        {"id":"b","reward":0.0,"parts":{"exact":0.0},"deviation":null,"unscored":null}]}\
        """,
        response.body());
  }

  @Test
  void whatCouldNotBeScoredIsNullWithItsReasonAndHurtsNoOther() throws Exception {
    var response =
        post(
            """
            {"samples": [
              {"id": "a", "response": "2"},
              {"id": "b", "response": "break"},
              {"id": "c", "response": "2", "reference": "2"}]}
            """);

    assertEquals(200, response.statusCode());
    assertEquals(null, reward(response, 0).get("reward"));
    assertEquals("no reference", reward(response, 0).get("unscored"));
    assertEquals(null, reward(response, 1).get("reward"));
    assertTrue(String.valueOf(reward(response, 1).get("unscored")).contains("broken: on purpose"));
    assertEquals(1.0, reward(response, 2).get("reward"));
  }

  @Test
  void anUncertainRewardCarriesItsDeviation() throws Exception {
    try (var uncertain =
        new RewardServer(batch -> List.of(new Scored(0.5, 0.1)), "localhost", 0, LIMIT)) {
      var response =
          post(uncertain, BodyPublishers.ofString("{\"samples\":[{\"response\":\"\"}]}"));

      assertEquals(0.1, reward(response, 0).get("deviation"));
    }
  }

  @Test
  void brokenJsonIsTheClientsMistakeAndItsPlaceIsNamed() throws Exception {
    var response = post("{\"samples\": [}");

    assertEquals(400, response.statusCode());
    assertTrue(
        error(response).startsWith("the body is not JSON: line 1, column 14"), error(response));
  }

  @Test
  void aSampleWithoutAResponseIsNamed() throws Exception {
    var response = post("{\"samples\": [{\"response\": \"\"}, {\"prompt\": \"x\"}]}");

    assertEquals(400, response.statusCode());
    assertEquals("samples[1]: response: is missing", error(response));
  }

  @Test
  void anotherShapeIsToldWhatWasExpected() throws Exception {
    for (String body : List.of("[]", "{}", "{\"samples\": 3}", "null", "\"x\"")) {
      var response = post(body);

      assertEquals(400, response.statusCode(), body);
      assertTrue(error(response).startsWith("expected {\"samples\""), error(response));
    }
    assertEquals("samples[0]: expected an object", error(post("{\"samples\": [1]}")));
    assertEquals(400, post("").statusCode());
  }

  @Test
  void aBodyBeyondTheLimitIsRefusedWhetherItSaysItsLengthOrNot() throws Exception {
    byte[] body =
        ("{\"samples\": [{\"response\": \"" + "x".repeat(LIMIT) + "\"}]}")
            .getBytes(StandardCharsets.UTF_8);

    var told = post(server, BodyPublishers.ofByteArray(body));
    var chunked = post(server, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

    assertEquals(413, told.statusCode());
    assertEquals(413, chunked.statusCode());
    assertTrue(error(chunked).contains("100000 bytes"), error(chunked));
    assertEquals(200, get("/health").statusCode());
  }

  @Test
  void otherPathsAreNotFound() throws Exception {
    assertEquals(404, get("/v1/nothing").statusCode());
  }

  @Test
  void aFaultOfOursDoesNotLeakAndDoesNotStopTheServer() throws Exception {
    try (var broken =
        new RewardServer(
            batch -> {
              throw new IllegalStateException("a secret");
            },
            "localhost",
            0,
            LIMIT)) {
      var response = post(broken, BodyPublishers.ofString("{\"samples\": []}"));

      assertEquals(500, response.statusCode());
      assertFalse(response.body().contains("a secret"), response.body());
      assertEquals(500, post(broken, BodyPublishers.ofString("{\"samples\": []}")).statusCode());
    }
  }

  @Test
  void manyClientsAtOnceEachGetTheirOwn() throws Exception {
    List<Callable<Object>> calls =
        IntStream.range(0, 64)
            .<Callable<Object>>mapToObj(
                i ->
                    () ->
                        reward(
                                post(
                                    "{\"samples\":[{\"id\":\"%d\",\"response\":\"%d\",\"reference\":\"%d\"}]}"
                                        .formatted(i, i, i % 2)),
                                0)
                            .get("reward"))
            .toList();
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Future<Object>> answers = threads.invokeAll(calls);
      for (int i = 0; i < answers.size(); i++) {
        assertEquals(i < 2 ? 1.0 : 0.0, answers.get(i).get());
      }
    }
  }

  @Test
  void aPortThatIsTakenIsAUserError() {
    int port = server.port();

    var e =
        assertThrows(
            GoodhartException.class,
            () -> new RewardServer(scorer::score, "localhost", port, LIMIT));

    assertTrue(e.getMessage().startsWith("localhost:" + port + ": cannot listen"), e.getMessage());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(HttpRequest.newBuilder(uri(server, path)).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String body) throws Exception {
    return post(server, BodyPublishers.ofString(body));
  }

  private static HttpResponse<String> post(RewardServer to, BodyPublisher body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(uri(to, "/v1/rewards"))
            .header("content-type", "application/json")
            .POST(body)
            .build(),
        BodyHandlers.ofString());
  }

  private static URI uri(RewardServer of, String path) {
    return URI.create("http://localhost:" + of.port() + path);
  }

  private static Map<?, ?> json(HttpResponse<String> response) {
    return JsonMapper.shared().readValue(response.body(), Map.class);
  }

  private static String error(HttpResponse<String> response) {
    return String.valueOf(json(response).get("error"));
  }

  private static Map<?, ?> reward(HttpResponse<String> response, int i) {
    return (Map<?, ?>) ((List<?>) json(response).get("rewards")).get(i);
  }
}
