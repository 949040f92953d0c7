package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class ListMethodsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int goodhart(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private String printed(String... arguments) {
    out.getBuffer().setLength(0);
    assertEquals(0, goodhart(arguments), err.toString());
    return out.toString();
  }

  @Test
  void allSystemsFitOnATerminalOfAHundredColumns() {
    List<String> lines = printed("methods").lines().toList();
    assertEquals(203 + 4, lines.size()); // header, rule, blank, summary
    for (String line : lines) {
      assertTrue(line.length() <= 100, line);
    }
    assertTrue(lines.getLast().startsWith("203 systems: "), lines.getLast());
  }

  @Test
  void filtersAddUp() {
    String combine = printed("methods", "--room", "combine");
    assertTrue(combine.contains(" wco-uwo ") && !combine.contains(" par "), combine);
    String works = printed("methods", "--status", "works", "--world", "style");
    assertTrue(works.contains(" wco-uwo ") && works.contains(" par "), works);
    assertFalse(works.contains("planned,") || works.contains(" lsc "), works);
    assertTrue(printed("methods", "--search", "CLIPPING").contains("rlvr-clip-entropy"));
    assertEquals("0 systems: 0 work, 0 planned\n", printed("methods", "--search", "no such words"));
  }

  @Test
  void oneSystemIsShownWithItsReferencesAndItsYaml() {
    for (String name : List.of("31", "par", "preference-as-reward")) {
      String par = printed("methods", name);
      assertTrue(par.contains("PAR (Preference As Reward)"), par);
      assertTrue(par.contains("https://arxiv.org/abs/2502.18770"), par);
      assertTrue(par.contains("preference-as-reward: { references: 1, k: 1 }"), par);
      assertTrue(par.contains("k           number        default 1"), par);
    }
    assertTrue(printed("methods", "7").contains("goodhart reproduce 7"));
    assertFalse(printed("methods", "1").contains("In a spec"));
  }

  @Test
  void installedListsWhatASpecCanName() {
    String installed = printed("methods", "--installed");
    assertTrue(installed.contains("\nadvantage\n") || installed.startsWith("advantage\n"));
    assertTrue(installed.contains("  bounded: { low: <number>, high: <number> }"), installed);
    assertTrue(installed.contains("# system 9"), installed);
    String steer = printed("methods", "--installed", "--room", "steer");
    assertTrue(steer.contains("soft-best-of-n") && !steer.contains("bounded"), steer);
  }

  @Test
  void jsonIsForMachines() {
    JsonMapper json = new JsonMapper();
    var systems =
        json.readValue(
            printed("methods", "--json", "--status", "works"),
            new TypeReference<List<Map<String, Object>>>() {});
    assertTrue(systems.stream().anyMatch(s -> s.get("id").equals(7) && s.containsKey("class")));
    var one =
        json.readValue(
            printed("methods", "par", "--json"), new TypeReference<Map<String, Object>>() {});
    assertEquals("par", one.get("name"));
    var installed =
        json.readValue(
            printed("methods", "--installed", "--json"),
            new TypeReference<Map<String, Map<String, List<Map<String, Object>>>>>() {});
    assertEquals(
        "references", installed.get("transform").get("preference-as-reward").getFirst().get("key"));
  }

  @Test
  void whatIsUnknownIsTheUsersErrorWithTheClosestName() {
    assertEquals(2, goodhart("methods", "prefernce-as-reward"));
    assertEquals(2, goodhart("methods", "--room", "combin"));
    assertEquals(2, goodhart("methods", "--installed", "--room", "transfrom"));
    assertEquals(2, goodhart("methods", "--world", "styl"));
    List<String> lines = err.toString().lines().toList();
    assertEquals(4, lines.size(), err.toString());
    assertTrue(lines.get(0).contains("did you mean 'preference-as-reward'?"), lines.get(0));
    assertTrue(lines.get(1).contains("did you mean 'combine'?"), lines.get(1));
    assertTrue(lines.get(2).contains("did you mean 'transform'?"), lines.get(2));
    assertTrue(lines.get(3).contains("did you mean 'style'?"), lines.get(3));
    assertEquals(2, goodhart("methods", "--status", "done"));
  }
}
