package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Prompt;
import dev.goodhart.Scale;
import dev.goodhart.serve.Served;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeiTest {
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

  @ParameterizedTest
  @ValueSource(strings = {"/predict", "/", "/invocations"})
  void oneTextIsOneListOfLabels(String path) throws Exception {
    // sigmoid(-ln 3) = 1 / (1 + 3)
    List<?> labels = (List<?>) Served.json(ok(path, "{\"inputs\": \"-1.0986122886681098\"}"));

    assertEquals(1, labels.size());
    assertEquals(0.25, (double) ((Map<?, ?>) labels.getFirst()).get("score"), 1e-12);
    assertEquals("LABEL_0", ((Map<?, ?>) labels.getFirst()).get("label"));
  }

  @Test
  void twoTextsAreOnePair() throws Exception {
    assertEquals(
        List.of(Map.of("score", 2.0, "label", "LABEL_0")),
        Served.json(ok("/predict", "{\"inputs\": [\"a?\", \"2\"], \"raw_scores\": true}")));
    assertEquals(Prompt.of("a?"), HEARD.samples().getFirst().prompt());
  }

  @Test
  void listsOfListsAreABatch() throws Exception {
    List<?> batch =
        (List<?>)
            Served.json(
                ok(
                    "/predict",
                    "{\"inputs\": [[\"1\"], [\"a?\", \"2\"], [\"3\"]], \"raw_scores\": true}"));

    assertEquals(
        List.of(1.0, 2.0, 3.0),
        batch.stream().map(b -> ((Map<?, ?>) ((List<?>) b).getFirst()).get("score")).toList());
  }

  @Test
  void whatWasDoneToTheRewardIsToldInHeaders() throws Exception {
    var activated = ok("/predict", "{\"inputs\": \"12\"}");
    var raw = ok("/predict", "{\"inputs\": \"12\", \"raw_scores\": true}");

    assertEquals("sigmoid", header(activated, "goodhart-activation"));
    assertEquals("none", header(raw, "goodhart-activation"));
    assertEquals("2", header(raw, "x-compute-characters"));
    assertTrue(Long.parseLong(header(raw, "x-total-time")) >= 0);
    try (Served probable = Served.of(new Heard(Scale.PROBABILITY))) {
      var once = probable.post("/predict", "{\"inputs\": \"0.25\"}");
      assertEquals(0.25, ((Map<?, ?>) ((List<?>) Served.json(once)).getFirst()).get("score"));
    }
  }

  @Test
  void rerankPutsTheBestFirst() throws Exception {
    String body = "{\"query\": \"q\", \"texts\": [\"0\", \"2\", \"1\"], \"raw_scores\": true%s}";

    assertEquals(
        List.of(
            Map.of("index", 1, "score", 2.0),
            Map.of("index", 2, "score", 1.0),
            Map.of("index", 0, "score", 0.0)),
        Served.json(ok("/rerank", body.formatted(""))));
    assertEquals(
        Map.of("index", 1, "text", "2", "score", 2.0),
        ((List<?>) Served.json(ok("/rerank", body.formatted(", \"return_text\": true"))))
            .getFirst());
  }

  @Test
  void infoTellsWhatIsServed() throws Exception {
    Map<?, ?> info = Served.object(server.get("/info"));

    assertEquals("goodhart", info.get("model_id"));
    assertTrue(((Map<?, ?>) info.get("model_type")).containsKey("classifier"));
    assertEquals(1000, info.get("max_client_batch_size"));
    assertEquals(false, info.get("auto_truncate"));
  }

  @Test
  void whatIsEmptyIs400AndEveryOtherMistake422() throws Exception {
    assertEquals(
        "inputs: cannot be empty", refused(400, "Empty", "/predict", "{\"inputs\": \"\"}"));
    assertEquals("inputs: cannot be empty", refused(400, "Empty", "/predict", "{\"inputs\": []}"));
    assertEquals(
        "texts: cannot be empty",
        refused(400, "Empty", "/rerank", "{\"query\": \"\", \"texts\": []}"));
    for (String inputs :
        List.of("3", "[3]", "[[]]", "[[\"a\", \"b\", \"c\"]]", "[\"a\", 3]", "{}")) {
      assertEquals(
          "inputs: number 0 is neither one text nor two",
          refused(422, "Validation", "/predict", "{\"inputs\": " + inputs + "}"));
    }
    assertTrue(refused(422, "Validation", "/predict", "{}").startsWith("inputs: is missing"));
    assertTrue(refused(422, "Validation", "/predict", "{").startsWith("the body is not JSON"));
    assertTrue(
        refused(422, "Validation", "/predict", "{\"inputs\": \"1\", \"raw_scores\": 1}")
            .startsWith("raw_scores: expected"));
  }

  @Test
  void anUnscoredSampleFailsTheRequest() throws Exception {
    assertEquals(
        "sample 0 could not be scored: no number: x",
        refused(503, "Unhealthy", "/predict", "{\"inputs\": \"x\"}"));
  }

  private static HttpResponse<String> ok(String path, String body) throws Exception {
    HttpResponse<String> response = server.post(path, body);
    assertEquals(200, response.statusCode(), response.body());
    return response;
  }

  private static String refused(int status, String type, String path, String body)
      throws Exception {
    HttpResponse<String> response = server.post(path, body);
    assertEquals(status, response.statusCode(), response.body());
    assertEquals(type, Served.object(response).get("error_type"));
    return String.valueOf(Served.object(response).get("error"));
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
