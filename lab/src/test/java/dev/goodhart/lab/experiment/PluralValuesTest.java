package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.run.Seeds;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PluralValuesTest {
  /** Two offers are needed to go round: to what is undecided, and on to what is under the first. */
  @Test
  void oneOfferPumpsNobody() {
    Map<String, Double> figures = new PluralValues(5, 5, 1).run(new Seeds(1003)).figures();
    assertEquals(0, figures.get("take: pumped"));
    assertEquals(0, figures.get("random: pumped"));
    assertTrue(new PluralValues(5, 5, 2).run(new Seeds(1003)).figures().get("take: pumped") > 0);
  }
}
