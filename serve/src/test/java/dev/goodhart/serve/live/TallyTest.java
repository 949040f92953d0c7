package dev.goodhart.serve.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class TallyTest {
  private static Summary of(double... values) {
    Tally tally = new Tally();
    for (double value : values) tally.add(value);
    Summary summary = tally.summary();
    assertNotNull(summary);
    return summary;
  }

  @Test
  void fewValuesAreSummedUpExactly() {
    // 1 2 3 4 5: variance (4 + 1 + 0 + 1 + 4)/4; the tenth lies 0.4 of the way from 1 to 2.
    assertEquals(new Summary(5, 3, Math.sqrt(2.5), 1.4, 3, 4.6), of(1, 2, 3, 4, 5));
    assertEquals(new Summary(1, 7, 0, 7, 7, 7), of(7));
    assertNull(new Tally().summary());
  }

  @Test
  void quantilesOfManyAreThoseOfARandomPart() {
    double[] ramp = new double[100_000];
    for (int i = 0; i < ramp.length; i++) ramp[i] = i / (ramp.length - 1.0);
    Summary summary = of(ramp);
    assertEquals(0.5, summary.mean(), 1e-9);
    assertEquals(Math.sqrt(1 / 12.0), summary.deviation(), 1e-4);
    // A quantile of 256 has a deviation of √(q(1−q)/256) = 0.031 at the median, 0.019 at the ends.
    assertEquals(0.5, summary.median(), 0.125);
    assertEquals(0.1, summary.low(), 0.075);
    assertEquals(0.9, summary.high(), 0.075);
  }
}
