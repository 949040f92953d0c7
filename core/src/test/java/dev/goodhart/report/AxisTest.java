package dev.goodhart.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void ticksAreRoundAndHoldTheValues() {
    Axis axis = Axis.of("reward").fitted(List.of(-0.83, 0.2, 1.47));
    assertEquals(-1, axis.from(), 1e-12);
    assertEquals(1.5, axis.to(), 1e-12);
    assertEquals(List.of(-1.0, -0.5, 0.0, 0.5, 1.0, 1.5), axis.ticks());
  }

  @Test
  void aLogarithmicAxisTicksAtPowersOfOneBase() {
    assertEquals(List.of(1.0, 2.0, 4.0, 8.0), Axis.log("n").fitted(List.of(1.0, 10.0)).ticks());
    assertEquals(
        List.of(1.0, 4.0, 16.0, 64.0, 256.0, 1024.0),
        Axis.log("n").fitted(List.of(1.0, 1024.0)).ticks());
    assertEquals(0.5, Axis.log("n").between(1, 1024).at(32), 1e-12);
  }

  @Test
  void aLogarithmicAxisRefusesZero() {
    Axis axis = Axis.log("n");
    assertThrows(IllegalArgumentException.class, () -> axis.fitted(List.of(0.0, 1.0)));
  }

  @Test
  void equalValuesStillGiveAnAxis() {
    assertTrue(Axis.of("reward").fitted(List.of(3.0, 3.0)).to() > 3);
    assertTrue(Axis.of("reward").fitted(List.of()).ticks().size() > 2);
  }

  @Property
  void anyRangeHasThreeToTwelveTicks(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double one,
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double range) {
    Axis axis = Axis.of("x").fitted(List.of(one, one + range));
    assertTrue(axis.from() <= one + 1e-6 && axis.to() >= one + range - 1e-6);
    assertTrue(axis.ticks().size() >= 3 && axis.ticks().size() <= 12, axis.ticks().toString());
  }
}
