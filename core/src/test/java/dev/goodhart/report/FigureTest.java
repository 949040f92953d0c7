package dev.goodhart.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FigureTest {
  @Test
  void threeDigitsMatter() {
    assertEquals("0.123", Figure.of(0.12345));
    assertEquals("12.3", Figure.of(12.345));
    assertEquals("1234", Figure.of(1234.4));
    assertEquals("0.00123", Figure.of(0.001234));
    assertEquals("1.23e-05", Figure.of(0.0000123));
    assertEquals("7", Figure.of(7));
  }

  @Test
  void whatIsNotKnownIsADash() {
    assertEquals("–", Figure.of(Double.NaN));
    assertEquals("–", Figure.percent(Double.POSITIVE_INFINITY));
  }

  @Test
  void noMinusBeforeZero() {
    assertEquals("0.0 %", Figure.percent(-0.0001));
    assertEquals("0", Figure.tick(-0.0));
  }

  @Test
  void sharesAndCounts() {
    assertEquals("22.2 %", Figure.percent(0.2215320911));
    assertEquals("1,234,567", Figure.count(1234567));
  }
}
