package dev.goodhart.neural.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void risesInALineAndFallsAlongAHalfCosine() {
    var schedule = new Schedule(0.8, 0.2, 0.25);

    // 20 steps, 4 of them warm-up; then cos(0), cos(π/4), cos(π/2) at steps 4, 8, 12 of 16.
    assertEquals(0.2, schedule.rate(0, 20), 1e-15);
    assertEquals(0.8, schedule.rate(3, 20), 1e-15);
    assertEquals(0.8, schedule.rate(4, 20), 1e-15);
    assertEquals(0.8 * (0.25 + 0.75 * (1 + Math.sqrt(0.5)) / 2), schedule.rate(8, 20), 1e-15);
    assertEquals(0.5, schedule.rate(12, 20), 1e-15);
    assertTrue(schedule.rate(19, 20) > 0.2 && schedule.rate(19, 20) < 0.21);
  }

  @Test
  void aConstantRateIsTheSameInEveryStep() {
    for (int step = 0; step < 7; step++) {
      assertEquals(3e-4, Schedule.constant(3e-4).rate(step, 7), 0);
    }
  }

  @Test
  void allStepsMayBeWarmUp() {
    assertEquals(0.5, new Schedule(1, 1, 0).rate(1, 4), 0);
    assertEquals(1, new Schedule(1, 1, 0).rate(3, 4), 0);
  }

  @Test
  void whatMeansNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Schedule(-1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Schedule(1, 1.1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Schedule(1, 0, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Schedule.constant(1).rate(4, 4));
  }
}
