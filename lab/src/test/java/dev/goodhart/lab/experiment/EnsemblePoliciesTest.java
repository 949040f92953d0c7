package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import org.junit.jupiter.api.Test;

class EnsemblePoliciesTest {
  /** An ensemble of one is its member, whatever the rule. */
  @Test
  void withOneMemberAllArmsTie() {
    Outcome outcome =
        new EnsemblePolicies(new ConservativeEnsembles(1, 0.5, 60, 0.25, 0.03, 2, 512), 0.5)
            .run(new Seeds(4));
    for (String at : new String[] {" 1.0", " 5.0", " at one weight"}) {
      for (String arm : new String[] {"mean", "wco", "uwo 0.5", "uwo 0.1"}) {
        assertEquals(
            outcome.figures().get("single" + at), outcome.figures().get(arm + at), 1e-9, arm + at);
      }
    }
  }
}
