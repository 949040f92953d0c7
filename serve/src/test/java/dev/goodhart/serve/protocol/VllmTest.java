package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.Scale;
import dev.goodhart.serve.Served;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VllmTest {
  /** A reward of ln 3 is a probability of 3/4: 1 / (1 + 1/3). */
  private static final String LN3 = "1.0986122886681098";

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
  void classifyActivatesUnlessItIsToldNotTo() throws Exception {
    var activated = ok("/classify", "{\"model\": \"m\", \"input\": [\"" + LN3 + "\", \"0\"]}");
    var raw = ok("/classify", "{\"input\": \"" + LN3 + "\", \"use_activation\": false}");

    assertEquals(0.75, prob(activated, 0), 1e-12);
    assertEquals(0.5, prob(activated, 1), 1e-12);
    assertEquals("sigmoid", header(activated, "goodhart-activation"));
    assertEquals("probability", header(activated, "goodhart-scale"));
    assertEquals(1.0986122886681098, prob(raw, 0));
    assertEquals("none", header(raw, "goodhart-activation"));
    assertEquals("unstated", header(raw, "goodhart-scale"));
  }

  @Test
  void classifyHasAllFieldsOfItsForm() throws Exception {
    Map<?, ?> answer = Served.object(ok("/classify", "{\"input\": \"2\"}"));

    assertTrue(String.valueOf(answer.get("id")).startsWith("classify-"));
    assertEquals("list", answer.get("object"));
    assertEquals("goodhart", answer.get("model"));
    assertTrue(answer.get("created") instanceof Integer seconds && seconds > 1_700_000_000);
    Map<?, ?> each = data(answer, 0);
    assertEquals(0, each.get("index"));
    assertEquals("LABEL_0", each.get("label"));
    assertEquals(1, each.get("num_classes"));
    assertEquals(0, ((Map<?, ?>) answer.get("usage")).get("total_tokens"));
    assertTrue(((Map<?, ?>) answer.get("usage")).containsKey("prompt_tokens_details"));
  }

  @Test
  void theFormerNamesOfTheSwitchAreHeeded() throws Exception {
    assertEquals(2, prob(ok("/classify", "{\"input\": \"2\", \"activation\": false}"), 0));
    assertEquals(2, prob(ok("/classify", "{\"input\": \"2\", \"softmax\": false}"), 0));
    assertEquals(
        0.5,
        prob(
            ok("/classify", "{\"input\": \"0\", \"use_activation\": true, \"activation\": false}"),
            0));
  }

  @Test
  void aProbabilityIsNotActivatedAgainAndLogOddsAreSaidToBeSo() throws Exception {
    try (Served probable = Served.of(new Heard(Scale.PROBABILITY));
        Served odds = Served.of(new Heard(Scale.LOG_ODDS))) {
      var once = probable.post("/classify", "{\"input\": \"0.25\"}");
      var raw = odds.post("/classify", "{\"input\": \"0.25\", \"use_activation\": false}");

      assertEquals(0.25, prob(once, 0));
      assertEquals("none", header(once, "goodhart-activation"));
      assertEquals("probability", header(once, "goodhart-scale"));
      assertEquals("log-odds", header(raw, "goodhart-scale"));
    }
  }

  @Test
  void verlReadsTheLastOfTheLast() throws Exception {
    var response =
        ok(
            "/classify",
            """
            {"model": "path/of/a/model",
             "input": "<|im_start|>user\\nHi<|im_end|>\\n<|im_start|>assistant\\n-3.5<|im_end|>\\n",
             "use_activation": false}
            """);

    assertEquals(-3.5, prob(response, 0));
    assertEquals(List.of(Message.user("Hi")), HEARD.samples().getFirst().prompt().messages());
  }

  @Test
  void messagesEndWithTheResponse() throws Exception {
    ok(
        "/classify",
        """
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]},
                      {"role": "assistant", "content": "2"}]}
        """);
    ok("/pooling", "{\"messages\": [{\"role\": \"user\", \"content\": \"3\"}]}");

    assertEquals(List.of(Message.user("Hi")), HEARD.samples().get(0).prompt().messages());
    assertEquals("2", HEARD.samples().get(0).response());
    assertEquals(Prompt.NONE, HEARD.samples().get(1).prompt());
    assertEquals("3", HEARD.samples().get(1).response());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text_1 text_2", "queries documents", "queries items", "data_1 data_2"})
  void scoreHasFourSpellingsOfPromptAndResponse(String names) throws Exception {
    String first = names.split(" ")[0];
    String second = names.split(" ")[1];
    var one =
        ok("/score", "{\"%s\": \"a?\", \"%s\": [\"0\", \"%s\"]}".formatted(first, second, LN3));
    var each =
        ok(
            "/v1/score",
            "{\"%s\": [\"a?\", \"b?\"], \"%s\": [\"1\", \"2\"], \"use_activation\": false}"
                .formatted(first, second));

    assertEquals(0.5, (double) data(Served.object(one), 0).get("score"), 1e-12);
    assertEquals(0.75, (double) data(Served.object(one), 1).get("score"), 1e-12);
    assertEquals("score", data(Served.object(one), 0).get("object"));
    assertEquals(2.0, data(Served.object(each), 1).get("score"));
    assertEquals(
        List.of(Prompt.of("a?"), Prompt.of("a?"), Prompt.of("a?"), Prompt.of("b?")),
        HEARD.samples().stream().map(s -> s.prompt()).toList());
  }

  @Test
  void aRenderedPromptOfAPairIsReadToo() throws Exception {
    ok(
        "/score",
        """
        {"text_1": "<|im_start|>user\\nHi<|im_end|>\\n<|im_start|>assistant\\n", "text_2": "2<|im_end|>"}
        """);

    assertEquals(List.of(Message.user("Hi")), HEARD.samples().getFirst().prompt().messages());
    assertEquals("2", HEARD.samples().getFirst().response());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/rerank", "/v1/rerank", "/v2/rerank"})
  void rerankPutsTheBestFirstAndEqualsInTheirOrder(String path) throws Exception {
    String documents =
        "\"query\": \"q\", \"documents\": [\"0\", \"" + LN3 + "\", {\"text\": \"0\"}]";
    Map<?, ?> all = Served.object(ok(path, "{" + documents + "}"));
    Map<?, ?> best = Served.object(ok(path, "{" + documents + ", \"top_n\": 1}"));

    List<?> results = (List<?>) all.get("results");
    assertEquals(
        List.of(1, 0, 2), results.stream().map(r -> ((Map<?, ?>) r).get("index")).toList());
    Map<?, ?> first = (Map<?, ?>) results.getFirst();
    assertEquals(0.75, (double) first.get("relevance_score"), 1e-12);
    assertEquals(Map.of("text", LN3), first.get("document"));
    assertEquals(1, ((List<?>) best.get("results")).size());
    assertEquals(0, ((Map<?, ?>) all.get("usage")).get("total_tokens"));
  }

  @Test
  void poolingWritesFloatsOrTheirBytes() throws Exception {
    var plain = ok("/pooling", "{\"input\": \"0\", \"task\": \"classify\"}");
    String base64 =
        "{\"input\": [\"1.5\"], \"use_activation\": false, \"encoding_format\": \"base64\"";
    var little = ok("/pooling", base64 + "}");
    var big = ok("/pooling", base64 + ", \"endianness\": \"big\"}");

    assertEquals(List.of(0.5), data(Served.object(plain), 0).get("data"));
    assertEquals("pooling", data(Served.object(plain), 0).get("object"));
    assertEquals(1.5f, number(little, ByteOrder.LITTLE_ENDIAN));
    assertEquals(1.5f, number(big, ByteOrder.BIG_ENDIAN));
  }

  private static float number(HttpResponse<String> response, ByteOrder order) {
    byte[] bytes =
        Base64.getDecoder().decode((String) data(Served.object(response), 0).get("data"));
    assertEquals(4, bytes.length);
    return ByteBuffer.wrap(bytes).order(order).getFloat();
  }

  @Test
  void theModelIsTheOneThatIsServed() throws Exception {
    Map<?, ?> model = data(Served.object(server.get("/v1/models")), 0);

    assertEquals("goodhart", model.get("id"));
    assertEquals(
        header(ok("/classify", "{\"input\": \"1\"}"), "goodhart-version"), model.get("version"));
  }

  @Test
  void nothingToScoreIsNoMistakeInAClassification() throws Exception {
    assertEquals(List.of(), Served.object(ok("/classify", "{\"input\": []}")).get("data"));
  }

  @Test
  void tokenIdsAreRefusedBecauseNobodyKnowsTheirTokenizer() throws Exception {
    for (String input : List.of("[1, 2]", "[[1, 2], [3]]")) {
      String said = refused(400, "/classify", "{\"input\": " + input + "}");
      assertTrue(said.startsWith("input: token ids mean nothing here"), said);
    }
    assertTrue(
        refused(400, "/tokenize", "{\"prompt\": \"a\"}").startsWith("nothing is tokenized here"));
  }

  @Test
  void mistakesAreToldInTheFormOfOpenAi() throws Exception {
    HttpResponse<String> response = server.post("/classify", "{\"input\": 3}");

    assertEquals(400, response.statusCode());
    Map<?, ?> error = (Map<?, ?>) Served.object(response).get("error");
    assertEquals("input: expected a list, not a number", error.get("message"));
    assertEquals("BadRequestError", error.get("type"));
    assertTrue(error.containsKey("param"));
    assertNull(error.get("param"));
    assertEquals(400, error.get("code"));
  }

  @Test
  void otherMistakesAreNamed() throws Exception {
    assertEquals("input: is missing, expected a list", refused(400, "/classify", "{}"));
    assertEquals(
        "text_1: has 2 entries and text_2 has 3; expected one with any number, or the same number",
        refused(400, "/score", "{\"text_1\": [\"\", \"\"], \"text_2\": [\"\", \"\", \"\"]}"));
    assertEquals(
        "documents: is empty, expected at least one text",
        refused(400, "/rerank", "{\"query\": \"\", \"documents\": []}"));
    assertEquals(
        "task: embed is not served here; a reward is one number: classify",
        refused(400, "/pooling", "{\"input\": \"1\", \"task\": \"embed\"}"));
    assertEquals(
        "encoding_format: expected float or base64, not bytes",
        refused(400, "/pooling", "{\"input\": \"1\", \"encoding_format\": \"bytes\"}"));
    assertEquals(
        "messages[1]: the last message is what is rewarded, so its role must be assistant, not"
            + " user",
        refused(
            400,
            "/classify",
            """
            {"messages": [{"role": "assistant", "content": "1"}, {"role": "user", "content": "2"}]}
            """));
    assertEquals(
        "messages[0]: content: only parts of type text are rewarded",
        refused(
            400,
            "/classify",
            """
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}
            """));
    assertEquals(
        "messages: expected messages {role, content}",
        refused(400, "/classify", "{\"messages\": [{\"role\": 1}]}"));
  }

  @Test
  void anUnscoredSampleFailsTheRequestOrIsTheNumberThatTheSpecStates() throws Exception {
    assertEquals(
        "sample 1 could not be scored: no number: x",
        refused(503, "/classify", "{\"input\": [\"1\", \"x\"]}"));
    try (Served told = Served.yaml("signals: { a: { match: {} } }\nunscored: -2")) {
      var response = told.post("/classify", "{\"input\": \"x\"}");

      assertEquals(-2, prob(response, 0), "stated values are told as they stand");
      assertEquals("1", header(response, "goodhart-unscored"));
    }
  }

  @Test
  void bodiesOfOtherServersAreAnsweredInTheirWords() throws Exception {
    assertEquals(
        List.of(2.0), Served.object(ok("/classify", "{\"text\": \"2\"}")).get("embedding"));
    assertEquals(
        List.of(List.of(2.0), List.of(3.0)),
        Served.object(ok("/v1/score", "{\"query\": \"q\", \"items\": [\"2\", \"3\"]}"))
            .get("scores"));
    assertEquals(
        List.of(Map.of("index", 0, "score", 0.5)),
        Served.json(ok("/rerank", "{\"query\": \"q\", \"texts\": [\"0\"]}")));
    assertEquals(
        Map.of("error", Map.of("message", "text: expected a list, not a number")),
        Served.object(server.post("/classify", "{\"text\": 3}")));
    var tei = server.post("/rerank", "{\"query\": 1, \"texts\": [\"0\"]}");
    assertEquals(422, tei.statusCode());
    assertEquals("Validation", Served.object(tei).get("error_type"));
  }

  private static HttpResponse<String> ok(String path, String body) throws Exception {
    HttpResponse<String> response = server.post(path, body);
    assertEquals(200, response.statusCode(), response.body());
    return response;
  }

  private static String refused(int status, String path, String body) throws Exception {
    HttpResponse<String> response = server.post(path, body);
    assertEquals(status, response.statusCode(), response.body());
    return String.valueOf(((Map<?, ?>) Served.object(response).get("error")).get("message"));
  }

  private static Map<?, ?> data(Map<?, ?> answer, int index) {
    return (Map<?, ?>) ((List<?>) answer.get("data")).get(index);
  }

  private static double prob(HttpResponse<String> response, int index) {
    return (double) ((List<?>) data(Served.object(response), index).get("probs")).getLast();
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
