package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LostSupportTest {
  @Test
  void anAnswerOfProbabilityZeroIsNeverLearntThoughItIsRight() {
    double[] logits = new double[200];
    logits[0] = Double.NEGATIVE_INFINITY; // right
    var random = new SplittableRandom(1);
    for (int update = 0; update < 300; update++) {
      LostSupport.DEFAULT.learn(logits, Softmax.of(logits), random);
    }
    double[] policy = Softmax.of(logits);
    assertEquals(0, policy[0], 0);
    assertTrue(policy[1] + policy[2] + policy[3] + policy[4] + policy[5] > 0.5);
  }

  @Test
  void withoutUpdatesNothingIsGainedOrLost() {
    Outcome outcome = new LostSupport(5, 8, 0, 0.05, 20, 0.1).run(new Seeds(3));
    for (String arm : new String[] {"rl", "rl, kl", "shown", "rl, shown"}) {
      for (String figure : new String[] {" pass@1", " coverage", " entropy"}) {
        assertEquals(
            outcome.figures().get("base" + figure), outcome.figures().get(arm + figure), 1e-9);
      }
      assertEquals(0, outcome.figures().get(arm + " lost"), 0);
    }
  }

  /** Odds times e^(1/kl), whatever the world. */
  @Test
  void theOptimumLosesNothing() {
    Outcome outcome = new LostSupport(20, 0, 0.5, 0.05, 20, 0.1).smoke().run(new Seeds(3));
    assertEquals(0, outcome.figures().get("optimum lost"), 0);
    assertTrue(outcome.figures().get("optimum coverage") > outcome.figures().get("base coverage"));
  }
}
