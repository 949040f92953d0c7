package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.sub;
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
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What holds for every loss of pairs. */
class PairObjectiveTest {
  static final List<PairObjective> ALL =
      List.of(
          new BradleyTerry(0, 0, 0),
          new BradleyTerry(0.3, 0.05, 0.01),
          new ScaledBradleyTerry(),
          new RaoKupper(1.7, true),
          new RaoKupper(1, false),
          new Davidson(0.6, true),
          new Davidson(0, false),
          new CumulativeLink(List.of(0.4, 1.3, 2.1), true),
          new CumulativeLink(List.of(0.0, 1.3, 2.1), true),
          new GeneralPreference(2, 0.5, true),
          new GeneralPreference(1, 1, false));

  static final List<PairObjective> OF_REWARDS = ALL.stream().filter(o -> o.width() == 1).toList();

  private static final double[] P = {1, 0.7, 0.5, 0.25, 0};
  private static final double[] TIE = {0, 0.4, 1, 0.1, 0};
  private static final double[] STRENGTH = {1, 2, 1, 3, 2};
  private static final double[] WEIGHT = {1, 0.5, 2, 0, 1};

  private static PairLabels labels() {
    return new PairLabels(vector(P), vector(TIE), vector(STRENGTH), vector(WEIGHT));
  }

  /** Rows for a batch of five; of one column where the model says rewards. */
  private static double[][] outputs(PairObjective objective, long seed) {
    Random random = new Random(seed);
    if (objective.width() == 1) return new double[][] {random.doubles(5, -2, 2).toArray()};
    double[][] rows = new double[5][];
    Arrays.setAll(rows, i -> random.doubles(objective.width(), -2, 2).toArray());
    return rows;
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void gradientsAgreeWithFiniteDifferences(PairObjective objective) {
    double[][] chosen = outputs(objective, 1);
    double[][] rejected = outputs(objective, 2);
    Gradients.agree(t -> objective.loss(t.get(0), t.get(1), labels()), chosen, rejected);
    if (objective.parameters().length > 0) {
      Gradients.agree(
          t -> objective.loss(t.get(0), t.get(1), labels(), t.get(2)),
          chosen,
          rejected,
          new double[][] {objective.parameters()});
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void turningThePairAndTheLabelRoundChangesNothing(PairObjective objective) {
    try (Scope scope = Scope.inference()) {
      Tensor chosen = tensor(outputs(objective, 3));
      Tensor rejected = tensor(outputs(objective, 4));
      PairLabels turned = labels().withProbability(sub(1, vector(P)));

      assertEquals(
          item(objective.loss(chosen, rejected, labels())),
          item(objective.loss(rejected, chosen, turned)),
          1e-14);
      assertArrayEquals(
          doubles(objective.lead(chosen, rejected)),
          doubles(neg(objective.lead(rejected, chosen))),
          1e-14);
    }
  }

  @ParameterizedTest
  @FieldSource("OF_REWARDS")
  void onlyDifferencesOfRewardsMatterUnlessTheyAreCentred(PairObjective objective) {
    try (Scope scope = Scope.inference()) {
      Tensor chosen = tensor(outputs(objective, 5));
      Tensor rejected = tensor(outputs(objective, 6));
      double here = item(objective.loss(chosen, rejected, labels()));
      double there = item(objective.loss(add(chosen, 7), add(rejected, 7), labels()));

      boolean centred = objective instanceof BradleyTerry b && b.centring() > 0;
      assertEquals(!centred, Math.abs(here - there) < 1e-13);
    }
  }

  @ParameterizedTest
  @FieldSource("OF_REWARDS")
  void rewardsFarApartCostAFiniteAmount(PairObjective objective) {
    for (ScalarType type : List.of(ScalarType.Double, ScalarType.Float)) {
      try (Scope scope = Scope.training()) {
        Tensor chosen =
            vector(5000, -5000, 0, 5000, -5000).to(type).detach().set_requires_grad(true);
        Tensor rejected = vector(-5000, 5000, 0, 5000, 0).to(type);
        PairLabels labels =
            new PairLabels(
                vector(P).to(type),
                vector(TIE).to(type),
                vector(STRENGTH).to(type),
                vector(1, 1, 1, 1, 1).to(type));
        Tensor cost = objective.loss(chosen, rejected, labels);
        cost.backward();

        assertTrue(Double.isFinite(item(cost)));
        for (double g : doubles(chosen.grad())) assertTrue(Double.isFinite(g));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void aPairOfWeightZeroIsAsIfItWereNotThere(PairObjective objective) {
    try (Scope scope = Scope.inference()) {
      Tensor chosen = tensor(outputs(objective, 7));
      Tensor rejected = tensor(outputs(objective, 8));
      PairLabels short3 =
          new PairLabels(
              vector(P).narrow(0, 0, 3),
              vector(TIE).narrow(0, 0, 3),
              vector(STRENGTH).narrow(0, 0, 3),
              vector(1, 1, 1));

      assertEquals(
          item(objective.loss(chosen.narrow(0, 0, 3), rejected.narrow(0, 0, 3), short3)),
          item(objective.loss(chosen, rejected, labels().withWeight(vector(1, 1, 1, 0, 0)))),
          1e-14);
      assertEquals(
          0, item(objective.loss(chosen, rejected, labels().withWeight(vector(0, 0, 0, 0, 0)))), 0);
    }
  }

  /** A pair that stands k times weighs k. */
  @ParameterizedTest
  @FieldSource("ALL")
  void aWeightIsARepetition(PairObjective objective) {
    try (Scope scope = Scope.inference()) {
      Tensor chosen = tensor(outputs(objective, 9));
      Tensor rejected = tensor(outputs(objective, 10));
      Tensor repeated = Tensor.create(0L, 0L, 0L, 1L, 2L, 3L, 4L, 4L);
      PairLabels copies =
          new PairLabels(
              vector(P).index_select(0, repeated),
              vector(TIE).index_select(0, repeated),
              vector(STRENGTH).index_select(0, repeated),
              vector(1, 1, 1, 1, 1, 1, 1, 1));

      assertEquals(
          item(
              objective.loss(
                  chosen.index_select(0, repeated), rejected.index_select(0, repeated), copies)),
          item(objective.loss(chosen, rejected, labels().withWeight(vector(3, 1, 1, 1, 2)))),
          1e-14);
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void learningBeginsWhereTheSpecSaysAndEndsInASpec(PairObjective objective) {
    try (Scope scope = Scope.inference()) {
      Tensor chosen = tensor(outputs(objective, 11));
      Tensor rejected = tensor(outputs(objective, 12));
      double fixed = item(objective.loss(chosen, rejected, labels()));
      double[] own = objective.parameters();

      assertEquals(fixed, item(objective.loss(chosen, rejected, labels(), vector(own))), 1e-13);

      double[] moved = Arrays.stream(own).map(v -> v + 0.3).toArray();
      PairObjective fitted = objective.fitted(moved);
      assertEquals(
          item(objective.loss(chosen, rejected, labels(), vector(moved))),
          item(fitted.loss(chosen, rejected, labels())),
          1e-13);
      assertEquals(0, fitted.parameters().length);
      assertEquals(
          own.length == 0, Math.abs(fixed - item(fitted.loss(chosen, rejected, labels()))) < 1e-6);
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void aTieCostsLeastBetweenEquals(PairObjective objective) {
    try (Scope scope = Scope.inference()) {
      PairLabels tie =
          PairLabels.of(vector(0), new double[] {0.5}, new double[] {1}, new double[] {1});
      double[] here = new double[objective.width()];
      Arrays.fill(here, 1.0);
      Tensor same = objective.width() == 1 ? vector(1) : vector(here).unsqueeze(0);
      double[] off = here.clone();
      off[0] += 0.5;
      Tensor other = objective.width() == 1 ? vector(off) : vector(off).unsqueeze(0);

      // Centring also has a say in where the cost is least.
      var plain = objective instanceof BradleyTerry ? new BradleyTerry(0, 0, 0) : objective;
      double equal = item(plain.loss(same, same, tie));
      assertTrue(equal < item(plain.loss(other, same, tie)));
      assertTrue(equal < item(plain.loss(same, other, tie)));
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void shapesThatDifferAreNamed(PairObjective objective) {
    try (Scope scope = Scope.inference()) {
      Tensor five = tensor(outputs(objective, 1));
      Tensor two = five.narrow(0, 0, 2);
      String message =
          assertThrows(IllegalArgumentException.class, () -> objective.loss(five, two, labels()))
              .getMessage();
      assertTrue(message.startsWith("rejected has shape [2"), message);

      message =
          assertThrows(IllegalArgumentException.class, () -> objective.loss(two, two, labels()))
              .getMessage();
      assertEquals("probability has shape [5], expected [2]", message);
    }
    try (Scope scope = Scope.inference()) {
      var e =
          assertThrows(IllegalArgumentException.class, () -> labels().withStrength(vector(1, 2)));
      assertEquals("strength has shape [2], probability has [5]", e.getMessage());
    }
  }
}
