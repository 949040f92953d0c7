package dev.goodhart.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.spec.Catalogue.Entry;
import dev.goodhart.spec.Catalogue.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class CatalogueTest {
  private static final Catalogue CATALOGUE = Catalogue.load();

  @Test
  void holdsTheSystems1To203InTheirOrder() {
    assertEquals(
        IntStream.rangeClosed(1, 203).boxed().toList(),
        CATALOGUE.entries().stream().map(Entry::id).toList());
  }

  @Test
  void namesAreUniqueKebabCaseAndNoNumbers() {
    List<String> names = CATALOGUE.entries().stream().map(Entry::name).toList();
    assertEquals(names.size(), Set.copyOf(names).size());
    for (String name : names) {
      assertTrue(name.matches("[a-z0-9]+(-[a-z0-9]+)*") && !name.matches("\\d+"), name);
    }
  }

  @Test
  void aMethodsKeyIsNoOtherSystemsName() {
    for (Entry entry : CATALOGUE.entries()) {
      for (Entry other : CATALOGUE.entries()) {
        assertTrue(
            entry.id() == other.id() || !entry.key().equals(Optional.of(other.name())),
            entry.name());
      }
    }
  }

  @Test
  void roomsWorldsAndKindsAreThoseOfTheHouse() {
    Set<String> rooms =
        Set.of(
            "signal",
            "transform",
            "combine",
            "advantage",
            "objective",
            "explore",
            "steer",
            "curate",
            "audit");
    Set<String> worlds =
        Set.of(
            "bandit", "style", "arith", "program", "search", "grid", "control", "glyph", "market");
    Set<String> kinds = Set.of("method", "analysis", "benchmark", "survey");
    for (Entry entry : CATALOGUE.entries()) {
      assertTrue(rooms.contains(entry.room()), entry.toString());
      assertTrue(worlds.contains(entry.world()), entry.toString());
      assertTrue(kinds.contains(entry.kind()), entry.toString());
    }
  }

  @Test
  void everySystemSaysWhereItWasPublished() {
    for (Entry entry : CATALOGUE.entries()) {
      assertTrue(!entry.refs().isEmpty(), entry.toString());
      for (String ref : entry.refs()) {
        assertTrue(
            ref.matches(
                "arXiv:\\d{4}\\.\\d{4,5}|github:[\\w.-]+/[\\w.-]+|openreview:\\w+|doi:10\\..+"),
            entry.name() + ": " + ref);
      }
    }
  }

  @Test
  void whatWorksHasAClassAndWhatHasNoneIsPlanned() {
    for (Entry entry : CATALOGUE.entries()) {
      assertEquals(entry.status() == Status.WORKS, entry.type().isPresent(), entry.toString());
      assertTrue(entry.type().isPresent() || entry.experiment().isEmpty(), entry.toString());
    }
  }

  @Test
  void aClassThatIsOnTheClassPathIsMarkedWithItsNumberAndLivesInItsRoom() {
    int found = 0;
    for (Entry entry : CATALOGUE.entries()) {
      Optional<Class<?>> type = entry.type().flatMap(CatalogueTest::load);
      if (type.isPresent()) {
        found++;
        Method mark = type.get().getAnnotation(Method.class);
        assertTrue(mark != null && marks(mark, entry.id()), entry.toString());
        assertEquals("dev.goodhart." + entry.room(), type.get().getPackageName(), entry.toString());
      }
    }
    assertTrue(found >= 3, "core's own systems are on the class path");
  }

  private static boolean marks(Method mark, int id) {
    return mark.id() == id || Arrays.stream(mark.also()).anyMatch(also -> also == id);
  }

  @Test
  void everyMethodWithANumberHasItsRow() {
    for (var room : Methods.loaded().all().values()) {
      for (Class<? extends Record> method : room.values()) {
        int id = method.getAnnotation(Method.class).id();
        if (id > 0) {
          assertEquals(Optional.of(method.getName()), CATALOGUE.get(String.valueOf(id)).type());
        }
      }
    }
  }

  /** The reader that starts fast against a YAML parser that knows the whole language. */
  @Test
  @SuppressWarnings("unchecked")
  void readsTheFileAsAYamlParserDoes() throws IOException {
    String yaml;
    try (var in = Catalogue.class.getResourceAsStream("/dev/goodhart/methods.yaml")) {
      yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    var rows =
        (List<Map<String, Object>>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    List<Entry> read = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      read.add(
          new Entry(
              (Integer) row.get("id"),
              (String) row.get("name"),
              (String) row.get("system"),
              (String) row.get("title"),
              (String) row.get("room"),
              (String) row.get("world"),
              (String) row.get("kind"),
              row.get("status").equals("works") ? Status.WORKS : Status.PLANNED,
              Optional.ofNullable((String) row.get("class")),
              Optional.ofNullable((String) row.get("experiment")),
              (List<String>) row.get("refs")));
      assertTrue(
          Set.of(
                  "id",
                  "name",
                  "system",
                  "title",
                  "room",
                  "world",
                  "kind",
                  "status",
                  "class",
                  "experiment",
                  "refs")
              .containsAll(row.keySet()));
    }
    assertEquals(read, CATALOGUE.entries());
  }

  @Test
  void findsASystemByNumberByNameAndByTheMethodsKey() {
    assertEquals(31, CATALOGUE.get("31").id());
    assertEquals(31, CATALOGUE.get("PAR").id());
    assertEquals(31, CATALOGUE.get("preference-as-reward").id());
    // two systems, one record: the one that is a method rather than its analysis
    assertEquals(7, CATALOGUE.get("conservative-ensemble").id());
    assertEquals(3, CATALOGUE.get("helping-or-herding").id());
  }

  @Test
  void anUnknownNameBringsTheClosestOne() {
    assertTrue(message("rewrdmath").contains("did you mean 'rewardmath'?"));
    assertTrue(message("0").contains("1 to 203"));
    assertTrue(message("204").contains("1 to 203"));
    assertEquals("there is no system '' ('goodhart methods' lists them)", message(""));
  }

  private static String message(String wanted) {
    return assertThrows(GoodhartException.class, () -> CATALOGUE.get(wanted)).getMessage();
  }

  private static Optional<Class<?>> load(String name) {
    try {
      return Optional.of(Class.forName(name));
    } catch (ClassNotFoundException e) {
      return Optional.empty(); // of a module above; the command line's tests see it
    }
  }
}
