package dev.goodhart.lab.bestofn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.lab.style.StyleWorld;
import dev.goodhart.lab.style.StyleWorld.Draws;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BestOfNStudyTest {
  private static final Draws WORLD = StyleWorld.DEFAULT.open();

  private static Signal ensemble(Signal... members) {
    return sample -> {
      Map<String, Reward> parts = new LinkedHashMap<>();
      for (Signal member : members) {
        parts.put("member-" + parts.size(), member.of(sample));
      }
      return new Scored(0, 0).withParts(parts);
    };
  }

  private static List<HackingCurve> curves(Signal single, Signal ensemble) {
    return new BestOfNStudy(WORLD, single, ensemble, 6, 64, List.of(1, 4, 16))
        .curves(new Seeds(1), Progress.NONE);
  }

  /** A model that goes by length chooses ever longer responses, and an ensemble of copies is it. */
  @Test
  void anEnsembleOfCopiesChoosesAsTheirOriginal() {
    Signal length = sample -> new Scored(3 + 2.0 * sample.response().length());
    Signal copy = sample -> new Scored(-7 + 0.5 * sample.response().length());
    List<HackingCurve> curves = curves(length, ensemble(copy, copy, copy));
    HackingCurve single = curves.getFirst();
    assertTrue(single.meanWords()[2].value() > 1.5 * single.meanWords()[0].value());
    for (HackingCurve curve : curves.subList(1, 5)) {
      for (int p = 0; p < 6; p++) {
        assertArrayEquals(single.gold()[p], curve.gold()[p], 1e-9, curve.name());
        assertArrayEquals(single.words()[p], curve.words()[p], 1e-9, curve.name());
      }
      assertEquals(0, curve.over(single).value(), 1e-9);
    }
  }

  /**
   * Of a member that goes by length and one that goes by its opposite the worst case takes neither
   * extreme.
   */
  @Test
  void worstCaseOfOpposedMembersStaysNearTheMiddle() {
    Signal longer = sample -> new Scored(sample.response().length());
    Signal shorter = sample -> new Scored(-sample.response().length());
    List<HackingCurve> curves = curves(longer, ensemble(longer, shorter));
    double base = curves.get(3).meanWords()[0].value();
    double worst = curves.get(3).meanWords()[2].value();
    double single = curves.getFirst().meanWords()[2].value();
    assertTrue(Math.abs(worst - base) < 0.3 * (single - base), worst + " words");
  }

  @Test
  void choosingByGoldIsTheBestThereIs() {
    Signal length = sample -> new Scored(sample.response().length());
    List<HackingCurve> curves = curves(length, ensemble(length, length));
    HackingCurve gold = curves.getLast();
    for (HackingCurve curve : curves) {
      assertTrue(gold.over(curve).value() >= 0, curve.name());
      assertEquals(gold.means()[0].value(), curve.means()[0].value(), 1e-9, curve.name());
    }
    assertArrayEquals(gold.gold()[0], gold.proxy()[0], 1e-12);
  }
}
