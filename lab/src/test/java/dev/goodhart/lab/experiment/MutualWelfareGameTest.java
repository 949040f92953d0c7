package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.run.Seeds;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MutualWelfareGameTest {
  @Test
  void withoutAStepEveryArmIsTheUniformPolicy() {
    Map<String, Double> none = new MutualWelfareGame(4, 1, 0).run(new Seeds(1003)).figures();
    for (String arm : new String[] {"mean", "user", "assistant"}) {
      assertEquals(none.get("product welfare"), none.get(arm + " welfare"));
    }
    // one action of three asks
    assertEquals(1 / 3.0, none.get("asks at price 0.0"), 1e-12);
  }

  /** A cue that is never wrong: every response that is likeliest is efficient, in every arm. */
  @Test
  void withASureCueEveryArmIsEfficient() {
    Map<String, Double> sure = new MutualWelfareGame(6, 1, 400).run(new Seeds(1003)).figures();
    for (String arm : new String[] {"product", "mean", "user", "assistant"}) {
      assertEquals(1, sure.get(arm + " efficient"), 1e-12, arm);
    }
  }
}
