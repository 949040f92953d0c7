package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import org.junit.jupiter.api.Test;

class RobustMixTest {
  /** 0.8 + 2 (0.6) - 0.5 = 1.5, less half of |(3, 4)| = 5. */
  @Test
  void goldByHand() {
    assertEquals(1.5 - 2.5, RobustMix.gold(new double[] {1, 2, -1, 7, 7, 7, 3, 0, 4, 0}), 1e-12);
  }

  @Test
  void atLambdaZeroTheMixIsTheMinimum() {
    Outcome outcome = new RobustMix(3, 60, 60, 0.2, 0.25).run(new Seeds(7));
    for (String world : new String[] {"rare", "broken", "null"}) {
      assertEquals(
          outcome.figures().get(world + " minimum"), outcome.curves().get(world).getFirst(), 1e-12);
    }
  }

  /** A heavy penalty of the divergence leaves nothing to gain or to lose. */
  @Test
  void withAHeavyPenaltyAllArmsStayAtTheBase() {
    Outcome outcome = new RobustMix(3, 60, 60, 0.2, 1e6).run(new Seeds(7));
    for (String arm : new String[] {"single", "mean", "minimum", "mix"}) {
      assertTrue(Math.abs(outcome.figures().get("rare " + arm)) < 1e-4, arm);
    }
  }
}
