package dev.goodhart.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SeedsTest {
  @Property(tries = 200)
  void theSameSeedAndPurposeGiveTheSameStream(
      @ForAll long seed, @ForAll String purpose, @ForAll long index) {
    Seeds seeds = new Seeds(seed);
    assertEquals(
        seeds.of(purpose, index).nextLong(), new Seeds(seed).of(purpose, index).nextLong());
  }

  @Property(tries = 200)
  void anotherSeedPurposeOrIndexGivesAnotherStream(@ForAll long seed, @ForAll long index) {
    long own = new Seeds(seed).of("holdout", index).nextLong();
    assertNotEquals(own, new Seeds(seed + 1).of("holdout", index).nextLong());
    assertNotEquals(own, new Seeds(seed).of("bootstrap", index).nextLong());
    assertNotEquals(own, new Seeds(seed).of("holdout", index + 1).nextLong());
  }

  @Test
  void aPurposeWithoutAnIndexIsItsFirst() {
    assertEquals(new Seeds(3).of("fit", 0).nextLong(), new Seeds(3).of("fit").nextLong());
  }

  /** Neighbouring seeds and indices must not give neighbouring numbers. */
  @Test
  void firstDrawsOfNeighboursLookIndependent() {
    int n = 20_000;
    double sum = 0;
    double product = 0;
    double before = new Seeds(0).of("x", -1).nextDouble();
    Set<Double> seen = new HashSet<>();
    for (int i = 0; i < n; i++) {
      double draw = new Seeds(0).of("x", i).nextDouble();
      seen.add(draw);
      sum += draw;
      product += (draw - 0.5) * (before - 0.5);
      before = draw;
    }
    assertEquals(n, seen.size());
    assertEquals(0.5, sum / n, 4 * Math.sqrt(1.0 / 12 / n));
    assertTrue(Math.abs(product / n) < 4 * (1.0 / 12) / Math.sqrt(n));
  }
}
