package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.objective.Gradients.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goodhart.neural.engine.Scope;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class PowerDlTest {
  private static final double[] LOGITS = {0.3, -0.5, 0.9};
  private static final double[] NONE = {0, 0, 0};
  private static final PowerDl PLAIN = new PowerDl(0.8, 0.4, 0.9, PowerDl.Weight.ONE);

  /** −β·(l − σ(m))·(e_w − e_l) − η·β·(e_w − π), on paper. */
  @Test
  void itsGradientInATableIsTheFormulas() {
    double[] p = Table.softmax(LOGITS);
    double m = 0.8 * (LOGITS[0] - LOGITS[1]);
    double label = 0.85;
    double pull = 0.8 * (label - Table.sigmoid(m));
    double[] expected = {-pull - 0.32 * (1 - p[0]), pull + 0.32 * p[1], 0.32 * p[2]};

    Table.Slope slope =
        Table.slope(
            LOGITS,
            logs ->
                PLAIN.loss(
                    Table.pairs(logs, NONE, new int[] {0}, new int[] {1}),
                    PairLabels.preferred(vector(0)),
                    vector(label)));

    assertArrayEquals(expected, slope.gradient(), 1e-14);
  }

  @Test
  void aLabelThatHasMetThePolicyPullsNoMore() {
    double m = 0.8 * (LOGITS[0] - LOGITS[1]);
    Table.Slope slope =
        Table.slope(
            LOGITS,
            logs ->
                new PowerDl(0.8, 0, 0.9, PowerDl.Weight.ONE)
                    .loss(
                        Table.pairs(logs, NONE, new int[] {0}, new int[] {1}),
                        PairLabels.preferred(vector(0)),
                        vector(Table.sigmoid(m))));

    assertArrayEquals(new double[3], slope.gradient(), 1e-15);
  }

  @Test
  void labelsGoATenthOfTheWayAndCarryNoGradient() {
    try (Scope scope = Scope.training()) {
      Tensor logs = vector(0, -Math.log(3), -1).set_requires_grad(true);
      PowerDl power = new PowerDl(1, 0, 0.9, PowerDl.Weight.ONE);
      PreferenceBatch pairs = Table.pairs(logs, NONE, new int[] {0, 1}, new int[] {1, 0});
      Tensor next = power.follow(pairs, vector(1, 1));

      // σ(ln 3) = 3/4
      assertArrayEquals(new double[] {0.975, 0.925}, doubles(next), 1e-15);
      assertFalse(next.requires_grad());
    }
  }

  @Test
  void withTheDatasLabelsItIsThePlainLoss() {
    try (Scope scope = Scope.inference()) {
      Tensor logs = vector(-1, -2, -0.7);
      PreferenceBatch pairs = Table.pairs(logs, NONE, new int[] {0, 2}, new int[] {1, 1});
      PairLabels labels = PairLabels.preferred(vector(0, 0)).withProbability(vector(0.9, 0.5));

      assertEquals(
          item(PLAIN.loss(pairs, labels)),
          item(PLAIN.loss(pairs, labels, vector(0.9, 0.5))),
          1e-14);
    }
  }

  /**
   * The inner game solved: for rewards of a table, the policy that maximises E r + β·H_w found by
   * gradient ascent has r = β·w·(log π + 1) + const, and the game's value is the loss at it, plus
   * η·β·(E w − E_chosen w).
   */
  @Test
  void itsTermsAreThoseOfTheGameAgainstTheWorstReward() {
    double beta = 1.3;
    double eta = 0.4;
    double[] w = {1, 0.5, 0.25};
    double[] reward = {0.4, -0.3, 0.2};
    double[] p = best(reward, w, beta);
    double first = reward[0] - beta * w[0] * (Math.log(p[0]) + 1);
    assertEquals(first, reward[1] - beta * w[1] * (Math.log(p[1]) + 1), 1e-9);
    assertEquals(first, reward[2] - beta * w[2] * (Math.log(p[2]) + 1), 1e-9);

    double value = 0;
    double weight = 0;
    for (int y = 0; y < 3; y++) {
      value += p[y] * reward[y] - beta * w[y] * p[y] * Math.log(p[y]);
      weight += p[y] * w[y];
    }
    double game = -Math.log(Table.sigmoid(reward[0] - reward[1])) + eta * (value - reward[0]);
    try (Scope scope = Scope.inference()) {
      var pairs =
          new PreferenceBatch(
              vector(Math.log(p[0])), vector(Math.log(p[1])), null, null, vector(1), vector(2));
      double loss = item(new PowerDl(beta, eta, 1, PowerDl.Weight.INVERSE_LENGTH).of(pairs).sum());
      assertEquals(game, loss + eta * beta * (weight - w[0]), 1e-9);
    }
  }

  /** Ascent on E r + β·H_w in the logits. */
  private static double[] best(double[] reward, double[] w, double beta) {
    double[] logits = new double[3];
    for (int i = 0; i < 20000; i++) {
      double[] p = Table.softmax(logits);
      double mean = 0;
      double[] gain = new double[3];
      for (int y = 0; y < 3; y++) {
        gain[y] = reward[y] - beta * w[y] * (Math.log(p[y]) + 1);
        mean += p[y] * gain[y];
      }
      for (int y = 0; y < 3; y++) logits[y] += p[y] * (gain[y] - mean);
    }
    return Table.softmax(logits);
  }

  @Test
  void dynamicLabelsAgreeWithFiniteDifferences() {
    Random random = new Random(4);
    double[] w = random.doubles(4, -9, -1).toArray();
    double[] l = random.doubles(4, -9, -1).toArray();
    Gradients.agree(
        t -> {
          var pairs =
              new PreferenceBatch(
                  t.get(0), t.get(1), null, null, vector(1, 2, 3, 4), vector(4, 3, 2, 1));
          return new PowerDl(2, 0.1, 0.9, PowerDl.Weight.INVERSE_LENGTH)
              .loss(pairs, PairLabels.preferred(t.get(0)), vector(1, 0.7, 0.2, 0.5));
        },
        new double[][] {w},
        new double[][] {l});
  }

  @Test
  void insideRpoLabelsFollowTooAndTheDatasSayWhatIsToStayLikely() {
    try (Scope scope = Scope.inference()) {
      Tensor logs = vector(-1, -2, -0.7);
      PreferenceBatch pairs = Table.pairs(logs, NONE, new int[] {0}, new int[] {1});
      PairLabels labels = PairLabels.preferred(vector(0));
      var rpo = new Rpo(PLAIN, 0.3, Rpo.Reduction.SUM);

      assertEquals(
          item(PLAIN.loss(pairs, labels, vector(0.6))) + 0.3,
          item(rpo.loss(pairs, labels, vector(0.6))),
          1e-14);
      assertEquals(true, rpo.labelsFollow());
      assertEquals(item(PLAIN.follow(pairs, vector(1))), item(rpo.follow(pairs, vector(1))), 0);
      assertFalse(new Dpo(1).labelsFollow());
      assertFalse(new PowerDl(1, 0, 1, PowerDl.Weight.ONE).labelsFollow());
    }
  }

  @Test
  void whatMeansNothingIsNamed() {
    for (double rate : new double[] {0, 1.1, Double.NaN}) {
      assertThrows(
          IllegalArgumentException.class, () -> new PowerDl(1, 0, rate, PowerDl.Weight.ONE));
    }
  }
}
