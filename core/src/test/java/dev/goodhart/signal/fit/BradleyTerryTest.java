package dev.goodhart.signal.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class BradleyTerryTest {
  @Test
  void lossesComputedByHand() {
    assertEquals(Math.log(2), BradleyTerry.loss(0, 1, 0), 1e-12);
    // log(1 + e^-2) = 0.126928...
    assertEquals(0.126928011042972, BradleyTerry.loss(2, 1, 0), 1e-12);
    // a tie: (log(1 + e^-1) + log(1 + e)) / 2 = (0.313261687518 + 1.313261687518) / 2
    assertEquals(0.813261687518223, BradleyTerry.loss(1, 0.5, 0), 1e-12);
    // 0.75 log(1 + e^-1) + 0.25 log(1 + e)
    assertEquals(0.563261687518223, BradleyTerry.loss(1, 0.75, 0), 1e-12);
    // with a margin of 1 a lead of 1 is what a lead of 0 is without
    assertEquals(Math.log(2), BradleyTerry.loss(1, 1, 1), 1e-12);
    assertEquals(0.126928011042972, BradleyTerry.loss(3, 1, 1), 1e-12);
  }

  @Test
  void gradientsComputedByHand() {
    assertEquals(-0.5, BradleyTerry.gradient(0, 1, 0), 1e-12);
    assertEquals(0.5, BradleyTerry.gradient(0, 0, 0), 1e-12);
    assertEquals(0, BradleyTerry.gradient(0, 0.5, 0), 1e-12);
    assertEquals(0, BradleyTerry.gradient(Math.log(3), 0.75, 0), 1e-12);
    assertEquals(0, BradleyTerry.gradient(1 + Math.log(3), 0.75, 1), 1e-12);
    assertEquals(-1 / (1 + Math.E), BradleyTerry.gradient(2, 1, 1), 1e-12);
  }

  @Property
  void theGradientIsTheSlopeOfTheLoss(
      @ForAll @DoubleRange(min = -30, max = 30) double d,
      @ForAll @DoubleRange(min = 0, max = 1) double p,
      @ForAll @DoubleRange(min = 0, max = 5) double m) {
    double h = 1e-4;
    double slope = (BradleyTerry.loss(d + h, p, m) - BradleyTerry.loss(d - h, p, m)) / (2 * h);
    assertEquals(slope, BradleyTerry.gradient(d, p, m), 1e-7);
  }

  @Property
  void turningThePairAroundChangesNothing(
      @ForAll @DoubleRange(min = -50, max = 50) double d,
      @ForAll @DoubleRange(min = 0, max = 1) double p) {
    assertEquals(BradleyTerry.loss(d, p, 0), BradleyTerry.loss(-d, 1 - p, 0), 1e-9);
    assertEquals(BradleyTerry.gradient(d, p, 0), -BradleyTerry.gradient(-d, 1 - p, 0), 1e-12);
  }

  @Test
  void farApartNothingOverflows() {
    assertEquals(0, BradleyTerry.loss(5000, 1, 0), 1e-12);
    assertEquals(5000, BradleyTerry.loss(-5000, 1, 0), 1e-9);
    assertTrue(Double.isFinite(BradleyTerry.gradient(-5000, 1, 0)));
  }
}
