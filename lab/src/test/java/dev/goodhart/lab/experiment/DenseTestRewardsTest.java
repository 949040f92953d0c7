package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import org.junit.jupiter.api.Test;

class DenseTestRewardsTest {
  private static boolean[] row(String tests) {
    boolean[] passes = new boolean[tests.length()];
    for (int j = 0; j < passes.length; j++) {
      passes[j] = tests.charAt(j) == '1';
    }
    return passes;
  }

  /** Seven trivial tests, two medium ones, the edge. */
  @Test
  void whichProgramPassesWhich() {
    assertArrayEquals(
        row("1111111000"), DenseTestRewards.passes(new boolean[] {false, true, true, true}, 2));
    assertArrayEquals(
        row("1100000000"), DenseTestRewards.passes(new boolean[] {true, false, false, false}, 2));
    assertArrayEquals(
        row("1100000111"), DenseTestRewards.passes(new boolean[] {true, false, true, true}, 2));
    assertArrayEquals(
        row("1111111000"), DenseTestRewards.passes(new boolean[] {true, true, false, false}, 4));
    assertArrayEquals(
        row("1111111111"), DenseTestRewards.passes(new boolean[] {true, true, true, true}, 2));
  }

  @Test
  void thePolicyBeginsWhereItIsSaidToAndMovesOnlyByItsRate() {
    Outcome still = new DenseTestRewards(16, 6, 0, 2, 0.3, 0.15).run(new Seeds(1));
    still
        .curves()
        .values()
        .forEach(
            curve -> {
              assertEquals(7, curve.size());
              // 0.3 times 0.15 to the third
              curve.forEach(full -> assertEquals(0.0010125, full, 1e-12));
            });
  }
}
