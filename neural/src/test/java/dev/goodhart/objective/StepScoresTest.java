package dev.goodhart.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class StepScoresTest {
  private static final double[] STEPS = {0.9, 0.2, 0.5};

  @Test
  void byHand() {
    assertEquals(0.2, StepScores.MIN.of(STEPS));
    assertEquals(0.09, StepScores.PRODUCT.of(STEPS), 1e-15);
    assertEquals(1.6 / 3, StepScores.MEAN.of(STEPS), 1e-15);
    assertEquals(0.5, StepScores.LAST.of(STEPS));
  }

  @Test
  void noStepsAreNoReward() {
    assertThrows(IllegalArgumentException.class, () -> StepScores.MIN.of(new double[0]));
  }
}
