package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnsemblesTest {
  @Test
  void membersAreBroughtToOneScaleFirst() {
    // Both members are 1, 2, 3 up to scale and offset: standardised to -z, 0, z with z = sqrt(3/2).
    List<Scores> ensembles =
        Ensembles.of(List.of(Scores.of("a", 1, 2, 3), Scores.of("b", 100, 300, 500)));
    double z = Math.sqrt(1.5);
    for (Scores ensemble : ensembles) {
      assertArrayEquals(new double[] {-z, 0, z}, ensemble.values(), 1e-12, ensemble.name());
    }
    assertEquals(
        List.of("ensemble mean", "ensemble worst case", "ensemble mean - 0.5 variance"),
        ensembles.stream().map(Scores::name).toList());
  }

  @Test
  void meanMinimumAndPenaltyByHand() {
    // Standardised, a is -1, 1 and b is 1, -1: mean 0, minimum -1, variance with divisor 1 is 2.
    List<Scores> ensembles = Ensembles.of(List.of(Scores.of("a", 0, 2), Scores.of("b", 5, 3)));
    assertArrayEquals(new double[] {0, 0}, ensembles.get(0).values(), 1e-12);
    assertArrayEquals(new double[] {-1, -1}, ensembles.get(1).values(), 1e-12);
    assertArrayEquals(new double[] {-0.5 * 2, -0.5 * 2}, ensembles.get(2).values(), 1e-12);
  }

  @Test
  void whatAMemberHasNotScoredTheEnsembleHasNot() {
    Scores mean =
        Ensembles.of(List.of(Scores.of("a", 0, 2, 4), Scores.of("b", 5, Double.NaN, 3))).getFirst();
    assertEquals(Double.NaN, mean.value(1));
    assertEquals(1, mean.unscored().get("a member has no score"));
  }

  @Test
  void aMemberThatSaysNothingCannotBeStandardised() {
    assertEquals(Double.NaN, Scores.of("a", 7, 7, 7).standardised().value(0));
  }

  @Test
  void oneRewardIsNoEnsemble() {
    assertTrue(Ensembles.of(List.of(Scores.of("a", 1, 2))).isEmpty());
  }

  @Test
  void helpIsAgainstTheAverageMemberAndTheBest() {
    // Of four rows the members are right in 1 and 3, the ensemble in 4: +2 over the average 2, +1
    // over the best.
    double[] weak = {1, 0, 0, 0};
    double[] strong = {0, 1, 1, 1};
    double[] both = {1, 1, 1, 1};
    List<EnsembleHelp> help =
        EnsembleHelp.of(
            List.of(Scores.of("weak", weak), Scores.of("strong", strong)),
            List.of(Scores.of("both", both)),
            new int[] {0, 1, 2, 3},
            scores -> items -> Bootstrap.mean(scores.values(), items),
            Sets.bootstrap());
    assertEquals(2 / 4.0, help.getFirst().overAverage().estimate(), 1e-12);
    assertEquals("strong", help.getFirst().best());
    assertEquals(1 / 4.0, help.getFirst().overBest().estimate(), 1e-12);
  }

  @Test
  void sideBySideJudgesAllOnWhatAllHaveScored() {
    // The second reward lacks a score in row 1, where the first is wrong; both are judged on row 0
    // alone.
    SideBySide table =
        SideBySide.of(
            Sets.oneOfMany(2, 3),
            List.of(Scores.of("a", 3, 1, 2, 1, 2, 3), Scores.of("b", 1, 2, 3, 9, Double.NaN, 1)),
            List.of(),
            List.of(),
            Sets.bootstrap());
    assertEquals(5, table.responses());
    assertEquals(1, table.unscored());
    assertEquals(1, table.rows().get(0).figures().get(SideBySide.STRICT).estimate());
    assertEquals(0, table.rows().get(1).figures().get(SideBySide.STRICT).estimate());
  }
}
