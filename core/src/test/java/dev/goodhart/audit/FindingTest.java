package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FindingTest {
  /** The order of {@code Map.of} changes from JVM to JVM, and with it would every report. */
  @Test
  void figuresStandInTheOrderOfTheirNames() {
    Map<String, Double> figures = Map.of("ece", 1.0, "slope", 2.0, "accuracy", 3.0, "gap", 4.0);
    var finding = new Finding("x", Finding.Level.FINE, "says", figures);
    assertEquals(
        List.of("accuracy", "ece", "gap", "slope"), List.copyOf(finding.figures().keySet()));
  }
}
