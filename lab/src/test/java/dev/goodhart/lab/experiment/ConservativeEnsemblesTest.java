package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.Claim.Verdict;
import dev.goodhart.lab.Evidence;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.Reproduction;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import org.junit.jupiter.api.Test;

class ConservativeEnsemblesTest {
  private static final ConservativeEnsembles SMALL =
      new ConservativeEnsembles(3, 0.5, 100, 0.25, 0.03, 2, 256);

  @Test
  void goldIsLinearInsideTheShellAndFallsOutside() {
    assertEquals(
        0.8 + 2 * 0.6 - 0.5, ConservativeEnsembles.gold(new double[] {1, 2, -1, 0, 1, 0}), 1e-12);
    // |x| = 5, so 1.5 beyond 3.5: 0.8 * 3 + 0.6 * 4 - 1.5
    assertEquals(
        2.4 + 2.4 - 1.5, ConservativeEnsembles.gold(new double[] {3, 4, 0, 0, 0, 0}), 1e-12);
  }

  @Test
  void theSameSeedGivesTheSameOutcome() {
    assertEquals(SMALL.run(new Seeds(5)), SMALL.run(new Seeds(5)));
    assertNotEquals(SMALL.run(new Seeds(5)), SMALL.run(new Seeds(6)));
  }

  @Test
  void bestOfOneIsTheSameForEveryArm() {
    Outcome outcome = SMALL.run(new Seeds(7));
    double single = outcome.curves().get("single").getFirst();
    for (String arm : new String[] {"mean", "wco", "uwo"}) {
      assertEquals(single, outcome.curves().get(arm).getFirst(), 1e-9);
    }
  }

  /**
   * An ensemble of one is a single model: where the method is its own baseline, nothing may hold.
   */
  @Test
  void withOneMemberNoEnsembleClaimHolds() {
    Evidence evidence =
        new Reproduction(1, 3)
            .of(new ConservativeEnsembles(1, 0.5, 100, 0.25, 0.03, 2, 512), Progress.NONE);
    for (Evidence.Tested claim : evidence.claims()) {
      if (claim.name().contains("-over-") || claim.name().contains("falls-less")) {
        assertEquals(Verdict.INCONCLUSIVE, claim.verdict(), claim.name());
        assertEquals(0, claim.difference().mean(), 1e-12, claim.name());
      }
    }
  }

  @Test
  void uncertaintyWeightedWithoutWeightIsTheMean() {
    Outcome outcome = new ConservativeEnsembles(3, 0, 100, 0.25, 0.03, 2, 512).run(new Seeds(8));
    assertEquals(outcome.curves().get("mean"), outcome.curves().get("uwo"));
  }

  /**
   * Without responses that the pairs do not cover, more samples help and there is nothing to
   * mitigate.
   */
  @Test
  void withoutRareResponsesOrFlipsASingleModelKeepsItsGold() {
    Outcome outcome = new ConservativeEnsembles(1, 0.5, 800, 0, 0, 4, 512).run(new Seeds(9));
    double last = outcome.figures().get("single last");
    double first = outcome.curves().get("single").getFirst();
    assertTrue(last > first + 1, first + " to " + last);
  }

  @Test
  void theSmokeExperimentRuns() {
    Evidence evidence =
        new Reproduction(1, 2).of(ConservativeEnsembles.DEFAULT.smoke(), Progress.NONE);
    assertEquals(11, evidence.claims().size());
    assertEquals(2, evidence.seeds());
  }
}
