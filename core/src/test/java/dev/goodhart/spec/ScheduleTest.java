package dev.goodhart.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void aLineLeadsFromOneNumberToTheOther() {
    var line = new Linear(1, 3, 200, 100);
    assertEquals(1, line.at(0));
    assertEquals(1, line.at(100));
    assertEquals(1.5, line.at(150), 1e-15);
    assertEquals(3, line.at(300));
    assertEquals(3, line.at(Long.MAX_VALUE));
    assertEquals(3, line.end());
  }

  /** (1 - cos(pi/4)) / 2 = (1 - 0.70710678) / 2 = 0.14644661 of the way after a quarter of it. */
  @Test
  void halfACosineIsSlowAtBothEnds() {
    var cosine = new Cosine(0, 2, 100, 0);
    assertEquals(0, cosine.at(0));
    assertEquals(0.29289322, cosine.at(25), 1e-8);
    assertEquals(1, cosine.at(50), 1e-15);
    assertEquals(2 - 0.29289322, cosine.at(75), 1e-8);
    assertEquals(2, cosine.at(100), 1e-15);
    assertEquals(2, cosine.end(), 1e-15);
  }

  @Test
  void stepsHoldUntilTheNext() {
    var steps = new Stepwise(Map.of("100", 0.5, "0", 1.0, "20", -2.0));
    assertEquals(1, steps.at(19));
    assertEquals(-2, steps.at(20));
    assertEquals(-2, steps.at(99));
    assertEquals(0.5, steps.at(100));
    assertEquals(0.5, steps.end());
    assertArrayEquals(new long[] {0, 20, 100}, steps.turns());
  }

  @Test
  void whatMeansNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Linear(Double.NaN, 0, 10, 0));
    assertThrows(IllegalArgumentException.class, () -> new Linear(0, 1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Linear(0, 1, 10, -1));
    assertThrows(IllegalArgumentException.class, () -> new Cosine(0, Double.MAX_VALUE * 2, 10, 0));
    assertThrows(IllegalArgumentException.class, () -> new Stepwise(Map.of()));
    assertThrows(IllegalArgumentException.class, () -> new Stepwise(Map.of("5", 1.0)));
    assertThrows(IllegalArgumentException.class, () -> new Stepwise(Map.of("0", 1.0, "00", 2.0)));
    assertThrows(IllegalArgumentException.class, () -> new Stepwise(Map.of("0", 1.0, "x", 2.0)));
    assertThrows(
        IllegalArgumentException.class, () -> new Stepwise(Map.of("0", Double.POSITIVE_INFINITY)));
  }

  /** From the largest number to its negative there is no overflow on the way. */
  @Test
  void aLineNeverOverflows() {
    var line = new Linear(-Double.MAX_VALUE, Double.MAX_VALUE, 2, 0);
    assertEquals(0, line.at(1));
  }
}
