package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.neural.engine.Ops.sum;
import static dev.goodhart.objective.Gradients.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Scope;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RobustDpoTest {
  private static PreferenceBatch pair(Tensor h) {
    Tensor zero = vector(0);
    return new PreferenceBatch(h, zero, zero, zero, vector(1), vector(1));
  }

  private static double slope(PreferenceObjective objective, double h) {
    try (Scope scope = Scope.training()) {
      Tensor leaf = vector(h).set_requires_grad(true);
      sum(objective.of(pair(leaf))).backward();
      return doubles(leaf.grad())[0];
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.25, 0.4, 0.49})
  void overFlippedLabelsItsMeanIsDpos(double flips) {
    Random random = new Random(3);
    try (Scope scope = Scope.inference()) {
      for (int i = 0; i < 100; i++) {
        double h = 6 * random.nextGaussian();
        var robust = new RobustDpo(0.7, flips);
        double mean =
            (1 - flips) * item(robust.of(pair(vector(h))))
                + flips * item(robust.of(pair(vector(-h))));
        assertEquals(item(new Dpo(0.7).of(pair(vector(h)))), mean, 1e-12);
      }
    }
  }

  @Test
  void itsSlopeIsTheFormulasAndNeverLessThanItsLeast() {
    double e = 0.3;
    for (double h = -30; h <= 30; h += 1.5) {
      double expected = -((1 - e) * Table.sigmoid(-h) + e * Table.sigmoid(h)) / (1 - 2 * e);
      double slope = slope(new RobustDpo(1, e), h);
      assertEquals(expected, slope, 1e-14);
      assertTrue(slope <= -e / (1 - 2 * e), "at " + h);
    }
  }

  @Test
  void itBendsAsDpoDoes() {
    double step = 1e-5;
    for (double h = -4; h <= 4; h += 0.5) {
      double robust =
          (slope(new RobustDpo(1, 0.3), h + step) - slope(new RobustDpo(1, 0.3), h - step))
              / (2 * step);
      assertEquals(Table.sigmoid(h) * Table.sigmoid(-h), robust, 1e-9);
    }
  }

  /**
   * Ten pairs of which f · 10 stand against the direction: the cost grows like (f − e)/(1 − 2e).
   */
  @Test
  void aDirectionIsWithoutBoundWhereFewerThanEStandAgainstIt() {
    double far = 1e4;
    for (int wrong = 0; wrong <= 5; wrong++) {
      double f = wrong / 10.0;
      double e = 0.25;
      try (Scope scope = Scope.inference()) {
        var robust = new RobustDpo(1, e);
        double cost =
            (1 - f) * item(robust.of(pair(vector(far)))) + f * item(robust.of(pair(vector(-far))));
        assertEquals((f - e) / (1 - 2 * e), cost / far, 1e-9);
      }
    }
  }

  @Test
  void theRewardModelsIsTheSameOfRewards() {
    try (Scope scope = Scope.inference()) {
      Tensor a = vector(1.3, -0.4);
      Tensor b = vector(0.2, 2);
      PairLabels labels = PairLabels.preferred(a).withWeight(vector(1, 3));
      double robust = item(new RobustBradleyTerry(0.2).loss(a, b, labels));
      double first =
          (-0.8 * Math.log(Table.sigmoid(1.1)) + 0.2 * Math.log(Table.sigmoid(-1.1))) / 0.6;
      double second =
          (-0.8 * Math.log(Table.sigmoid(-2.4)) + 0.2 * Math.log(Table.sigmoid(2.4))) / 0.6;
      assertEquals((first + 3 * second) / 4, robust, 1e-13);

      // Labels whose flips are averaged out: a probability of 1 − e is a true label of 1.
      assertEquals(
          item(new BradleyTerry(0, 0, 0).loss(a, b, labels)),
          item(new RobustBradleyTerry(0.2).loss(a, b, labels.withProbability(vector(0.8, 0.8)))),
          1e-13);
    }
    Gradients.agree(
        t -> new RobustBradleyTerry(0.3).loss(t.get(0), t.get(1), PairLabels.preferred(t.get(0))),
        new double[][] {{0.3, -2, 5}},
        new double[][] {{1, 1, 1}});
  }
}
