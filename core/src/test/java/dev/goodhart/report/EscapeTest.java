package dev.goodhart.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EscapeTest {
  @Test
  void markupIsShownNotRun() {
    assertEquals(
        "&lt;img src=x onerror=&quot;a&#39;&amp;b&quot;&gt;",
        Escape.html("<img src=x onerror=\"a'&b\">"));
  }

  @Test
  void aPercentSignStaysWithItsNumber() {
    assertEquals("5.0\u00A0% of all", Escape.html("5.0 % of all"));
  }

  @Test
  void aTerminalEscapeSequenceLosesItsTeeth() {
    assertEquals("red \uFFFD[31m text", Escape.line("red \u001B[31m\ntext"));
  }

  @Test
  void charactersThatTurnTheReadingDirectionAreReplaced() {
    assertEquals("a\uFFFDb\uFFFDc", Escape.html("a\u202Eb\u2066c"));
  }

  @Test
  void wholeSurrogatePairsStayAndHalvesGo() {
    assertEquals("😀", Escape.html("😀"));
    assertEquals("\uFFFDx\uFFFD", Escape.html("\uD83Dx\uDE00"));
  }

  @Property
  void nothingThatMeansSomethingToHtmlIsLeft(@ForAll String text) {
    String html = Escape.html(text).replaceAll("&(amp|lt|gt|quot|#39);", "");
    assertFalse(html.matches("(?s).*[<>&\"'\u0000-\u0008].*"), html);
  }
}
