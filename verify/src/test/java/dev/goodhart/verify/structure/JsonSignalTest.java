package dev.goodhart.verify.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import dev.goodhart.verify.text.Within;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSignalTest {
  private static final Map<String, Object> PERSON =
      Map.of(
          "type",
          "object",
          "required",
          List.of("name", "age"),
          "properties",
          Map.of(
              "name", Map.of("type", "string", "pattern", "^[A-Z]"),
              "age", Map.of("type", "integer", "minimum", 0)),
          "additionalProperties",
          false);

  private static JsonSignal with(Object schema) {
    return new JsonSignal(Optional.of(schema));
  }

  private static double value(Signal signal, String response) {
    Reward reward = signal.of(Sample.of("p", response));
    return assertInstanceOf(Scored.class, reward, reward.toString()).value();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": [1, 2.5e3, null, true]} | 1",
        " [] | 1",
        "3 | 1",
        "\"text\" | 1",
        "{\"a\": 1,} | 0",
        "{'a': 1} | 0",
        "{\"a\": 1} and more | 0",
        "{\"a\": 1, \"a\": 2} | 0",
        "NaN | 0",
        "{\"a\": 01} | 0",
        "Here you are: {\"a\": 1} | 0",
      })
  void jsonIsJsonToTheLetter(String response, double expected) {
    assertEquals(expected, value(new JsonSignal(), response));
  }

  @Test
  void aFencedBlockIsTakenFromTheTextAroundIt() {
    JsonSignal either = new JsonSignal();
    assertEquals(1, value(either, "Sure:\n```json\n{\"a\": 1}\n```\nDone."));
    assertEquals(1, value(either, "```\n[1]\n```"));
    assertEquals(0, value(either, "```python\n{}\n```"));
    assertEquals(0, value(either, "```json\n{\"a\": 1}"), "never closed");
    assertEquals(0, value(either, "```json\n[1]\n```\n```json\n[1\n```"), "the last one counts");
    assertEquals(1, value(either, "```json\n[1]\n```\n```\nnot json\n```"));
    JsonSignal whole = source(JsonSignal.Source.WHOLE);
    assertEquals(0, value(whole, "```json\n{}\n```"));
    assertEquals(0, value(source(JsonSignal.Source.FENCED), "{}"));
  }

  private static JsonSignal source(JsonSignal.Source source) {
    return new JsonSignal(
        Optional.empty(), Optional.empty(), Optional.empty(), source, 0, 64, Within.RESPONSE);
  }

  @Test
  void aSchemaIsHeld() {
    JsonSignal person = with(PERSON);
    assertEquals(1, value(person, "{\"name\": \"Ada\", \"age\": 36}"));
    Scored wrong =
        assertInstanceOf(
            Scored.class, person.of(Sample.of("p", "{\"name\": \"ada\", \"age\": -1}")));
    assertEquals(0, wrong.value());
    assertEquals(Map.of("parses", Reward.of(1), "conforms", Reward.of(0)), wrong.parts());
    assertEquals(0, value(person, "{\"name\": \"Ada\", \"age\": 36, \"x\": 0}"));
    assertEquals(0, value(person, "no json"));
    JsonSignal partial =
        new JsonSignal(
            Optional.of(PERSON),
            Optional.empty(),
            Optional.empty(),
            JsonSignal.Source.EITHER,
            0.2,
            64,
            Within.RESPONSE);
    assertEquals(0.2, value(partial, "{}"));
    assertEquals(0, value(partial, "{"));
  }

  @Test
  void aSchemaThatIsNoneIsAnErrorOfTheSpec() {
    for (String schema :
        List.of("{ type: objekt }", "{ pattern: '(?=a)' }", "{ minimum: x }", "[1]")) {
      GoodhartException e =
          assertThrows(
              GoodhartException.class,
              () ->
                  RewardSpec.parse(
                      "signals: { j: { json: { schema: " + schema + " } } }",
                      "reward.yaml",
                      Path.of(".")),
              schema);
      assertTrue(
          e.getMessage().startsWith("reward.yaml:1: signals.j.json: schema"), e.getMessage());
    }
  }

  @Test
  void nothingIsFetched() {
    for (String ref : List.of("http://127.0.0.1:1/s.json", "file:///etc/passwd")) {
      assertThrows(IllegalArgumentException.class, () -> with(Map.of("$ref", ref)), ref);
    }
    Map<String, Object> local =
        Map.of("$ref", "#/$defs/n", "$defs", Map.of("n", Map.of("type", "integer")));
    assertEquals(1, value(with(local), "3"));
    assertEquals(0, value(with(local), "\"3\""));
  }

  @Test
  void eachSampleMayHaveItsOwnSchema() {
    JsonSignal own =
        new JsonSignal(
            Optional.empty(),
            Optional.empty(),
            Optional.of("schema"),
            JsonSignal.Source.EITHER,
            0,
            64,
            Within.RESPONSE);
    assertEquals(Reward.of(1), Reward.of(((Scored) own.of(sample("[]", PERSON_LIST))).value()));
    assertEquals(0, ((Scored) own.of(sample("3", PERSON_LIST))).value());
    assertEquals(0, ((Scored) own.of(sample("3", Map.of("type", "array")))).value());
    for (Object bad : List.of("{", "[]", "{\"type\": 3}")) {
      Reward reward = own.of(sample("3", bad));
      assertTrue(reward instanceof Unscored u && u.kind().equals("no schema"), reward.toString());
    }
    assertInstanceOf(Unscored.class, own.of(Sample.of("p", "3")));
  }

  private static final String PERSON_LIST = "{\"type\": \"array\"}";

  private static Sample sample(String response, Object schema) {
    return new Sample("", Prompt.NONE, response, null, Map.of("schema", schema));
  }

  @Test
  void aSchemaComesFromAFileBesideTheSpec(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("s.json"), "{\"type\": \"array\", \"maxItems\": 2}");
    RewardSpec spec =
        RewardSpec.parse("signals: { j: { json: { schema-file: s.json } } }", "r.yaml", folder);
    try (Scorer scorer = new Scorer(spec)) {
      assertEquals(1, ((Scored) scorer.score(Sample.of("p", "[1, 2]"))).value());
      assertEquals(0, ((Scored) scorer.score(Sample.of("p", "[1, 2, 3]"))).value());
    }
    Files.writeString(folder.resolve("s.json"), "{\"type\": 3}");
    GoodhartException e = assertThrows(GoodhartException.class, () -> new Scorer(spec));
    assertTrue(e.getMessage().contains("s.json: is no JSON Schema"), e.getMessage());
  }

  @Test
  void hostileJsonIsAnsweredWithinSeconds() {
    String deep = "[".repeat(500_000) + "]".repeat(500_000);
    String wide = "[" + "1,".repeat(500_000) + "1]";
    String number = "1".repeat(1_000_000);
    String text = "\"" + "a".repeat(1_000_000) + "\"";
    String fences = "```json\n".repeat(120_000);
    Map<String, Object> pattern = Map.of("pattern", "^(a+)+$");
    Map<String, Object> unique = Map.of("uniqueItems", true, "items", Map.of("minimum", 2));
    assertTimeoutPreemptively(
        Duration.ofSeconds(15),
        () -> {
          for (JsonSignal signal : List.of(new JsonSignal(), with(pattern), with(unique))) {
            Signal open = signal.open();
            for (String response : List.of(deep, wide, number, text, text + "!", fences)) {
              assertInstanceOf(Scored.class, open.of(Sample.of("p", response)));
            }
          }
        });
    assertEquals(0, value(new JsonSignal(), deep));
    assertEquals(0, value(with(pattern), "\"" + "a".repeat(50_000) + "!\""));
  }
}
