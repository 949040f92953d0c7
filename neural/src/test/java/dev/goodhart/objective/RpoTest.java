package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.objective.Gradients.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Scope;
import org.junit.jupiter.api.Test;

class RpoTest {
  private static final double[] LOGITS = {0.3, -0.5, 0.9};
  private static final double[] REFERENCE = Table.log(0.5, 0.3, 0.2);

  /** −β·σ(−βh)·(e_w − e_l) of DPO, −α·(e_w − π) of the fine-tuning: both on paper. */
  @Test
  void itsGradientInATableIsDposAndThatOfFineTuning() {
    double beta = 0.7;
    double eta = 0.4;
    var rpo = new Rpo(new Dpo(beta), eta * beta, Rpo.Reduction.SUM);
    double[] p = Table.softmax(LOGITS);
    double h = LOGITS[0] - LOGITS[1] - (REFERENCE[0] - REFERENCE[1]);
    double pull = beta * Table.sigmoid(-beta * h);
    double[] expected = {
      -pull - eta * beta * (1 - p[0]), pull + eta * beta * p[1], eta * beta * p[2]
    };

    Table.Slope slope =
        Table.slope(
            LOGITS,
            logs ->
                rpo.loss(
                    Table.pairs(logs, REFERENCE, new int[] {0}, new int[] {1}),
                    PairLabels.preferred(vector(0))));

    assertArrayEquals(expected, slope.gradient(), 1e-14);
    assertEquals(
        -Math.log(Table.sigmoid(beta * h)) - eta * beta * Math.log(p[0]), slope.loss(), 1e-14);
  }

  /**
   * The other order of max and min, on a grid of rewards: the reward that costs least together with
   * the best policy for it is the one whose policy has the least {@code sum}.
   */
  @Test
  void itIsTheGameAgainstTheWorstRewardThatExplainsThePairs() {
    double beta = 0.7;
    double eta = 0.4;
    double[] reference = {0.5, 0.3, 0.2};
    double[] chosen = {0.75, 0.25, 0}; // response 0 won three times, 1 won once, 2 was not there
    var rpo = new Rpo(new Dpo(beta), eta * beta, Rpo.Reduction.SUM);
    double apart = Double.NaN;
    for (double a = -3; a <= 3; a += 0.5) {
      for (double c = -3; c <= 3; c += 0.5) {
        double[] reward = {a, 0, c};
        double[] logits = new double[3];
        double z = 0;
        for (int y = 0; y < 3; y++) {
          logits[y] = Math.log(reference[y]) + reward[y] / beta;
          z += reference[y] * Math.exp(reward[y] / beta);
        }
        // max over policies of E_policy R − β·KL is β·ln z
        double worst =
            eta * (beta * Math.log(z) - chosen[0] * reward[0] - chosen[1] * reward[1])
                - 0.75 * Math.log(Table.sigmoid(a))
                - 0.25 * Math.log(Table.sigmoid(-a));
        double loss =
            Table.slope(
                    logits,
                    logs ->
                        rpo.loss(
                            Table.pairs(logs, Table.log(reference), new int[] {0}, new int[] {1}),
                            PairLabels.preferred(vector(0)).withProbability(vector(0.75))))
                .loss();
        double constant = loss - worst;
        if (!Double.isNaN(apart)) assertEquals(apart, constant, 1e-12);
        apart = constant;
      }
    }
    // The constant is the fine-tuning term at the reference.
    assertEquals(-eta * beta * (0.75 * Math.log(0.5) + 0.25 * Math.log(0.3)), apart, 1e-12);
  }

  @Test
  void sumAndMeanAgreeWhereAlphaOfTheMeanIsLengthTimesThatOfTheSum() {
    try (Scope scope = Scope.inference()) {
      var pairs =
          new PreferenceBatch(
              vector(-160), vector(-90), vector(-150), vector(-95), vector(80), vector(40));
      // The authors' 0.005 by sum at β = 0.5 is 0.2 by mean over 80 tokens.
      double sum = item(new Rpo(new Dpo(0.5), 0.005 * 0.5, Rpo.Reduction.SUM).of(pairs));
      double mean = item(new Rpo(new Dpo(0.5), 0.2, Rpo.Reduction.MEAN).of(pairs));
      assertEquals(sum, mean, 1e-12);
      assertEquals(
          item(new Dpo(0.5).of(pairs)),
          item(new Rpo(new Dpo(0.5), 0, Rpo.Reduction.SUM).of(pairs)));
    }
  }

  /** What is not in the data is paid for: with the table free, DPO has no view of response 2. */
  @Test
  void itPaysForWeightThatLeavesTheData() {
    double[] leaked = {0, 0, 3};
    double dpo =
        Table.slope(
                leaked,
                l ->
                    new Dpo(1)
                        .loss(
                            Table.pairs(l, REFERENCE, new int[] {0}, new int[] {1}),
                            PairLabels.preferred(vector(0))))
            .gradient()[2];
    double rpo =
        Table.slope(
                leaked,
                l ->
                    new Rpo(new Dpo(1), 0.1, Rpo.Reduction.SUM)
                        .loss(
                            Table.pairs(l, REFERENCE, new int[] {0}, new int[] {1}),
                            PairLabels.preferred(vector(0))))
            .gradient()[2];

    assertEquals(0, dpo, 1e-15);
    assertEquals(0.1 * Math.exp(3) / (2 + Math.exp(3)), rpo, 1e-14);
    assertTrue(rpo > 0);
  }
}
