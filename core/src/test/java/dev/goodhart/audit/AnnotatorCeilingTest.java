package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.goodhart.audit.AuditSet.Comparison;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AnnotatorCeilingTest {
  private static AuditSet set(int[]... votes) {
    AuditSet set = new AuditSet();
    for (int i = 0; i < votes.length; i++) {
      int one = set.add("row" + i, Sets.sample("p" + i, "one"), Double.NaN, Double.NaN);
      int two = set.add("row" + i, Sets.sample("p" + i, "two"), Double.NaN, Double.NaN);
      set.add(
          new Comparison(one, two, 1, Double.NaN, List.of(votes[i][0], votes[i][1], votes[i][2])));
    }
    return set;
  }

  @Test
  void aMajorityIsMoreThanHalfOfTheOthers() {
    assertEquals(OptionalInt.of(1), AnnotatorCeiling.majority(List.of(0, 1, 1), 0));
    assertEquals(
        OptionalInt.empty(), AnnotatorCeiling.majority(List.of(0, 1, 1), 1), "a tie and a vote");
    assertEquals(OptionalInt.of(0), AnnotatorCeiling.majority(List.of(0, 0, 1), 2), "two ties");
    assertEquals(OptionalInt.of(-1), AnnotatorCeiling.majority(List.of(-1, -1, 1, -1), 0));
    assertEquals(
        OptionalInt.empty(),
        AnnotatorCeiling.majority(List.of(-1, -1, 1, 0, 1), 3),
        "two against two");
  }

  @Test
  void agreementByHand() {
    // Pair 0: all for the first. Pair 1: the third votes for the second. Pair 2: the third calls it
    // a tie.
    AuditSet set = set(new int[] {1, 1, 1}, new int[] {1, 1, -1}, new int[] {1, 1, 0});
    // The reward is right, wrong, and undecided.
    AnnotatorCeiling ceiling =
        AnnotatorCeiling.of(set, Scores.of("r", 1, 0, 0, 1, 1, 1), Sets.bootstrap());
    assertEquals(1 / 3.0, ceiling.unanimous(), 1e-12);
    // Annotator 1: the others agree on pair 0 alone (1 and -1, 1 and 0 are no majority).
    assertEquals(1, ceiling.rows().get(0).majorities());
    assertEquals(1, ceiling.rows().get(0).exact().estimate());
    // Annotator 3: the others agree on all three; the same verdict once, the same preference 1, 0
    // and one half.
    assertEquals(3, ceiling.rows().get(2).majorities());
    assertEquals(1 / 3.0, ceiling.rows().get(2).exact().estimate(), 1e-12);
    assertEquals(1.5 / 3, ceiling.rows().get(2).decided().estimate(), 1e-12);
    // People over the five cases: 1, 1, 1, 0, 0.5; the reward on the same: 1, 1, 1, 0, 0.5.
    assertEquals(3.5 / 5, ceiling.people().estimate(), 1e-12);
    assertEquals(3.5 / 5, ceiling.reward().estimate(), 1e-12);
    assertEquals(0, ceiling.gap().estimate(), 1e-12);
  }

  @Test
  void aMajorityOfTiesIsAVerdictButNoPreference() {
    AuditSet set = set(new int[] {0, 0, 0}, new int[] {0, 0, 1});
    AnnotatorCeiling ceiling =
        AnnotatorCeiling.of(set, Scores.of("r", 1, 0, 1, 0), Sets.bootstrap());
    assertEquals(2, ceiling.rows().get(2).majorities());
    assertEquals(0, ceiling.rows().get(2).decisions());
    assertEquals(0.5, ceiling.rows().get(2).exact().estimate(), 1e-12);
    assertFalse(ceiling.people().isKnown());
  }

  @Test
  void twoVotesAreTooFew() {
    AuditSet set = Sets.pairs(new int[] {2, 1});
    assertFalse(AnnotatorCeiling.isKnown(set));
  }
}
