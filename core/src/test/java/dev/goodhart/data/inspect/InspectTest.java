package dev.goodhart.data.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Reading;
import dev.goodhart.data.SharedData;
import dev.goodhart.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InspectTest {
  @TempDir Path folder;

  private Inspection inspect(Path file) {
    return Inspect.DEFAULT.of(Dataset.open(file, Reading.DEFAULT.skippingTo(null)), Progress.NONE);
  }

  private static Map<String, Double> figures(Inspection inspection, String name) {
    return inspection.observations().stream()
        .filter(o -> o.finding().name().equals(name))
        .findFirst()
        .orElseThrow()
        .finding()
        .figures();
  }

  private Path pairs() throws IOException {
    return Files.writeString(
        folder.resolve("pairs.jsonl"),
        """
        {"prompt": "q", "chosen": "good", "rejected": "bad"}
        {"prompt": "q", "chosen": "bad", "rejected": "good"}
        {"prompt": "q", "chosen": "same", "rejected": "same"}
        {"prompt": "q", "chosen": "", "rejected": "bad"}
        {"prompt": "q", "chosen": 7}
        {"prompt": "q", "chosen": "good", "rejected": "bad"}
        {broken
        """);
  }

  @Test
  void theJsonSaysWhatTheTextSays() throws IOException {
    Inspection inspection = inspect(pairs());
    JsonNode json = JsonMapper.shared().readTree(inspection.json());
    assertEquals("preference", json.at("/layout").asString());
    assertEquals(7, json.at("/rows").asInt());
    assertEquals(4, json.at("/bad/rows").asInt());
    assertEquals(1, json.at("/bad/reasons").get("chosen: is empty").asInt());
    assertEquals(1, json.at("/bad/reasons").get("rejected: is identical to 'chosen'").asInt());
    assertEquals(1, json.at("/bad/reasons").get("rejected: is missing").asInt());
    assertEquals(1, json.at("/bad/reasons").get("is broken JSON").asInt());
    assertEquals(3, json.at("/examples/pair").asInt());
    assertEquals(1, json.at("/characters/prompt/median").asInt());
    assertEquals(4, json.at("/characters/chosen/most").asInt());
    assertEquals("text", json.at("/columns/prompt").asString());
    assertTrue(json.at("/digest").asString().startsWith("sha256:"));
    assertEquals(1, figures(inspection, "contradictions").get("contradictory"));
    assertEquals(1, figures(inspection, "exact-duplicates").get("repeated"));

    String text = inspection.text(80);
    for (JsonNode finding : json.at("/findings")) {
      assertTrue(text.contains(finding.get("name").asString() + ":"), text);
    }
    assertTrue(text.contains("7 rows, 4 of them bad"), text);
    text.lines().skip(1).forEach(line -> assertTrue(line.length() <= 80, line)); // 1 is the path
  }

  @Test
  void theSameFileGivesTheSameText() throws IOException {
    Path file = pairs();
    assertEquals(inspect(file).text(100), inspect(file).text(100));
    assertEquals(inspect(file).json(), inspect(file).json());
  }

  @Test
  void everyLayoutCanBeInspected() throws IOException {
    List<String> rows =
        List.of(
            "{'prompt':'q','completion':'r','label':true}",
            "{'prompt':'q','response':'r','helpfulness':3}",
            "{'prompt':'q','responses':['a','b','c'],'scores':[1,2,2]}",
            "{'question':'q','answer':'r'}",
            "{'prompt':'q'}",
            "{'text':'just a text'}",
            "{'messages':[{'role':'user','content':'a'},{'role':'assistant','content':'b'}]}",
            "{'prompt':'q','output_1':'a','output_2':'b','label':1}");
    for (String row : rows) {
      Path file = Files.writeString(folder.resolve("one.jsonl"), row.replace('\'', '"'));
      Inspection inspection = inspect(file);
      assertEquals(1, inspection.rows(), row);
      assertTrue(inspection.text(100).contains("Findings"), row);
      JsonMapper.shared().readTree(inspection.json());
    }
  }

  @Test
  void aFileWithoutAGoodRowIsAnError() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("none.jsonl"),
            "{\"prompt\":\"q\",\"chosen\":\"same\",\"rejected\":\"same\"}\n");
    String message = assertThrows(GoodhartException.class, () -> inspect(file)).getMessage();
    assertTrue(message.contains("none of its 1 rows is good"), message);
  }

  /** Counted with a few lines of Python over the published files. */
  @Test
  void publishedPairsAreCountedRight() {
    Inspection panda = inspect(SharedData.file("pandalm/testset.jsonl.gz"));
    assertEquals(945, panda.examples().get("pair"));
    assertEquals(2601.0 / 2835, figures(panda, "agreement").get("agreement"), 1e-12);
    assertEquals(0.8606735654663494, figures(panda, "agreement").get("kappa"), 1e-12);
    assertEquals(0.8761904761904762, figures(panda, "agreement").get("unanimous"), 1e-12);
    assertEquals(561.0 / 853, figures(panda, "longer-wins").get("share"), 1e-12);
    assertEquals(404.0 / 861, figures(panda, "first-wins").get("share"), 1e-12);
    Inspection natural = inspect(SharedData.file("llmbar/natural.jsonl.gz"));
    assertEquals(0.42, figures(natural, "first-wins").get("share"), 1e-12);
  }
}
