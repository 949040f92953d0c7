package dev.goodhart.combine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ExecutionGradedTest {
  private static final ExecutionGraded GRADED = new ExecutionGraded("query", "model");

  private static Reward ran(double executes, double rows) {
    return Reward.of(executes)
        .withParts(Map.of("executes", Reward.of(executes), "rows", Reward.of(rows)));
  }

  private static double of(Reward query, double logOdds) {
    Reward reward = GRADED.of(Map.of("query", query, "model", Reward.of(logOdds)));
    return assertInstanceOf(Scored.class, reward, reward.toString()).value();
  }

  /** sigmoid(ln 3) = 3/4. */
  @Test
  void fourTimesTheGradeAndTheProbability() {
    assertEquals(4.75, of(ran(1, 3), Math.log(3)), 1e-15);
    assertEquals(2.25, of(ran(1, 0), -Math.log(3)), 1e-15);
    Reward failed = Reward.of(0).withParts(Map.of("executes", Reward.of(0)));
    assertEquals(0.5, of(failed, 0), 1e-15);
  }

  @Property(tries = 300)
  void noOpinionOutweighsAnExecution(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double a,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double b) {
    assertTrue(of(ran(1, 1), a) > of(ran(1, 0), b));
    assertTrue(of(ran(1, 0), a) > of(ran(0, 0), b));
    assertTrue(!(a > b) || of(ran(1, 1), a) >= of(ran(1, 5), b));
  }

  @Test
  void whatIsMissingIsSaid() {
    Reward unknown = GRADED.of(Map.of("query", Reward.unscored("database"), "model", Reward.of(1)));
    assertEquals("database", assertInstanceOf(Unscored.class, unknown).reason());
    Reward unasked = GRADED.of(Map.of("query", ran(1, 1), "model", Reward.unscored("no model")));
    assertEquals("no model", assertInstanceOf(Unscored.class, unasked).reason());
    assertThrows(GoodhartException.class, () -> of(Reward.of(1), 0));
    assertEquals(Set.of("query", "model"), GRADED.parts());
  }
}
