package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.cat;
import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.neural.engine.Ops.like;
import static dev.goodhart.neural.engine.Ops.matmul;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.rows;
import static dev.goodhart.neural.engine.Ops.sigmoid;
import static dev.goodhart.objective.Gradients.tensor;
import static dev.goodhart.objective.Gradients.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GeneralPreferenceTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.training();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void twoBlocksOfAHandComputedPair() {
    // 1·4 − 2·3 and 5·1 − 0·7 make 3, over a temperature of 2.
    Tensor a = tensor(new double[][] {{1, 2, 5, 0}}).unsqueeze(0);
    Tensor b = tensor(new double[][] {{3, 4, 7, 1}}).unsqueeze(0);

    assertEquals(1.5, item(new GeneralPreference(2, 2, false).lead(a, b)), 1e-15);
  }

  @Test
  void aQuarterTurnScoresOneAndOppositesTie() {
    var unit = new GeneralPreference(1, 1, true);
    Tensor east = tensor(new double[][] {{3, 0}, {3, 0}, {3, 0}});
    Tensor other = tensor(new double[][] {{0, 0.5}, {-2, 0}, {0, -4}});

    assertArrayEquals(new double[] {1, 0, -1}, doubles(unit.lead(east, other)), 1e-10);
  }

  @Test
  void bradleyTerryIsTheCaseOfARewardBesideAOne() {
    Tensor chosen = vector(1.2, -0.4, 0, 3.5);
    Tensor rejected = vector(0.1, 0.9, -2, 3.4);
    PairLabels labels = PairLabels.preferred(chosen).withProbability(vector(1, 0.25, 0.9, 0.5));

    assertEquals(
        item(new BradleyTerry(0, 0, 0).loss(chosen, rejected, labels)),
        item(
            new GeneralPreference(1, 1, false)
                .loss(besideOne(chosen), besideOne(rejected), labels)),
        1e-15);
  }

  @Test
  void aRotationWithinABlockChangesNoScore() {
    var preference = new GeneralPreference(1, 0.3, true);
    double c = Math.cos(0.7);
    double s = Math.sin(0.7);
    Tensor turn = tensor(new double[][] {{c, -s}, {s, c}});
    Tensor a = tensor(new double[][] {{1, 2}, {-1, 0.3}});
    Tensor b = tensor(new double[][] {{0.5, -2}, {3, 1}});

    assertArrayEquals(
        doubles(preference.lead(a, b)),
        doubles(preference.lead(matmul(a, turn), matmul(b, turn))),
        1e-13);
  }

  /** Each of three beats the next: vectors learn it, and rewards cannot. */
  @Test
  void rockPaperScissorsIsFittedWhereNoRewardCan() {
    // Paper beats rock, scissors beat paper, rock beats scissors.
    Tensor winners = Tensor.create(1L, 2L, 0L);
    Tensor losers = Tensor.create(0L, 1L, 2L);
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      double[][] start = new double[3][];
      Arrays.setAll(start, i -> random.doubles(4, -1, 1).toArray());
      for (double p : fit(new GeneralPreference(2, 0.1, true), tensor(start), winners, losers)) {
        assertTrue(p > 0.95, "from start " + seed + " probability " + p);
      }
    }

    double[] rewards = fit(new BradleyTerry(0, 0, 0), vector(0.3, -0.1, 0.5), winners, losers);
    double log = 0;
    for (double p : rewards) log += Math.log(p) / 3;
    // The best that any rewards can do around a circle is even odds.
    assertEquals(Math.log(0.5), log, 1e-6);
  }

  private double[] fit(PairObjective objective, Tensor start, Tensor winners, Tensor losers) {
    Tensor table = start.set_requires_grad(true);
    for (int step = 0; step < 200; step++) {
      try (Scope inner = Scope.training()) {
        objective.loss(rows(table, winners), rows(table, losers)).backward();
        table.data().sub_(mul(0.5, table.grad()));
        table.grad().zero_();
      }
    }
    return doubles(sigmoid(objective.lead(rows(table, winners), rows(table, losers))));
  }

  @Test
  void vectorsOfTheWrongWidthAreNamed() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new GeneralPreference(2, 1, true)
                    .loss(tensor(new double[][] {{1, 2}, {3, 4}}), vector(1, 2)));

    assertTrue(e.getMessage().startsWith("rejected has shape [2], chosen has [2, 2]"));
    e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new GeneralPreference(2, 1, true)
                    .lead(
                        tensor(new double[][] {{1, 2}, {3, 4}}),
                        tensor(new double[][] {{1, 2}, {3, 4}})));
    assertEquals("chosen has shape [2, 2], expected [batch, 4]", e.getMessage());
  }

  private static Tensor besideOne(Tensor rewards) {
    Tensor one = like(rewards, 1, 1, 1, 1).unsqueeze(1);
    return cat(1, List.of(rewards.unsqueeze(1), one));
  }
}
