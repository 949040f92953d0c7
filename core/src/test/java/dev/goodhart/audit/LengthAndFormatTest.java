package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LengthAndFormatTest {
  @Test
  void theLongerIsPreferredByRewardAndLabel() {
    // Longer by label: pairs 0, 1; by reward: pairs 0, 2, 3. Pair 4 has equal lengths and says
    // nothing.
    AuditSet set =
        Sets.pairs(
            new int[] {9, 1},
            new int[] {9, 1},
            new int[] {1, 9},
            new int[] {1, 9},
            new int[] {5, 5});
    LengthAndFormat look =
        LengthAndFormat.of(set, Scores.of("r", 1, 0, 0, 1, 0, 1, 0, 1, 1, 0), Sets.bootstrap());
    assertEquals(3 / 4.0, look.prefersLonger().estimate(), 1e-12);
    assertEquals(2 / 4.0, look.labelPrefersLonger().estimate(), 1e-12);
    assertEquals(1 / 4.0, look.excess().estimate(), 1e-12);
  }

  @Test
  void aRewardMadeOfLengthAndLabelIsTakenApart() {
    // reward = 3 log2(length) + 5 [chosen] + what the prompt is worth, lengths at random.
    SplittableRandom random = new SplittableRandom(3);
    int[][] lengths = new int[200][];
    double[] rewards = new double[400];
    for (int i = 0; i < 200; i++) {
      lengths[i] = new int[] {1 + random.nextInt(500), 1 + random.nextInt(500)};
      double prompt = random.nextInt(100);
      rewards[2 * i] = prompt + 5 + 3 * Math.log(lengths[i][0]) / Math.log(2);
      rewards[2 * i + 1] = prompt + 3 * Math.log(lengths[i][1]) / Math.log(2);
    }
    Scores scores = Scores.of("r", rewards);
    LengthAndFormat look = LengthAndFormat.of(Sets.pairs(lengths), scores, Sets.bootstrap());
    assertEquals(5 / scores.spread(), look.labelWorth().estimate(), 1e-9);
    assertEquals(1, look.slopes().size(), "no response has lists, headings or code");
    assertEquals(3 / scores.spread(), look.slopes().getFirst().slope().estimate(), 1e-9);
    assertEquals(1, look.slopes().getFirst().varies(), 0.05);
  }

  @Test
  void aRewardThatIsTheLengthCorrelatesPerfectly() {
    int[][] lengths = {{8, 1}, {2, 16}, {4, 1}, {32, 2}};
    double[] rewards = new double[8];
    for (int i = 0; i < 4; i++) {
      rewards[2 * i] = Math.log(lengths[i][0]);
      rewards[2 * i + 1] = Math.log(lengths[i][1]);
    }
    LengthAndFormat look =
        LengthAndFormat.of(Sets.pairs(lengths), Scores.of("r", rewards), Sets.bootstrap());
    assertEquals(1, look.correlation().estimate(), 1e-12);
    assertEquals(1, look.prefersLonger().estimate(), 1e-12);
  }

  @Test
  void labelledResponsesAreComparedWithinTheirPrompts() {
    // Two prompts; within each the good response earns 4 more. Lengths are all equal, so only the
    // label is worth anything.
    AuditSet set = Sets.labelled(new int[] {0, 0, 1, 1}, 1, 0, 1, 0);
    Scores scores = Scores.of("r", 14, 10, 54, 50);
    LengthAndFormat look = LengthAndFormat.of(set, scores, Sets.bootstrap());
    assertEquals(4 / scores.spread(), look.labelWorth().estimate(), 1e-9);
    assertTrue(look.slopes().isEmpty());
  }
}
