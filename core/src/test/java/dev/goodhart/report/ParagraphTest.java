package dev.goodhart.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ParagraphTest {
  @Test
  void linesBreakAtSpacesAndAreIndented() {
    assertEquals("one two\n  three\n  four\n", new Paragraph("one two three four").lines(8, "  "));
  }

  @Test
  void aWordLongerThanTheLineStaysWhole() {
    assertEquals("a\nextraordinary\nb\n", new Paragraph("a extraordinary b").lines(5, ""));
  }

  @Test
  void controlCharactersAreNotPrinted() {
    assertEquals("a\uFFFD[2Jb c\n", new Paragraph("a\u001B[2Jb\nc").lines(80, ""));
  }
}
