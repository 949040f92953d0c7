package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class DisagreementTest {
  /** A reward of two members. */
  private static Reward of(double one, double two) {
    Map<String, Reward> parts = new LinkedHashMap<>();
    parts.put("member 1", Reward.of(one));
    parts.put("member 2", Reward.of(two));
    return new Scored(
        (one + two) / 2, OptionalDouble.of(Math.abs(one - two) / Math.sqrt(2)), parts);
  }

  private static Disagreement disagreement(double[][] margins) {
    List<Reward> rewards = new ArrayList<>();
    int[][] lengths = new int[margins.length][];
    for (int i = 0; i < margins.length; i++) {
      lengths[i] = new int[] {2, 1};
      rewards.add(of(margins[i][0], margins[i][1]));
      rewards.add(of(0, 0));
    }
    return Disagreement.of(Sets.pairs(lengths), Scores.of("r", rewards), Sets.bootstrap());
  }

  @Test
  void wrongPairsThatAreDisputedAreForetoldPerfectly() {
    // Mean margins 1, 1 (right) and -1, -1 (wrong); the members' differences 0.2, 0.4 against 2, 4.
    Disagreement result = disagreement(new double[][] {{1.1, 0.9}, {1.2, 0.8}, {0, -2}, {1, -3}});
    assertEquals(1, result.deviationAuroc().estimate());
    assertEquals(0.5, result.marginAuroc().estimate(), 1e-12, "all margins are equally wide");
    assertEquals(0.2 / Math.sqrt(2), result.bins().getFirst().from(), 1e-12);
    assertEquals(4 / Math.sqrt(2), result.bins().getLast().to(), 1e-12);
  }

  @Test
  void whatTheMembersSayOfADifferenceIsWhatCounts() {
    // Each member has an offset of its own on every response: they dispute every reward and no
    // difference.
    List<Reward> rewards = List.of(of(11, 1), of(10, 0), of(11, 1), of(10, 0));
    Disagreement result =
        Disagreement.of(
            Sets.pairs(new int[] {2, 1}, new int[] {2, 1}),
            Scores.of("r", rewards),
            Sets.bootstrap());
    assertEquals(0, result.bins().getLast().to(), 1e-12);
  }

  @Test
  void aSingleModelHasNone() {
    assertFalse(Disagreement.isKnown(Scores.of("r", 1, 2)));
    assertTrue(Disagreement.isKnown(Scores.of("r", List.of(of(1, 2), of(2, 3)))));
  }
}
