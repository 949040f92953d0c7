package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.combine.Weighted;
import dev.goodhart.serve.Served;
import dev.goodhart.spec.RewardSpec;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EvalProtocolTest {
  private static Served server;
  private static Served stated;

  @BeforeAll
  static void start() {
    server =
        Served.of(
            new RewardSpec(
                Map.of("exact", new Exact(), "length", s -> Reward.of(s.response().length() + 1)),
                Map.of(),
                Optional.of(new Weighted(Map.of("exact", 1.0, "length", -0.25))),
                List.of()));
    stated =
        Served.of(
            new RewardSpec(
                Map.of("exact", new Exact()),
                Map.of(),
                Optional.empty(),
                List.of(),
                OptionalDouble.of(-1)));
  }

  @AfterAll
  static void stop() {
    server.close();
    stated.close();
  }

  private static String body(String truth) {
    return "{\"messages\": [{\"role\": \"user\", \"content\": \"1 + 1?\"}, {\"role\":"
        + " \"assistant\", \"content\": \"2\"}], \"ground_truth\": "
        + truth
        + ", \"kwargs\": {}}";
  }

  @Test
  void theScoreComesWithItsPartsOfWhichThoseInBoundsAreMetrics() throws Exception {
    for (String path : List.of("/evaluate", "/reward")) {
      Map<?, ?> answer = Served.object(server.post(path, body("\"2\"")));

      assertEquals(0.5, answer.get("score")); // 1 - 0.25 · 2
      assertEquals(true, answer.get("is_score_valid"));
      assertEquals(
          Map.of(
              "exact",
              Map.of("score", 1.0, "is_score_valid", true, "success", true, "reason", "exact")),
          answer.get("metrics"));
      assertEquals(
          Map.of("exact", 1.0, "length", 2.0),
          ((Map<?, ?>) answer.get("trajectory_info")).get("parts"));
    }
  }

  @Test
  void whatIsNotScoredIsNotValidBehindEvaluateAndFailsBehindReward() throws Exception {
    HttpResponse<String> evaluate = server.post("/evaluate", body("null"));
    HttpResponse<String> reward = server.post("/reward", body("null"));

    assertEquals(200, evaluate.statusCode());
    assertEquals(false, Served.object(evaluate).get("is_score_valid"));
    assertEquals(0.0, Served.object(evaluate).get("score"));
    assertEquals("no reference: none in the row", Served.object(evaluate).get("error"));
    assertEquals(503, reward.statusCode());
    assertTrue(
        Served.object(reward).get("detail").toString().contains("no reference"), reward.body());
  }

  @Test
  void aStatedValueStandsInForWhatIsNotScored() throws Exception {
    for (String path : List.of("/evaluate", "/reward")) {
      Map<?, ?> answer = Served.object(stated.post(path, body("null")));
      assertEquals(-1.0, answer.get("score"));
      assertEquals(false, answer.get("is_score_valid"));
    }
  }

  @Test
  void argumentsBesideTheMessagesAreColumnsWhereverTheyStand() throws Exception {
    String flat =
        "{\"messages\": [{\"role\": \"assistant\", \"content\": [{\"type\": \"text\", \"text\":"
            + " \"7\"}]}], \"reference\": \"7\"}";
    String nested =
        "{\"messages\": [{\"role\": \"assistant\", \"content\": \"7\"}], \"kwargs\":"
            + " {\"reference\": \"7\"}}";

    for (String body : List.of(flat, nested)) {
      assertEquals(0.5, Served.object(server.post("/evaluate", body)).get("score"), body);
    }
  }

  @Test
  void withoutAResponseTheBodyIsRefused() throws Exception {
    for (String body :
        List.of(
            "{}",
            "{\"messages\": []}",
            "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}",
            "{\"messages\": [3]}",
            "[")) {
      var response = server.post("/evaluate", body);
      assertEquals(422, response.statusCode(), body);
      assertTrue(Served.object(response).get("detail") instanceof List<?>);
    }
  }
}
