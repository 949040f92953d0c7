package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import org.junit.jupiter.api.Test;

class ConstrainedProxiesTest {
  /** 2 - 1.2^2 = 0.56; the peak is at 1.3, where 1 = 2 (r - 0.8): 1.3 - 0.25 = 1.05. */
  @Test
  void goldByHand() {
    assertEquals(-3, ConstrainedProxies.gold(-3));
    assertEquals(0.8, ConstrainedProxies.gold(0.8));
    assertEquals(0.56, ConstrainedProxies.gold(2), 1e-12);
    assertEquals(1.05, ConstrainedProxies.gold(1.3), 1e-12);
    assertTrue(ConstrainedProxies.gold(1.2) < 1.05 && ConstrainedProxies.gold(1.4) < 1.05);
  }

  @Test
  void theMeansAreHeldAtTheirPointsAndFixedWeightsGoPast() {
    Outcome outcome = new ConstrainedProxies(500, 120, 64, 0.05, 0.05).run(new Seeds(9));
    assertTrue(outcome.figures().get("xi distance") < 0.15, outcome.figures().toString());
    assertTrue(outcome.figures().get("fixed overshoot") > 0.3, outcome.figures().toString());
  }
}
