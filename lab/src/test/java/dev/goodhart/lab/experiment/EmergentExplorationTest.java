package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.run.Seeds;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmergentExplorationTest {
  /** One corridor left, one episode: 0.95^3 against 0.6 . 0.95. */
  @Test
  void theMazeByHand() {
    var maze = new CorridorMaze(0.9);
    assertEquals(0.857375, maze.value(1, 1), 1e-12);
    assertEquals(0.857375 * 1.9, maze.value(0, 2), 1e-12);
    // All four, one episode: a quarter each at 3, 9 and 15 steps, and leaving only at 1.
    assertEquals(0.57, new CorridorMaze(0).value(4, 1), 1e-12);
    assertTrue((Math.pow(0.95, 3) + Math.pow(0.95, 9) + Math.pow(0.95, 15)) / 4 < 0.57);
  }

  @Test
  void inTheMazeTheGoalIsFoundOnlyForLaterEpisodes() {
    assertEquals(20, new CorridorMaze(0).steps(), 1e-12); // never: always the exit
    assertTrue(new CorridorMaze(0.9).steps() < 4);
  }

  /** A safe arm that is better than any other: whoever learns takes it, memory or none. */
  @Test
  void aSafeArmOfOneLeavesNothingToFindOut() {
    Map<String, Double> figures =
        new EmergentExploration(3, 400, 50, 0.9, 1).run(new Seeds(3)).figures();
    for (String arm : new String[] {"all", "one pull", "no memory", "no credit"}) {
      assertEquals(1, figures.get(arm + " reward"), 1e-12, arm);
      assertEquals(0, figures.get(arm + " sacrifice"), 0, arm);
    }
  }

  @Test
  void withoutMemoryOneArmIsPlayedThroughout() {
    Map<String, Double> figures =
        new EmergentExploration(5, 500, 50, 0.9, 0.55).run(new Seeds(3)).figures();
    assertEquals(1, figures.get("plain no memory distinct"), 0);
    assertTrue(figures.get("plain all distinct") > 1.2);
  }
}
