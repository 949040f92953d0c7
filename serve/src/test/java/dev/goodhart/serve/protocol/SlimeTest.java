package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.serve.Served;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Slime's and LLaMA-Factory's. */
class SlimeTest {
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
  void oneSampleIsAnsweredWithItsRewardAndItsParts() throws Exception {
    Map<?, ?> answer =
        Served.object(
            server.post(
                "/slime", "{\"prompt\": \"1 + 1?\", \"response\": \"2\", \"label\": \"7\"}"));

    assertEquals(2.0, answer.get("reward"));
    assertEquals(Map.of("reward", 2.0), answer.get("parts"));
    assertEquals(true, answer.get("valid"));
    assertEquals(Prompt.of("1 + 1?"), HEARD.samples().getFirst().prompt());
    assertEquals("7", HEARD.samples().getFirst().reference());
  }

  @Test
  void thePromptMayBeMessagesOrRendered() throws Exception {
    server.post(
        "/slime", "{\"prompt\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"response\": \"2\"}");
    server.post(
        "/slime",
        """
        {"prompt": "<|im_start|>user\\nHi<|im_end|>\\n<|im_start|>assistant\\n", "response": "2<|im_end|>"}
        """);

    for (var heard : HEARD.samples()) {
      assertEquals(List.of(Message.user("Hi")), heard.prompt().messages());
      assertEquals("2", heard.response());
    }
  }

  @Test
  void theRewardAloneIsABareNumber() throws Exception {
    HttpResponse<String> response =
        server.post("/slime/number", "{\"prompt\": \"?\", \"response\": \"2.5\", \"label\": null}");

    assertEquals(200, response.statusCode());
    assertEquals("2.5", response.body());
  }

  @Test
  void aNumberThatStandsForNoRewardIsNotValid() throws Exception {
    try (Served told = Served.yaml("signals: { a: { match: {} } }\nunscored: 0")) {
      Map<?, ?> answer = Served.object(told.post("/slime", "{\"response\": \"2\"}"));

      assertEquals(0.0, answer.get("reward"));
      assertEquals(false, answer.get("valid"));
      assertFalse(String.valueOf(answer.get("reason")).isBlank());
    }
    assertEquals(503, server.post("/slime", "{\"response\": \"x\"}").statusCode());
    assertEquals(503, server.post("/slime/number", "{\"response\": \"x\"}").statusCode());
  }

  @Test
  void slimesMistakesAreNamed() throws Exception {
    assertEquals(
        Map.of("error", "response: is missing, expected text"),
        Served.object(server.post("/slime", "{\"prompt\": \"\"}")));
    assertEquals(
        Map.of("error", "prompt: expected text or a list of messages"),
        Served.object(server.post("/slime", "{\"prompt\": 3, \"response\": \"\"}")));
  }

  @Test
  void llamaFactorySendsWholeConversationsAndGetsFlatNumbers() throws Exception {
    Map<?, ?> answer =
        Served.object(
            server.post(
                "/v1/score/evaluation",
                """
                {"model": "model", "max_length": 100, "messages":
                  ["<|im_start|>user\\nHi<|im_end|>\\n<|im_start|>assistant\\n2<|im_end|>\\n<|endoftext|>", "3"]}
                """));

    assertEquals(List.of(2.0, 3.0), answer.get("scores"));
    assertEquals("score.evaluation", answer.get("object"));
    assertEquals("model", answer.get("model"));
    assertEquals(true, String.valueOf(answer.get("id")).startsWith("scoreval-"));
    assertEquals(List.of(Message.user("Hi")), HEARD.samples().getFirst().prompt().messages());
  }

  @Test
  void llamaFactorysMistakesAreDetailsWithoutScores() throws Exception {
    HttpResponse<String> empty = server.post("/v1/score/evaluation", "{\"messages\": []}");
    HttpResponse<String> unscored = server.post("/v1/score/evaluation", "{\"messages\": [\"x\"]}");

    assertEquals(400, empty.statusCode());
    assertEquals(Map.of("detail", "Invalid request"), Served.object(empty));
    assertEquals(503, unscored.statusCode());
    assertEquals(
        Map.of("detail", "sample 0 could not be scored: no number: x"), Served.object(unscored));
  }
}
