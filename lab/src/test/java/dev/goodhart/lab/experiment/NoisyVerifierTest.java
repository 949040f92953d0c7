package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import org.junit.jupiter.api.Test;

class NoisyVerifierTest {
  /** Else the raw verdict would still rank right above wrong, and only speed would differ. */
  @Test
  void thePhraseIsAcceptedMoreOftenThanARightFractionAndLessThanARightDecimal() {
    double phrase = NoisyVerifierBandit.acceptance(NoisyVerifierBandit.CHANNELS.get(1), false);
    assertTrue(phrase > NoisyVerifierBandit.acceptance(NoisyVerifierBandit.CHANNELS.get(0), true));
    assertTrue(phrase < NoisyVerifierBandit.acceptance(NoisyVerifierBandit.CHANNELS.get(2), true));
  }

  @Test
  void withoutAStepNoArmMoves() {
    Outcome outcome = new NoisyVerifierBandit(4, 8, 8, 0, 0.1, 0.9).run(new Seeds(3));
    for (var curve : outcome.curves().values()) {
      curve.forEach(right -> assertEquals(0.22, right, 1e-12)); // 0.20 + 0.02 of the base policy
    }
    assertEquals(0.11, outcome.figures().get("raw phrase"), 1e-12);
  }

  @Test
  void theSameSeedGivesTheSameOutcome() {
    var small = new AppealedRates(5, 50, 0.2);
    assertEquals(small.run(new Seeds(4)), small.run(new Seeds(4)));
  }
}
