package dev.goodhart.audit.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class OccupancyTest {
  private static final double[] START = {1, 0};

  /** Action 0 stays, action 1 goes to state 1, which nobody leaves. */
  private static final double[][][] MOVES = {{{1, 0}, {0, 1}}, {{0, 1}, {0, 1}}};

  /** Staying with 1/2 at gamma 1/2: visits to state 0 are 1/2 sum (1/4)^t = 2/3. */
  @Test
  void byHand() {
    double[][] policy = {{0.5, 0.5}, {1, 0}};
    double[][] occupancy = Occupancy.of(START, MOVES, policy, 0.5);
    assertArrayEquals(new double[] {1 / 3.0, 1 / 3.0}, occupancy[0], 1e-12);
    assertArrayEquals(new double[] {1 / 3.0, 0}, occupancy[1], 1e-12);
    // 1 for each step in state 0: sum (1/4)^t
    double[][] rewards = {{1, 1}, {0, 0}};
    assertEquals(4 / 3.0, Occupancy.value(occupancy, rewards, 0.5), 1e-12);
    assertArrayEquals(
        new double[] {4 / 3.0, 0}, Occupancy.values(MOVES, policy, rewards, 0.5), 1e-12);
    assertArrayEquals(policy[0], Occupancy.policy(occupancy)[0], 1e-12);
  }

  @Test
  void withoutAFutureItIsTheFirstStep() {
    double[][] occupancy = Occupancy.of(START, MOVES, new double[][] {{0.3, 0.7}, {1, 0}}, 0);
    assertArrayEquals(new double[] {0.3, 0.7}, occupancy[0], 1e-15);
    assertArrayEquals(new double[] {0.5, 0.5}, Occupancy.policy(occupancy)[1], 1e-15);
  }

  @Test
  void whatIsNoDecisionProcessIsRefused() {
    double[][] policy = {{0.5, 0.5}, {1, 0}};
    assertThrows(IllegalArgumentException.class, () -> Occupancy.of(START, MOVES, policy, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> Occupancy.of(START, MOVES, new double[][] {{0.5, 0.6}, {1, 0}}, 0.5));
    assertThrows(
        IllegalArgumentException.class, () -> Occupancy.of(new double[] {1}, MOVES, policy, 0.5));
  }
}
