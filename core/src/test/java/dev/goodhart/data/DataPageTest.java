package dev.goodhart.data;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page on data files names whatever the table of layouts reads. */
class DataPageTest {
  private static String page;

  @BeforeAll
  static void read() throws IOException {
    page = Files.readString(Path.of("../docs/data.md"));
  }

  @Test
  void everyLayoutHasItsRow() {
    for (Layout layout : Layout.values()) {
      assertTrue(page.contains("| `" + layout.id() + "` |"), layout.id());
    }
  }

  @Test
  void everyDataSetAndColumnIsNamed() {
    for (Shape shape : Shapes.ALL) {
      for (Need need : shape.needs()) {
        assertTrue(
            need.names().contains(Need.ANY_COLUMN)
                || need.names().stream()
                    .anyMatch(n -> page.contains("`" + n.replaceAll("\\.\\d", "") + "`")),
            shape.source() + ": " + need);
      }
    }
    for (Comparison comparison : Comparison.ALL) {
      boolean generic = comparison.source().endsWith("with a winner");
      assertTrue(generic || page.contains(comparison.source()), comparison.source());
    }
  }

  @Test
  void everyNameOfAPromptAReferenceARatingAndAnIdIsNamed() {
    for (Need need : Shapes.ALL.getLast().options()) {
      if (need.role().equals("id") || need.role().equals("reference")) {
        need.names().forEach(name -> assertTrue(page.contains("`" + name + "`"), name));
      }
    }
    SingleRows.RATINGS.forEach(name -> assertTrue(page.contains("`" + name + "`"), name));
    Shapes.ALL
        .getFirst()
        .needs()
        .getFirst()
        .names()
        .forEach(name -> assertTrue(page.contains("`" + name + "`"), name));
  }
}
