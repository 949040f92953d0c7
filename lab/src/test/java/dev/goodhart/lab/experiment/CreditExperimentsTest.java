package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What must come out when the method is made to be its baseline. */
class CreditExperimentsTest {
  @Test
  void stepScoresThatDoNotCountChangeNothing() {
    Map<String, Double> figures = new PaddedSteps(2, 4, 20, 0.5, 0).run(new Seeds(3)).figures();
    for (String arm : new String[] {"raw", "clip", "delta", "clip-delta", "strong delta"}) {
      assertEquals(figures.get("outcome"), figures.get(arm), arm);
      assertEquals(figures.get("outcome steps"), figures.get(arm + " steps"), arm);
    }
  }

  @Test
  void aLengthThatCostsNothingMakesEveryArmGrpo() {
    Map<String, Double> figures =
        new ShorterWhereSolved(4, 4, 20, 0.1, 0).run(new Seeds(3)).figures();
    for (String arm : new String[] {"everywhere", "random", "grpo-lambda"}) {
      assertEquals(figures.get("floored grpo"), figures.get("floored " + arm), arm);
      assertEquals(figures.get("plain grpo length"), figures.get("plain " + arm + " length"), arm);
    }
  }

  /**
   * Before anything is learnt a response is worth 0.62 (the mean of 0.9 to 0.34) times 2.2 / 3 of
   * its approach, over 0.9; and 0.58 times 2.2 / 3 over 0.86.
   */
  @Test
  void withoutAStepTheUniformPolicyStays() {
    Outcome outcome = new LengthHalves(2, 4, 6, 0).run(new Seeds(3));
    outcome
        .curves()
        .forEach(
            (arm, curve) -> {
              double worth = arm.startsWith("shorter") ? 0.62 / 0.9 : 0.58 / 0.86;
              curve.forEach(value -> assertEquals(worth * 2.2 / 3, value, 1e-12));
            });
  }

  /** In a step of one prompt there is nothing to fit, and BNPO is REINFORCE. */
  @Test
  void bnpoOfOnePromptIsTheGroupsMean() {
    Map<String, Double> one = new BetaNormalisedVariance(1, 8, 20).run(new Seeds(3)).figures();
    assertEquals(one.get("Beta(2, 5) reinforce"), one.get("Beta(2, 5) bnpo"));
    assertEquals(one.get("tied reinforce"), one.get("tied bnpo"));
    Map<String, Double> two = new BetaNormalisedVariance(2, 8, 20).run(new Seeds(3)).figures();
    assertNotEquals(two.get("Beta(2, 5) reinforce"), two.get("Beta(2, 5) bnpo"));
  }
}
