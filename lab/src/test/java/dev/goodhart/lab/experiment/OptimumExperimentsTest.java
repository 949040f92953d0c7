package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptimumExperimentsTest {
  private static double figure(Outcome outcome, String name) {
    return Map.copyOf(outcome.figures()).getOrDefault(name, Double.NaN);
  }

  /** The hump comes of the responses beyond the good ones: without their mass there is none. */
  @Test
  void withoutUnseenResponsesDirectAlignmentDoesNotOverOptimise() {
    Outcome with = new DirectOverOptimisation(6, 3, 2, 0.2, 0.01, 1024).run(new Seeds(1001));
    Outcome without = new DirectOverOptimisation(6, 3, 2, 0.2, 1e-100, 1024).run(new Seeds(1001));
    assertTrue(figure(with, "dpo peak") - figure(with, "dpo end") > 0.5);
    assertTrue(figure(without, "dpo peak") - figure(without, "dpo end") < 0.05);
    assertTrue(figure(without, "dpo end") > 0.2);
  }

  @Test
  void aSmallBudgetLeavesBothNearTheBase() {
    Outcome small = new LongSequences(1e-4).run(new Seeds(1002));
    assertTrue(figure(small, "gap 60") < 0.02);
    assertTrue(figure(small, "between 1") < 1e-3);
  }

  @Test
  void whereNothingIsPlantedNothingIsNamed() {
    Outcome none = new PlantedHacks(1, 32, 0).run(new Seeds(1003));
    assertEquals(0, figure(none, "named"), 0);
    assertEquals(0, figure(none, "false"), 0);
  }
}
