package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import org.junit.jupiter.api.Test;

class PretrainSeedsTest {
  /** 0.8 + 0.6 (-2) - 0.3 (3 - 1) = -1; a length below 1 costs nothing. */
  @Test
  void goldByHand() {
    assertEquals(-1, PretrainSeeds.gold(new double[] {1, -2, 3, 9, 9}), 1e-12);
    assertEquals(0.8, PretrainSeeds.gold(new double[] {1, 0, -5, 0, 0}), 1e-12);
  }

  @Test
  void ofTwoMembersTheMedianIsTheMeanAndAtOneNobodyChooses() {
    Outcome outcome = new PretrainSeeds(2, 60, 0.15, 1, 256).run(new Seeds(5));
    assertEquals(
        outcome.figures().get("pretrain mean gold"),
        outcome.figures().get("pretrain median gold"),
        1e-12);
    double base = outcome.curves().get("gold").getFirst();
    outcome
        .curves()
        .forEach(
            (arm, curve) -> {
              if (!arm.endsWith("length")) {
                assertEquals(base, curve.getFirst(), 1e-9, arm);
              }
            });
  }
}
