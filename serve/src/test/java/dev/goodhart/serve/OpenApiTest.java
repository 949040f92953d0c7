package dev.goodhart.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Verifier;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/** The description that a server gives of itself is true. */
class OpenApiTest {
  /** A number where the response is one, with a deviation; nothing else is scored. */
  record Numbers() implements Verifier {
    @Override
    public Reward of(Sample sample) {
      try {
        return new Scored(Double.parseDouble(sample.response()), 0.5);
      } catch (NumberFormatException e) {
        return Reward.unscored("no number: " + sample.response());
      }
    }
  }

  private static Served server;
  private static Map<?, ?> api;

  @BeforeAll
  static void start() throws Exception {
    server = Served.of(new Numbers());
    api =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(server.get("/openapi.yaml").body());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** One of the description's schemas, as a JSON schema of its own. */
  private static Schema schema(String name) {
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("$ref", "#/components/schemas/" + name);
    whole.put("components", api.get("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(JsonMapper.shared().writeValueAsString(whole), InputFormat.JSON);
  }

  private static List<?> problems(String schema, String json) {
    return schema(schema).validate(json, InputFormat.JSON);
  }

  @Test
  void everyPathIsServedWithItsMethod() throws Exception {
    for (var path : ((Map<?, ?>) api.get("paths")).entrySet()) {
      for (Object method : ((Map<?, ?>) path.getValue()).keySet()) {
        var response =
            Served.CLIENT.send(
                HttpRequest.newBuilder(server.uri((String) path.getKey()))
                    .method(
                        method.toString().toUpperCase(java.util.Locale.ROOT),
                        HttpRequest.BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofString());

        assertNotEquals(404, response.statusCode(), path.getKey().toString());
        assertNotEquals(405, response.statusCode(), path.getKey().toString());
      }
    }
  }

  @Test
  void whatItCallsARequestIsAnsweredWithWhatItCallsAnAnswer() throws Exception {
    String request =
        """
        {"run": "r", "step": 3, "samples": [
          {"id": 1, "prompt": "p", "response": "2.5", "reference": 7, "group": "g", "log_probs": [-0.5]},
          {"prompt": [{"role": "user", "content": "p"}], "response": "x", "more": {"a": []}},
          {"response": ""}]}
        """;
    var response = server.post("/v1/rewards", request);

    assertEquals(List.of(), problems("Request", request));
    assertEquals(200, response.statusCode());
    assertEquals(List.of(), problems("Answer", response.body()));
    assertTrue(response.body().contains("\"deviation\":0.5"), response.body());
  }

  @Test
  void whatItCallsAnErrorIsWhatIsSaid() throws Exception {
    var response = server.post("/v1/rewards", "{}");

    assertEquals(400, response.statusCode());
    assertEquals(List.of(), problems("Error", response.body()));
    assertNotEquals(List.of(), problems("Request", "{}"));
  }
}
