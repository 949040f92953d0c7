package dev.goodhart.lab.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.bestofn.HackingCurve;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HackingWordsTest {
  private static final int[] NS = {1, 2, 4};

  private static HackingCurve curve(double[]... gold) {
    return new HackingCurve("single model", NS, gold, gold, gold);
  }

  @Test
  void theWordsFollowTheFigures() {
    HackingCurve falls =
        curve(new double[] {0, 5, 1}, new double[] {1, 6, 2}, new double[] {0, 4, 1});
    HackingCurve rises =
        curve(new double[] {0, 3, 4}, new double[] {1, 4, 5}, new double[] {0, 3, 4});
    var random = new SplittableRandom(1);
    String onset = HackingWords.onset(falls, falls.peak(random), falls.fall());
    assertTrue(onset.startsWith("Hacking sets in at n = 2 "), onset);
    String none = HackingWords.onset(rises, rises.peak(random), rises.fall());
    assertTrue(none.startsWith("No hacking shows up to n = 4"), none);

    String saved = HackingWords.saved(rises, falls, falls);
    assertTrue(
        saved.startsWith(
            "At n = 4 the single model earns 3.00 ± 0.00 more gold than the single model (82 % of"),
        saved);
    assertTrue(saved.contains("shows no fall"), saved);
    assertTrue(HackingWords.saved(falls, rises, rises).contains("3.00 ± 0.00 less gold"));
    String same = HackingWords.saved(falls, falls, rises);
    assertEquals(
        "The ensemble saved gold: the best of its forms, the single model, earns 3.00 ± 0.00 more"
            + " gold than the single model at n = 4.",
        HackingWords.verdict(List.of(falls, rises), falls));
    assertTrue(
        HackingWords.verdict(List.of(falls), rises)
            .startsWith(
                "The ensemble saved nothing here: the best of its forms, the single model,"
                    + " earns 3.00 ± 0.00 less gold"));
    assertTrue(
        same.contains("as much gold as the single model as far as can be told (+0.00 ± 0.00), and")
            && same.contains("less gold than an average member; it is hacked too"),
        same);
  }
}
