package dev.goodhart.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.serve.http.Limits;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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

  /** Always a half, give or take a tenth. */
  record Unsure() implements Signal {
    @Override
    public Reward of(Sample sample) {
      return new Scored(0.5, 0.1);
    }
  }

  private static final Limits LIMITS = new Limits(100_000, 1000, Duration.ofSeconds(10));
  private static Served server;

  @BeforeAll
  static void start() {
    server = new Served(RewardSpec.of("exact", new Exact()), LIMITS);
  }

  @AfterAll
  static void stop() {
    server.close();
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
        List.of(
            Map.of(
                "id",
                "a",
                "reward",
                1.0,
                "parts",
                Map.of("exact", 1.0),
                "valid",
                true,
                "cached",
                List.of()),
            Map.of(
                "id",
                "b",
                "reward",
                0.0,
                "parts",
                Map.of("exact", 0.0),
                "valid",
                true,
                "cached",
                List.of())),
        List.of(said(response, 0), said(response, 1)));
    assertEquals(List.of(), Served.object(response).get("alarms"));
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
    assertEquals("no reference", reward(response, 0).get("reason"));
    assertEquals(null, reward(response, 1).get("reward"));
    assertTrue(String.valueOf(reward(response, 1).get("reason")).contains("broken: on purpose"));
    assertEquals(1.0, reward(response, 2).get("reward"));
  }

  @Test
  void anUncertainRewardCarriesItsDeviation() throws Exception {
    try (var uncertain = Served.of(new Unsure())) {
      var response = uncertain.post("/v1/rewards", "{\"samples\":[{\"response\":\"\"}]}");

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
  void whatIsNoSampleIsNotScoredAndTheOthersAre() throws Exception {
    var response =
        post(
            """
            {"samples": [{"id": "a", "prompt": "x"}, 1, {"response": "2", "reference": "2"}]}
            """);

    assertEquals(200, response.statusCode());
    assertEquals("a", reward(response, 0).get("id"));
    assertEquals(null, reward(response, 0).get("reward"));
    assertEquals("bad sample: samples[0]: response: is missing", reward(response, 0).get("reason"));
    assertEquals(
        "bad sample: samples[1]: expected an object, not a number",
        reward(response, 1).get("reason"));
    assertEquals(1.0, reward(response, 2).get("reward"));
  }

  @Test
  void anotherShapeIsToldWhatWasExpected() throws Exception {
    assertEquals("the body: expected an object, not a list", error(post("[]")));
    assertEquals("samples: is missing, expected a list", error(post("{}")));
    assertEquals("samples: expected a list, not a number", error(post("{\"samples\": 3}")));
    assertEquals(400, post("").statusCode());
  }

  @Test
  void aBodyBeyondTheLimitIsRefusedWhetherItSaysItsLengthOrNot() throws Exception {
    byte[] body =
        ("{\"samples\": [{\"response\": \"" + "x".repeat(LIMITS.body()) + "\"}]}")
            .getBytes(StandardCharsets.UTF_8);

    for (int i = 0; i < 20; i++) { // a client that still writes must hear the answer every time
      var told = server.post("/v1/rewards", BodyPublishers.ofByteArray(body));
      var chunked =
          server.post(
              "/v1/rewards", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

      assertEquals(413, told.statusCode());
      assertEquals(413, chunked.statusCode());
      assertTrue(error(chunked).contains("100000 bytes"), error(chunked));
    }
    assertEquals(200, post("{\"samples\": []}").statusCode());
  }

  @Test
  void otherPathsAreNotFound() throws Exception {
    assertEquals(404, server.get("/v1/nothing").statusCode());
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
            () ->
                new RewardServer(
                    RewardSpec.of("exact", new Exact()), ServeOptions.on("localhost", port)));

    assertTrue(e.getMessage().startsWith("localhost:" + port + ": cannot listen"), e.getMessage());
  }

  private static HttpResponse<String> post(String body) throws Exception {
    return server.post("/v1/rewards", body);
  }

  private static String error(HttpResponse<String> response) {
    return String.valueOf(Served.object(response).get("error"));
  }

  private static Map<?, ?> reward(HttpResponse<String> response, int i) {
    return (Map<?, ?>) ((List<?>) Served.object(response).get("rewards")).get(i);
  }

  /** Without what is null. */
  private static Map<?, ?> said(HttpResponse<String> response, int i) {
    Map<?, ?> reward = reward(response, i);
    reward.values().removeIf(Objects::isNull);
    assertTrue(reward.remove("version") instanceof String);
    return reward;
  }
}
