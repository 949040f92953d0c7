package dev.goodhart.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RecurringBlocksTest {
  /** Two pulls, one unknown arm: 1/2 + (max(2/3, q) + max(1/3, q)) / 2 against 2q; at q = 5/9. */
  @Test
  void worthTryingByHand() {
    assertEquals(0.5, new RecurringBlocks(1, 1, 1, 0).worthTrying(), 1e-9);
    assertEquals(0.5, new RecurringBlocks(9, 0, 1, 0).worthTrying(), 1e-9);
    assertEquals(5.0 / 9, new RecurringBlocks(2, 1, 1, 0).worthTrying(), 1e-9);
    // The same with a discount d: 1/2 + d (1/3 + q/2) = q + d q, so q = (1/2 + d/3) / (1 + d/2).
    assertEquals((0.5 + 0.3) / 1.45, new RecurringBlocks(2, 0.9, 1, 0).worthTrying(), 1e-9);
  }

  @Test
  void valuesByHand() {
    assertEquals(0.5, new RecurringBlocks(1, 1, 3, -1).value(), 1e-12);
    // One arm: nothing to choose, every pull earns 1/2 on average.
    assertEquals(3.5, new RecurringBlocks(7, 1, 1, -1).value(), 1e-12);
    assertEquals(3.5 / 7, new RecurringBlocks(7, 1, 1, -1).play().reward(), 1e-12);
    // Two arms, two pulls: 1/2, then 2/3 after a success, 1/2 on the other after a failure.
    assertEquals(0.5 + (2.0 / 3 + 0.5) / 2, new RecurringBlocks(2, 1, 2, -1).value(), 1e-12);
    assertEquals(0.9 * 3, new RecurringBlocks(3, 1, 2, 0.9).value(), 1e-12);
  }

  /** Without credit across pulls nothing is ever given up, and the safe arm is all there is. */
  @Test
  void anAgentWithoutForesightTakesTheSafeArm() {
    var greedy = new RecurringBlocks(10, 0, 2, 0.55).play();
    assertEquals(0.55, greedy.reward(), 1e-12);
    assertEquals(0, greedy.sacrifice(), 0);
    assertEquals(1, greedy.distinct(), 1e-12);
    var farsighted = new RecurringBlocks(10, 0.9, 2, 0.55).play();
    assertTrue(farsighted.sacrifice() > 0.1, farsighted.toString());
    assertEquals(0.644, farsighted.reward(), 0.01); // published
  }

  /** Without a safe arm a failed one falls below the untried ones by itself. */
  @Test
  void withoutASafeArmNothingIsSacrificed() {
    assertEquals(0, new RecurringBlocks(8, 0, 3, -1).play().sacrifice(), 0);
    assertTrue(new RecurringBlocks(8, 0, 3, -1).play().distinct() > 1.5);
  }

  /** Undiscounted, what the plan is worth is what its play earns. */
  @Property(tries = 30)
  void playEarnsItsValue(
      @ForAll @IntRange(min = 1, max = 8) int pulls,
      @ForAll @IntRange(min = 1, max = 2) int arms,
      @ForAll @DoubleRange(min = 0, max = 1) double safe) {
    var blocks = new RecurringBlocks(pulls, 1, arms, safe);
    assertEquals(blocks.value() / pulls, blocks.play().reward(), 1e-9);
    assertTrue(blocks.play().reward() >= Math.max(safe, 0.5) - 1e-9);
    double sooner = new RecurringBlocks(pulls, 1, 1, 0).worthTrying();
    double later = new RecurringBlocks(pulls + 1, 1, 1, 0).worthTrying();
    assertTrue(later > sooner && later < 1);
  }

  /** The plan for two pulls of two arms and a safe one, played on drawn tasks. */
  @Test
  void playIsWhatDrawnTasksShow() {
    var played = new RecurringBlocks(2, 1, 1, 0.52).play(); // worth a try: 0.52 < 5/9
    var random = new SplittableRandom(2);
    int tasks = 200_000;
    double sum = 0;
    for (int t = 0; t < tasks; t++) {
      double mean = random.nextDouble();
      boolean first = random.nextDouble() < mean;
      sum += (first ? 1 : 0) + (first ? (random.nextDouble() < mean ? 1 : 0) : 0.52);
    }
    assertEquals(played.reward(), sum / tasks / 2, 0.004);
    assertEquals(0.5, played.sacrifice(), 1e-12); // the first of two pulls
  }

  @Test
  void whatMeansNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RecurringBlocks(0, 1, 2, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new RecurringBlocks(16, 1, 2, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new RecurringBlocks(4, 1.1, 2, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new RecurringBlocks(4, 1, 5, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new RecurringBlocks(4, 1, 2, Double.NaN));
  }
}
