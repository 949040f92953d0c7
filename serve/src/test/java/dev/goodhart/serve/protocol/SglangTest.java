package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.serve.Served;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SglangTest {
  private static Served server;

  @BeforeAll
  static void start() {
    server = Served.of(new Heard());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void classifyGivesTheRawRewardOfOneTextOrOfEach() throws Exception {
    Map<?, ?> one = Served.object(ok("/classify", "{\"text\": \"-2.5\"}"));
    List<?> each = (List<?>) Served.json(ok("/classify", "{\"text\": [\"1\", \"2\"]}"));

    assertEquals(List.of(-2.5), one.get("embedding"));
    assertTrue(one.get("meta_info") instanceof Map);
    assertEquals(
        List.of(List.of(1.0), List.of(2.0)),
        each.stream().map(e -> ((Map<?, ?>) e).get("embedding")).toList());
  }

  @Test
  void classifyMayBePut() throws Exception {
    var response =
        Served.CLIENT.send(
            HttpRequest.newBuilder(server.uri("/classify"))
                .PUT(BodyPublishers.ofString("{\"text\": \"3\"}"))
                .build(),
            BodyHandlers.ofString());

    assertEquals(List.of(3.0), Served.object(response).get("embedding"));
  }

  @Test
  void verlReadsTheLastOfTheLastEmbedding() throws Exception {
    Map<?, ?> answer =
        Served.object(
            ok(
                "/v1/embeddings",
                """
                {"model": "m", "input": "<|im_start|>user\\nHi<|im_end|>\\n<|im_start|>assistant\\n-3.5<|im_end|>\\n"}
                """));
    Map<?, ?> last = (Map<?, ?>) ((List<?>) answer.get("data")).getLast();

    assertEquals("list", answer.get("object"));
    assertEquals("embedding", last.get("object"));
    assertEquals(0, last.get("index"));
    assertEquals(-3.5, ((List<?>) last.get("embedding")).getLast());
  }

  @Test
  void embeddingsMayBeBase64() throws Exception {
    Map<?, ?> answer =
        Served.object(
            ok("/v1/embeddings", "{\"input\": [\"1.5\"], \"encoding_format\": \"base64\"}"));

    // 1.5 is 0x3fc00000, here from its last byte.
    assertEquals(
        "AADAPw==", ((Map<?, ?>) ((List<?>) answer.get("data")).getFirst()).get("embedding"));
  }

  @Test
  void theClassificationOfOpenAiFormIsTheSigmoidBecauseTheSoftmaxOfOneIsAlwaysOne()
      throws Exception {
    Map<?, ?> answer = Served.object(ok("/v1/classify", "{\"input\": \"0\"}"));

    assertEquals(
        List.of(0.5), ((Map<?, ?>) ((List<?>) answer.get("data")).getFirst()).get("probs"));
  }

  @Test
  void rerankIsABareListWhereTheBodyOrTheAddressSaysWhoseItIs() throws Exception {
    String body = "{\"query\": \"q\", \"documents\": [\"1\", \"2\"]%s}";
    List<?> full = (List<?>) Served.json(ok("/v1/rerank?server=sglang", body.formatted("")));
    List<?> bare =
        (List<?>)
            Served.json(
                ok(
                    "/v1/rerank",
                    body.formatted(
                        ", \"instruct\": \"\", \"return_documents\": false, \"top_n\": 1")));

    Map<?, ?> best = (Map<?, ?>) full.getFirst();
    assertEquals(2.0, best.get("score"));
    assertEquals("2", best.get("document"));
    assertEquals(1, best.get("index"));
    assertEquals(2, full.size());
    assertEquals(1, bare.size());
    assertEquals(false, ((Map<?, ?>) bare.getFirst()).containsKey("document"));
  }

  @Test
  void scoresOfItemsAreOneNumberEach() throws Exception {
    Map<?, ?> answer =
        Served.object(
            ok("/v1/score", "{\"query\": \"q\", \"items\": \"2\", \"label_token_ids\": [7]}"));

    assertEquals(List.of(List.of(2.0)), answer.get("scores"));
    assertEquals("scoring", answer.get("object"));
  }

  @Test
  void mistakesAreMessages() throws Exception {
    assertEquals("text: is empty", refused("/classify", "{\"text\": []}"));
    assertEquals("text: text 1 is blank", refused("/classify", "{\"text\": [\"1\", \" \"]}"));
    assertEquals("input: text 0 is blank", refused("/v1/embeddings", "{\"input\": \"\"}"));
    assertEquals("input: is missing, expected a list", refused("/v1/embeddings", "{}"));
    assertTrue(refused("/classify", "{\"input_ids\": [1]}").startsWith("input_ids: token ids"));
    assertTrue(refused("/v1/embeddings", "{\"input\": [1]}").startsWith("input: token ids"));
    assertTrue(
        refused("/v1/score", "{\"query\": \"\", \"items\": [], \"label_token_ids\": [1, 2]}")
            .startsWith("label_token_ids"));
  }

  @Test
  void anUnscoredSampleFailsTheRequest() throws Exception {
    HttpResponse<String> response = server.post("/classify", "{\"text\": \"x\"}");

    assertEquals(503, response.statusCode());
    assertEquals("1", response.headers().firstValue("retry-after").orElse(""));
    assertEquals(
        Map.of("error", Map.of("message", "sample 0 could not be scored: no number: x")),
        Served.object(response));
  }

  private static HttpResponse<String> ok(String path, String body) throws Exception {
    HttpResponse<String> response = server.post(path, body);
    assertEquals(200, response.statusCode(), response.body());
    return response;
  }

  private static String refused(String path, String body) throws Exception {
    HttpResponse<String> response = server.post(path, body);
    assertEquals(400, response.statusCode(), response.body());
    return String.valueOf(((Map<?, ?>) Served.object(response).get("error")).get("message"));
  }
}
