package dev.goodhart.serve.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.serve.Served;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rollouts that NeMo Gym's own servers verified, verified here. A row is sent without its reward,
 * and ours is held against the recorded one. Where the two differ the row and the reason stand
 * below: neither the verifiers nor the specs were fitted to a row.
 */
class NemoGymRolloutsTest {
  /**
   * @param row its place among the server's
   * @param ours NaN where we gave none
   */
  private record Difference(int row, double ours, String why) {}

  private record Server(String name, String spec, double tolerance, List<Difference> differences) {}

  /** What stands behind "final answer:", or in a box, perhaps as its text. */
  private static final String FINAL_OR_BOXED =
      "(?i)(?:final answer\\s*:\\s*|\\\\boxed\\{(?:\\\\text\\{)?)" + "([^{}\\n]+)";

  private static final List<Server> SERVERS =
      List.of(
          server(
              "mcqa",
              "choice: { options: 26 }",
              new Difference(
                  2,
                  1,
                  "recorded before the server took the letter of \\boxed{C: the option's text}; it"
                      + " does now, and C is the expected answer")),
          server("gpqa_diamond", "choice: { options: 26 }"),
          server("swerl_llm_judge", "match: { extract: '<solution>\\s*([A-Z])\\s*</solution>' }"),
          server(
              "string_match",
              "match: { extract: '" + FINAL_OR_BOXED + "' }",
              new Difference(
                  2,
                  0,
                  "a task that takes the whole response for the answer, which the row no longer"
                      + " says")),
          server("equivalence_rule", "match: { normalise: case }"),
          server("hotpotqa_qa", "match: { extract: '\"answer\":\\s*\"([^\"]*)\"' }"),
          server(
              "math_proof_judgement",
              "match: { extract: 'Judgement: (?:Yes|No)', column: expected_judgement }"),
          server(
              "spartqa",
              "match: { extract: 'Final answer:\\s*(.+)' }",
              new Difference(1, 0, "the server takes 'neither' for 'none of them'"),
              new Difference(4, 0, "the server finds 'both of them' within a sentence")),
          server(
              "math_with_judge",
              "math: {}",
              new Difference(
                  1,
                  Double.NaN,
                  "unscored: two forms with powers of 2016 and 4033, not decided within the"
                      + " limits")),
          server("polymath", "math: {}"),
          server("structured_outputs", "json: { column: schema, source: whole }"),
          new Server(
              "flores200",
              "signals: { correct: { chrf: { column: translation } } }\n"
                  + "combine: { weighted: { correct: 0.01 } }",
              1e-9,
              List.of()),
          // Half of the rows are recorded with four digits.
          new Server("rolemrc", "signals: { correct: { rouge-l: {} } }", 5e-5, List.of()));

  private static Server server(String name, String signal, Difference... differences) {
    return new Server(name, "signals: { correct: { " + signal + " } }", 1e-9, List.of(differences));
  }

  @TestFactory
  Stream<DynamicTest> theRecordedRewards() throws Exception {
    Map<String, List<Map<String, Object>>> rows = rows();
    return SERVERS.stream()
        .map(server -> DynamicTest.dynamicTest(server.name(), () -> replay(server, rows)));
  }

  private static void replay(Server server, Map<String, List<Map<String, Object>>> all)
      throws Exception {
    List<Map<String, Object>> rows = all.get(server.name());
    Map<Integer, Double> differences = new TreeMap<>();
    try (var served = Served.yaml(server.spec())) {
      for (int i = 0; i < rows.size(); i++) {
        Map<String, Object> row = new LinkedHashMap<>(rows.get(i));
        double recorded = ((Number) row.remove("reward")).doubleValue();
        if (server.name().equals("structured_outputs")) row.put("schema", PromptSchema.of(row));
        var response = served.post("/verify", JsonMapper.shared().writeValueAsString(row));
        double ours =
            Served.object(response).get("reward") instanceof Number reward
                ? reward.doubleValue()
                : Double.NaN;
        if (!(Math.abs(ours - recorded) <= server.tolerance())) {
          differences.put(i, ours);
        }
      }
    }
    Map<Integer, Double> known = new TreeMap<>();
    server.differences().forEach(each -> known.put(each.row(), each.ours()));
    assertEquals(5, rows.size());
    assertEquals(known, differences, () -> server.differences().toString());
  }

  private static Map<String, List<Map<String, Object>>> rows() throws Exception {
    String given = System.getProperty("goodhart.data", System.getenv("GOODHART_DATA"));
    Path file =
        Path.of(given == null ? "../../shared/data" : given, "nemo-gym", "rollouts.jsonl.gz");
    Assumptions.assumeTrue(Files.exists(file), () -> file + " is not there: set GOODHART_DATA");
    Map<String, List<Map<String, Object>>> rows = new LinkedHashMap<>();
    try (var in =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Map<?, ?> json = JsonMapper.shared().readValue(line, Map.class);
        Map<String, Object> row = new LinkedHashMap<>();
        ((Map<?, ?>) json.get("row")).forEach((name, value) -> row.put((String) name, value));
        rows.computeIfAbsent((String) json.get("server"), s -> new ArrayList<>()).add(row);
      }
    }
    assertTrue(rows.size() > 40, "" + rows.keySet());
    return rows;
  }

  /**
   * The schema that a row's prompt asks for. The recording lost the column that held it; the prompt
   * has the properties, and the server wants all of them and no other at every level.
   */
  private static final class PromptSchema {
    static Object of(Map<String, Object> row) {
      Map<?, ?> params = (Map<?, ?>) row.get("responses_create_params");
      StringBuilder prompt = new StringBuilder();
      for (Object turn : (List<?>) params.get("input")) {
        prompt.append(((Map<?, ?>) turn).get("content")).append('\n');
      }
      Map<?, ?> longest = Map.of();
      String text = prompt.toString();
      for (int at = text.indexOf("{\""); at >= 0; at = text.indexOf("{\"", at + 1)) {
        try (var parser = JsonMapper.shared().createParser(text.substring(at))) {
          Map<?, ?> found = parser.readValueAs(Map.class);
          if (found.toString().length() > longest.toString().length()) longest = found;
        } catch (tools.jackson.core.JacksonException e) {
          // Not the schema.
        }
      }
      assertTrue(longest.toString().length() > 500, "the schema was not found: " + longest);
      Map<?, ?> schema =
          longest.get("properties") instanceof Map<?, ?>
              ? longest
              : Map.of("type", "object", "properties", longest);
      return strict(schema);
    }

    private static Object strict(Object value) {
      if (value instanceof List<?> list) return list.stream().map(PromptSchema::strict).toList();
      if (!(value instanceof Map<?, ?> map)) return value;
      Map<String, Object> strict = new LinkedHashMap<>();
      map.forEach((name, each) -> strict.put((String) name, strict(each)));
      if (map.get("properties") instanceof Map<?, ?> properties) {
        strict.put("required", List.copyOf(properties.keySet()));
        strict.put("additionalProperties", false);
      }
      return strict;
    }
  }
}
