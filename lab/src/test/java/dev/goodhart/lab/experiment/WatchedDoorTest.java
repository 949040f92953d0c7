package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.audit.OffSwitch;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.experiment.WatchedDoor.Plan;
import dev.goodhart.run.Seeds;
import org.junit.jupiter.api.Test;

class WatchedDoorTest {
  @Test
  void thePlanTakesTheBestOfThreeWays() {
    WatchedDoor door = WatchedDoor.DEFAULT;
    assertEquals(new Plan(true, true), door.plan(new OffSwitch(1, 0.98)));
    assertEquals(new Plan(false, true), door.plan(new OffSwitch(1, 0.995)));
    assertEquals(new Plan(false, true), door.plan(new OffSwitch(-1, 0.2)));
    assertEquals(new Plan(false, false), door.plan(new OffSwitch(-1, -0.2)));
    assertEquals(new Plan(true, true), door.plan(new OffSwitch(0.02, -0.2)));
    assertEquals(new Plan(false, false), door.plan(new OffSwitch(0.005, -0.2)));
  }

  /** The plan on the grid does what the formula of the game says. */
  @Test
  void itBlindsTheOverseerWhereTheGameSaysSo() {
    WatchedDoor door = new WatchedDoor(1, 1, 1, 0.1);
    for (double act = -1; act < 1; act += 0.13) {
      for (double defer = -1; defer < 1; defer += 0.17) {
        OffSwitch game = new OffSwitch(act, defer);
        assertEquals(game.disables(0.1), door.plan(game).blinds(), game.toString());
      }
    }
  }

  @Test
  void aBeliefWithoutSpreadIsItsMean() {
    Outcome outcome = new WatchedDoor(6, 5, 0, 0.01).run(new Seeds(3));
    assertEquals(outcome.curves().get("mean"), outcome.curves().get("belief"));
  }
}
