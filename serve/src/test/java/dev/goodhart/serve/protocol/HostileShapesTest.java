package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.serve.Served;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Bodies that are nearly right: every field of every protocol with every kind of wrong value. */
class HostileShapesTest {
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "1e308",
          "\"\"",
          "\"\\u0000\\ud800\"",
          "[]",
          "{}",
          "[null]",
          "[[]]",
          "[{}]",
          "[1, \"a\"]",
          "[\"a\", null]",
          "[{\"role\": \"\", \"content\": \"\"}]",
          "[{\"role\": \"user\", \"content\": {}}]",
          "[{\"role\": \"user\"}]",
          "{\"text\": 1}",
          "[[[[[[[[[[]]]]]]]]]]",
          "[\"<|im_start|>\", \"[INST]\"]");

  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry(
              "/get_reward",
              "{\"query\": [\"1\", \"2\"], \"prompts\": [\"\", \"\"], \"labels\": [1, null]}"),
          Map.entry("/slime", "{\"prompt\": \"a\", \"response\": \"1\", \"label\": \"2\"}"),
          Map.entry("/slime/number", "{\"prompt\": \"a\", \"response\": \"1\", \"label\": \"2\"}"),
          Map.entry("/v1/score/evaluation", "{\"model\": \"m\", \"messages\": [\"1\"]}"),
          Map.entry(
              "/classify", "{\"model\": \"m\", \"input\": [\"1\"], \"use_activation\": false}"),
          Map.entry("/v1/classify", "{\"messages\": [{\"role\": \"user\", \"content\": \"1\"}]}"),
          Map.entry("/score", "{\"text_1\": \"a\", \"text_2\": [\"1\"], \"use_activation\": true}"),
          Map.entry("/v1/score", "{\"query\": \"a\", \"items\": [\"1\"], \"label_token_ids\": []}"),
          Map.entry("/rerank", "{\"query\": \"a\", \"texts\": [\"1\"], \"raw_scores\": true}"),
          Map.entry("/v1/rerank", "{\"query\": \"a\", \"documents\": [\"1\"], \"top_n\": 1}"),
          Map.entry("/v2/rerank", "{\"query\": \"a\", \"documents\": [\"1\"], \"instruct\": \"\"}"),
          Map.entry(
              "/pooling",
              "{\"input\": \"1\", \"task\": \"classify\", \"encoding_format\": \"float\","
                  + " \"dimensions\": 1}"),
          Map.entry("/v1/embeddings", "{\"input\": \"1\", \"encoding_format\": \"base64\"}"),
          Map.entry("/predict", "{\"inputs\": \"1\", \"raw_scores\": false}"));

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
  void theBodiesAreRightToBeginWith() throws Exception {
    for (var body : BODIES.entrySet()) {
      assertEquals(200, server.post(body.getKey(), body.getValue()).statusCode(), body.getKey());
    }
  }

  @Test
  void aWrongValueInAnyFieldIsNeverTheServersMistake() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (var body : BODIES.entrySet()) {
      Map<?, ?> fields = JsonMapper.shared().readValue(body.getValue(), Map.class);
      for (Object name : fields.keySet()) {
        for (String value : VALUES) {
          Map<Object, Object> changed = new LinkedHashMap<>(fields);
          changed.put(name, "VALUE");
          String sent = JsonMapper.shared().writeValueAsString(changed).replace("\"VALUE\"", value);
          HttpResponse<String> response = server.post(body.getKey(), sent);
          int status = response.statusCode();
          // 503: what is no number could not be scored, which none of these can say.
          if (status != 200 && status != 400 && status != 422 && status != 503) {
            wrong.add(status + " " + body.getKey() + " " + sent + " " + response.body());
          }
          Served.json(response);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void bodiesThatAreNoObjectsAreRefused() throws Exception {
    for (String path : BODIES.keySet()) {
      for (String body : List.of("", "null", "[]", "3", "\"a\"", "{", "[".repeat(1000))) {
        int status = server.post(path, body).statusCode();
        assertTrue(status == 400 || status == 422, path + " " + body + " " + status);
      }
    }
  }
}
