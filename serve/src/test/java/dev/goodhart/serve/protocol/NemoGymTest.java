package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.combine.Weighted;
import dev.goodhart.serve.Served;
import dev.goodhart.spec.RewardSpec;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NemoGymTest {
  private static Served server;
  private static Served stated;

  @BeforeAll
  static void start() {
    server =
        Served.of(
            new RewardSpec(
                Map.of(
                    "exact",
                    new Exact(),
                    "turns",
                    s -> Reward.of(s.prompt().messages().size()),
                    "unused",
                    s -> Reward.of(9)),
                Map.of(),
                Optional.of(new Weighted(Map.of("exact", 1.0, "turns", -0.25, "unused", 0.0))),
                List.of()));
    stated =
        Served.of(
            new RewardSpec(
                Map.of("exact", new Exact()),
                Map.of(),
                Optional.empty(),
                List.of(),
                OptionalDouble.of(0)));
  }

  @AfterAll
  static void stop() {
    server.close();
    stated.close();
  }

  private static String row(String fields) {
    return """
    {"responses_create_params": {"instructions": "Be brief.", "input": [
       {"role": "developer", "content": "Count."},
       {"role": "user", "content": [{"type": "input_text", "text": "1 + 1?"}]},
       {"type": "function_call", "name": "add", "arguments": "{}"}]},
     "response": {"id": "r1", "output": [
       {"type": "reasoning", "summary": []},
       {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "2"}]}]},
     "_ng_task_index": 4%s}
    """
        .formatted(fields);
  }

  @Test
  void theRequestComesBackWithItsRewardAndContributionsThatSumToIt() throws Exception {
    Map<?, ?> answer =
        Served.object(server.post("/verify", row(", \"expected_answer\": \"2\", \"x\": [1]")));

    assertEquals(0.25, answer.get("reward")); // 1 - 0.25 · 3 turns
    assertEquals(Map.of("exact", 1.0, "turns", -0.75), answer.get("reward_components"));
    assertEquals(Map.of("exact", 1.0, "turns", 3.0, "unused", 9.0), answer.get("parts"));
    assertEquals(List.of(1), answer.get("x"));
    assertEquals(4, answer.get("_ng_task_index"));
    assertEquals("r1", ((Map<?, ?>) answer.get("response")).get("id"));
  }

  @Test
  void plainTextIsAPromptToo() throws Exception {
    String row =
        "{\"responses_create_params\": {\"input\": \"1 + 1?\"}, \"expected_answer\": 2,"
            + " \"response\": {\"output\": [{\"type\": \"message\", \"content\": \"2\"}]}}";

    assertEquals(0.75, Served.object(server.post("/verify", row)).get("reward"));
  }

  @Test
  void whatIsNotScoredFailsUnlessTheSpecStatesAValueWhichIsMarked() throws Exception {
    var failed = server.post("/verify", row(""));
    Map<?, ?> marked = Served.object(stated.post("/verify", row("")));

    assertEquals(503, failed.statusCode());
    assertTrue(failed.body().contains("no reference"), failed.body());
    assertEquals(0.0, marked.get("reward"));
    assertEquals("judge_failed", marked.get("_ng_failure_class"));
    assertEquals("no reference: none in the row", marked.get("_ng_failure_judge_error"));
    assertFalse(marked.containsKey("reward_components"));
  }

  @Test
  void aSessionIsSeededAndTakenBackAndAForgedOneIsNot() throws Exception {
    String first = session("/seed_session", "{}", "");
    String second = session("/seed_session", "{}", "");

    assertNotEquals(first, second);
    assertEquals(first, session("/verify", row(", \"answer\": \"2\""), "a=b; " + first));
    String forged = first.substring(0, first.length() - 2) + "xx";
    assertNotEquals(forged, session("/seed_session", "{}", forged));
  }

  private static String session(String path, String body, String cookie) throws Exception {
    var request = HttpRequest.newBuilder(server.uri(path)).POST(BodyPublishers.ofString(body));
    if (!cookie.isEmpty()) request.header("cookie", cookie);
    HttpResponse<String> response = Served.CLIENT.send(request.build(), BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
    String set = response.headers().firstValue("set-cookie").orElseThrow();
    assertTrue(set.contains("HttpOnly"), set);
    return set.substring(0, set.indexOf(';'));
  }

  @Test
  void metricsAreThoseOfEachTaskAndOfAllWithoutWhatWasNotScored() throws Exception {
    String body =
        """
        {"verify_responses": [
          {"_ng_task_index": 0, "_ng_rollout_index": 0, "reward": 1.0, "ok": true,
           "response": {"usage": {"output_tokens": 10}}},
          {"_ng_task_index": 0, "_ng_rollout_index": 1, "reward": 0.0, "ok": false},
          {"_ng_task_index": 1, "_ng_rollout_index": 0, "reward": 0.5, "parts": {"exact": 0.5}},
          {"_ng_task_index": 1, "_ng_rollout_index": 1, "reward": 0.0, "_ng_failure_class": "judge_failed"}]}
        """;
    Map<?, ?> answer = Served.object(server.post("/aggregate_metrics", body));
    Map<?, ?> all = (Map<?, ?>) answer.get("agent_metrics");
    List<?> groups = (List<?>) answer.get("group_level_metrics");

    assertEquals(0.5, all.get("mean/reward"));
    assertEquals(0.5, all.get("std/reward")); // of 1, 0, 0.5
    assertEquals(0.5, all.get("median/reward"));
    assertEquals(0.5, all.get("mean/ok"));
    assertEquals(10.0, all.get("mean/output_tokens"));
    assertEquals(0.5, all.get("mean/parts/exact"));
    assertEquals(1, all.get("unscored"));
    assertEquals(2, groups.size());
    assertEquals(Math.sqrt(0.5), (double) ((Map<?, ?>) groups.get(0)).get("std/reward"), 1e-15);
    assertEquals(0.0, ((Map<?, ?>) groups.get(1)).get("std/reward"));
    assertEquals(1, ((Map<?, ?>) groups.get(1)).get("_ng_task_index"));
    assertEquals(2, ((Map<?, ?>) groups.get(1)).get("num_rollouts"));
    assertEquals(
        Map.of(),
        Served.object(server.post("/aggregate_metrics", "{\"verify_responses\": []}"))
            .get("agent_metrics"));
  }

  @Test
  void aRowCanAlwaysBeVerifiedAgain() throws Exception {
    assertEquals("\"stateless\"", server.get("/reverify_mode").body());
  }

  @Test
  void aBodyThatIsNoRolloutIsRefusedByName() throws Exception {
    for (String body :
        List.of(
            "{}", "[]", "{\"responses_create_params\": {}}", "{\"responses_create_params\": 3}")) {
      assertEquals(422, server.post("/verify", body).statusCode(), body);
    }
    var response =
        server.post(
            "/verify", "{\"responses_create_params\": {}, \"response\": {\"output\": [3]}}");
    assertTrue(response.body().contains("response.output[0]"), response.body());
  }
}
