package dev.goodhart.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void numbersStandToTheRight() {
    Table table =
        Table.of(
            "t", List.of("name", "n"), List.of(List.of("a", "5"), List.of("long name", "123")));
    assertEquals(
        """
        name         n
        ──────────────
        a            5
        long name  123
        """,
        table.text(80));
  }

  @Test
  void aTableTooWideLosesTheEndsOfItsTexts() {
    Table table =
        Table.of("t", List.of("name", "n"), List.of(List.of("a very long name indeed", "5")));
    assertEquals(
        """
        name              n
        ───────────────────
        a very long nam…  5
        """,
        table.text(19));
  }

  @Test
  void whenEvenThatIsNotEnoughEveryCellGetsALine() {
    Table table =
        Table.of(
            "t", List.of("name", "one", "two"), List.of(List.of("a", "1234567890", "1234567890")));
    assertEquals("a\n  one: 1234567890\n  two: 1234567890\n", table.text(20));
  }

  @Test
  void aRowOfTheWrongLengthIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Table.of("t", List.of("a"), List.of(List.of("1", "2"))));
  }

  @Test
  void hostileCellsAreEscapedInHtmlAndOnTheTerminal() {
    Table table = Table.of("<t>", List.of("<a>"), List.of(List.of("<script>\u001B[2J")));
    assertTrue(
        table.html().contains("&lt;script&gt;") && !table.html().contains("<script"), table.html());
    assertTrue(!table.text(80).contains("\u001B"));
  }
}
