package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.Claim.Verdict;
import dev.goodhart.lab.Evidence;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.Reproduction;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DynamicsExperimentsTest {
  private static Verdict verdict(Evidence evidence, String claim) {
    return evidence.claims().stream()
        .filter(tested -> tested.name().equals(claim))
        .findFirst()
        .orElseThrow()
        .verdict();
  }

  @Test
  void withoutAStepCoinsMoveNothing() {
    Map<String, Double> figures = new CoinRewards(5, 3, 0, 0.2, 200).run(new Seeds(3)).figures();
    double start = -(0.9 * Math.log(0.9) + 0.1 * Math.log(0.1 / 9));
    assertEquals(start, figures.get("start entropy"), 1e-12);
    for (String arm : new String[] {"no clip", "both", "upper", "lower"}) {
      assertEquals(start, figures.get(arm + " entropy"), 1e-9, arm);
    }
    assertEquals(0, figures.get("upper correction"), 0); // ratios stay 1
  }

  /** One gradient step a group: ratios are 1, so a clip has nothing to do. */
  @Test
  void clipsNeedASecondStepOnTheSameGroup() {
    Outcome outcome = new CoinRewards(30, 1, 0.1, 0.2, 200).run(new Seeds(3));
    assertEquals(outcome.curves().get("no clip"), outcome.curves().get("both"));
    Evidence evidence =
        new Reproduction(1001, 4).of(new CoinRewards(30, 1, 0.1, 0.2, 200), Progress.NONE);
    assertEquals(Verdict.INCONCLUSIVE, verdict(evidence, "clip-holds-it-down"));
  }

  /** Stopped early the second stage has not come: shrinkage is all there is to see. */
  @Test
  void aRunThatStopsEarlyOnlyNarrows() {
    Evidence evidence =
        new Reproduction(1001, 8).of(new TwoStages(300, 100, 0.05, 0.2), Progress.NONE);
    assertEquals(Verdict.HOLDS, verdict(evidence, "narrows-first"));
    assertEquals(Verdict.FAILS, verdict(evidence, "widens-later"));
  }

  /** A large step is soon at the best answer, whose mass then has nowhere to fall. */
  @Test
  void theStagesAreAMatterOfSpeed() {
    Outcome slow = new TwoStages(300, 100, 0.05, 0.2).run(new Seeds(1001));
    Outcome fast = new TwoStages(300, 100, 0.4, 0.2).run(new Seeds(1001));
    assertTrue(fast.figures().get("second early") > slow.figures().get("second early"));
  }
}
