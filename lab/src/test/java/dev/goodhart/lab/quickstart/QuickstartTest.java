package dev.goodhart.lab.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.style.StyleWorld;
import dev.goodhart.run.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class QuickstartTest {
  private static final Quickstart SMALL =
      new Quickstart(StyleWorld.DEFAULT, 300, 100, 3, 4, 64, 20);

  private static JsonNode report(Path folder) throws Exception {
    ObjectNode report =
        (ObjectNode) new JsonMapper().readTree(Files.readString(folder.resolve("report.json")));
    report.remove("seconds");
    return report;
  }

  @Test
  void theSameSeedGivesTheSameReportAndAnotherOneAnother(@TempDir Path folder) throws Exception {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    Path three = folder.resolve("three");
    SMALL.run(one, 1, "goodhart quickstart", Progress.NONE);
    SMALL.run(two, 1, "goodhart quickstart", Progress.NONE);
    SMALL.run(three, 2, "goodhart quickstart", Progress.NONE);
    // As text: JSON objects are equal whatever the order of their keys.
    assertEquals(report(one).toString(), report(two).toString());
    assertNotEquals(report(one), report(three));
    assertEquals(
        Files.readString(one.resolve("report.html")), Files.readString(two.resolve("report.html")));
    assertEquals(-1, Files.mismatch(one.resolve("pairs.jsonl"), two.resolve("pairs.jsonl")));
  }

  @Test
  void itLeavesPairsModelsAndReports(@TempDir Path folder) throws Exception {
    QuickstartReport report = SMALL.run(folder, 3, "goodhart quickstart --seed 3", Progress.NONE);
    assertEquals(300, Files.readAllLines(folder.resolve("pairs.jsonl")).size());
    assertEquals(100, Files.readAllLines(folder.resolve("heldout.jsonl")).size());
    for (String model : List.of("single", "ensemble")) {
      assertTrue(Files.isDirectory(folder.resolve(model)), model);
    }
    String html = Files.readString(folder.resolve("report.html"));
    String text = report.text(100);
    for (String sentence : report.says()) {
      assertTrue(html.contains(sentence.substring(0, 40)), sentence);
    }
    assertTrue(text.contains("worst case of the ensemble"), text);
    assertTrue(text.lines().allMatch(line -> line.length() <= 100), text);
  }

  @Test
  void theJsonHoldsEveryCurve(@TempDir Path folder) throws Exception {
    SMALL.run(folder, 4, "goodhart quickstart --seed 4", Progress.NONE);
    JsonNode curves = report(folder).get("bestOfN");
    assertEquals(6, curves.size());
    for (JsonNode curve : curves) {
      assertEquals(1, curve.get("points").get(0).get("n").asInt());
      assertEquals(16, curve.get("points").get(curve.get("points").size() - 1).get("n").asInt());
    }
    assertEquals(0, curves.get(0).get("overSingle").get("value").asDouble());
  }
}
