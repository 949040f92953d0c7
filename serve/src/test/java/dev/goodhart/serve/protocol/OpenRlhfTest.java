package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.serve.Served;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenRlhfTest {
  private static final Heard HEARD = new Heard();
  private static Served server;

  @BeforeAll
  static void start() {
    server = Served.of(HEARD);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    HEARD.samples().clear();
  }

  @Test
  void queriesAloneAreTheOldestForm() throws Exception {
    assertEquals(answer(2.5, -1.0), ask("{\"query\": [\"2.5</s>\", \"<s>-1\"]}"));
  }

  @Test
  void theResponseIsWhatFollowsThePromptAndTheLabelIsTheReference() throws Exception {
    assertEquals(
        answer(2.0, 4.0),
        ask(
            """
            {"query": ["1 + 1 = 2<|im_end|>", "<|im_start|>user\\n2 + 2?<|im_end|>\\n<|im_start|>assistant\\n4<|im_end|>"],
             "prompts": ["1 + 1 = ", "<|im_start|>user\\n2 + 2?<|im_end|>\\n<|im_start|>assistant\\n"],
             "labels": ["2", 4]}
            """));
    assertEquals(Prompt.of("1 + 1 = "), HEARD.samples().get(0).prompt());
    assertEquals("2", HEARD.samples().get(0).reference());
    assertEquals(List.of(Message.user("2 + 2?")), HEARD.samples().get(1).prompt().messages());
    assertEquals("4", HEARD.samples().get(1).reference());
  }

  @Test
  void aListOfOneIsAnsweredWithListsOfOne() throws Exception {
    assertEquals(
        answer(1.0), ask("{\"query\": [\"a1\"], \"prompts\": [\"a\"], \"labels\": [null]}"));
    assertEquals(answer(1.0), ask("{\"query\": \"1\"}"));
  }

  @Test
  void anEmptyShardIsAnsweredWithEmptyListsOfTheSameNames() throws Exception {
    assertEquals(answer(), ask("{\"query\": [], \"prompts\": [], \"labels\": []}"));
    assertEquals(answer(), ask("{\"query\": []}"));
  }

  @Test
  void theLogsHaveEveryPartByItsNameAlsoWhereThereIsNoSample() throws Exception {
    try (Served parts = parts()) {
      assertEquals(
          Map.of(
              "rewards", List.of(0.0, 1.0),
              "scores", List.of(0.0, 1.0),
              "extra_logs", Map.of("a", List.of(0.0, 1.0), "b", List.of(1.0, 1.0))),
          Served.object(
              parts.post(
                  "/get_reward", "{\"query\": [\"x\", \"y\"], \"labels\": [\"y\", \"y\"]}")));
      assertEquals(
          Map.of("a", List.of(), "b", List.of()),
          Served.object(parts.post("/get_reward", "{\"query\": []}")).get("extra_logs"));
    }
  }

  @Test
  void theLogsCanBeLeftOut() throws Exception {
    var response = server.post("/get_reward?extra_logs=false", "{\"query\": [\"1\"]}");

    assertEquals(Map.of("rewards", List.of(1.0), "scores", List.of(1.0)), Served.object(response));
  }

  @Test
  void aLabelThatIsAnObjectIsReadAsColumns() throws Exception {
    ask("{\"query\": [\"1\"], \"labels\": [{\"reference\": \"7\", \"tests\": [1, 2]}]}");
    ask("{\"query\": [\"1\"], \"labels\": [{\"reference\": 7, \"tests\": [1, 2]}]}");

    for (Sample heard : HEARD.samples()) {
      assertEquals("7", heard.reference());
      assertEquals(Map.of("tests", List.of(1, 2)), heard.columns());
    }
    assertEquals(2, HEARD.samples().size());
  }

  @Test
  void aLabelOfAnyOtherKindIsItsJson() throws Exception {
    ask("{\"query\": [\"1\", \"1\", \"1\"], \"labels\": [[1, \"a\"], true, 0.5]}");

    assertEquals(
        List.of("[1,\"a\"]", "true", "0.5"),
        HEARD.samples().stream().map(Sample::reference).toList());
  }

  @Test
  void anEmptyLabelIsNoReference() throws Exception {
    ask("{\"query\": [\"1\"], \"labels\": [\"\"]}");

    assertNull(HEARD.samples().getFirst().reference());
  }

  @Test
  void promptsMayBeMessages() throws Exception {
    ask(
        """
        {"query": ["<|im_start|>user\\nHi<|im_end|>\\n<|im_start|>assistant\\n1<|im_end|>"],
         "prompts": [[{"role": "user", "content": "Hi"}]]}
        """);

    assertEquals(List.of(Message.user("Hi")), HEARD.samples().getFirst().prompt().messages());
    assertEquals("1", HEARD.samples().getFirst().response());
  }

  @Test
  void oneUnscoredSampleFailsTheRequestUnlessTheSpecSaysWhatToTell() throws Exception {
    var failed = server.post("/get_reward", "{\"query\": [\"1\", \"none\"]}");

    assertEquals(503, failed.statusCode());
    assertEquals(
        "sample 1 could not be scored: no number: none", Served.object(failed).get("error"));
    try (Served told = Served.yaml("signals: { a: { match: {} } }\nunscored: -2")) {
      var response = told.post("/get_reward", "{\"query\": [\"x\"]}");

      assertEquals(List.of(-2.0), Served.object(response).get("rewards"));
      assertEquals(Map.of("a", List.of(-2.0)), Served.object(response).get("extra_logs"));
      assertEquals("1", response.headers().firstValue("goodhart-unscored").orElse(""));
    }
  }

  @Test
  void aPartThatTheRewardDidWithoutIsMissedByTheLogsAlone() throws Exception {
    String spec =
        """
        signals:
          a: { regex: { pattern: "[0-9]" } }
          b: { match: {} }
        combine: { gated: { gate: a, then: b } }
        """;
    String body = "{\"query\": [\"x\"]}";
    try (Served silent = Served.yaml(spec);
        Served told = Served.yaml(spec + "unscored: -2")) {
      var failed = silent.post("/get_reward", body);
      var without = silent.post("/get_reward?extra_logs=false", body);
      var stated = told.post("/get_reward", body);

      assertEquals(503, failed.statusCode());
      String error = String.valueOf(Served.object(failed).get("error"));
      assertTrue(error.startsWith("sample 0 could not be scored: part b: "), error);
      assertTrue(error.contains("?extra_logs=false"), error);
      assertEquals(List.of(0.0), Served.object(without).get("rewards"));
      assertEquals(List.of(0.0), Served.object(stated).get("rewards"));
      assertEquals(
          Map.of("a", List.of(0.0), "b", List.of(-2.0)), Served.object(stated).get("extra_logs"));
    }
  }

  @Test
  void mistakesAreNamed() throws Exception {
    assertEquals("query: is missing, expected a list", error("{}"));
    assertEquals("query: expected a list, not a number", error("{\"query\": 3}"));
    assertEquals("query[1]: expected text, not null", error("{\"query\": [\"1\", null]}"));
    assertEquals(
        "prompts: has 1 entries, but query has 2",
        error("{\"query\": [\"1\", \"2\"], \"prompts\": [\"\"]}"));
    assertEquals(
        "labels: has 3 entries, but query has 1",
        error("{\"query\": [\"1\"], \"labels\": [1, 2, 3]}"));
    assertEquals(
        "prompts[0]: expected text or a list of messages",
        error("{\"query\": [\"1\"], \"prompts\": [5]}"));
    assertEquals("the body: expected an object, not a list", error("[]"));
  }

  @Test
  void bodiesOfOtherTrainersAreKnownByTheirFields() throws Exception {
    var slime =
        server.post("/get_reward", "{\"prompt\": \"?\", \"response\": \"3\", \"label\": \"3\"}");
    var factory =
        server.post("/get_reward", "{\"model\": \"model\", \"messages\": [\"3\", \"4\"]}");

    assertEquals(3.0, Served.object(slime).get("reward"));
    assertEquals(List.of(3.0, 4.0), Served.object(factory).get("scores"));
  }

  @Test
  void theAnswerSaysThatNothingWasActivated() throws Exception {
    var response = server.post("/get_reward", "{\"query\": [\"3\"]}");

    assertEquals("none", response.headers().firstValue("goodhart-activation").orElse(""));
    assertEquals("unstated", response.headers().firstValue("goodhart-scale").orElse(""));
    assertTrue(response.headers().firstValue("goodhart-version").isPresent());
  }

  private static Served parts() {
    return Served.yaml(
        """
        signals:
          a: { match: {} }
          b: { regex: { pattern: "[a-z]" } }
        combine: { weighted: { a: 1.0, b: 0.0 } }
        """);
  }

  private static Map<?, ?> ask(String body) throws Exception {
    HttpResponse<String> response = server.post("/get_reward", body);
    assertEquals(200, response.statusCode(), response.body());
    return Served.object(response);
  }

  private static Object error(String body) throws Exception {
    HttpResponse<String> response = server.post("/get_reward", body);
    assertEquals(400, response.statusCode(), response.body());
    return Served.object(response).get("error");
  }

  private static Map<?, ?> answer(Double... rewards) {
    List<Double> list = List.of(rewards);
    return Map.of("rewards", list, "scores", list, "extra_logs", Map.of("reward", list));
  }
}
