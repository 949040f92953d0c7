package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.run.Seeds;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlantedUtilitiesTest {
  /** A player of rock, paper, scissors at 0.9 is as constant as 0.8 squared on 2/3 of its pairs. */
  @Test
  void theCircleIsAsConstantAsItWasMade() {
    Map<String, Double> figures = new PlantedUtilities(24, 20, 0).run(new Seeds(1003)).figures();
    assertEquals(0.64 * 2 / 3, figures.get("circle constancy"), 0.1);
    assertEquals(0, figures.get("coin constancy"), 0.1);
    // 2/9 of triples at 0.73, 2/3 at 0.09, 1/9 at 1/4: 1/4 again
    assertEquals(0.25, figures.get("circle cycles"), 0.05);
  }

  @Test
  void aPlaceThatIsWorthNothingNeedsNoSecondOrderButMoreAnswers() {
    Map<String, Double> biased = new PlantedUtilities(24, 20, 1).run(new Seeds(1003)).figures();
    Map<String, Double> fair = new PlantedUtilities(24, 20, 0).run(new Seeds(1003)).figures();
    assertTrue(
        biased.get("biased error, one order") > 2 * fair.get("biased error, one order"),
        biased + " and " + fair);
  }
}
