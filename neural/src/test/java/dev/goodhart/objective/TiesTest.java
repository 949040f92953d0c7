package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.exp;
import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.neural.engine.Ops.like;
import static dev.goodhart.neural.engine.Ops.sum;
import static dev.goodhart.objective.Gradients.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Scope;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rao–Kupper, Davidson and grades: the objectives to which a tie is an outcome. */
class TiesTest {
  private static final double[] DELTAS = {-40, -3, -0.7, 0, 1e-9, 0.2, 2.5, 40};

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
  void raoKupperOfTwoToOneAndThetaTwo() {
    // π = 2 and 1, θ = 2: 2/(2 + 2) = 1/2, 1/(1 + 4) = 1/5, (4 − 1) · 2 / (4 · 5) = 3/10.
    Tensor p = exp(RaoKupper.outcomes(vector(Math.log(2)), vector(Math.log(2))));

    assertArrayEquals(new double[] {0.5, 0.2, 0.3}, doubles(p), 1e-15);
  }

  @Test
  void davidsonOfFourToOneAndNuTwo() {
    // π = 4 and 1, ν √4 = 4: 4, 1 and 4 of 9.
    Tensor p = exp(Davidson.outcomes(vector(Math.log(4)), vector(Math.log(2))));

    assertArrayEquals(new double[] {4 / 9.0, 1 / 9.0, 4 / 9.0}, doubles(p), 1e-15);
  }

  @Test
  void gradesOfAHandComputedCase() {
    // Δ = 0, τ = ln 2 and ln 5: σ(−ln 2) = 1/3, σ(−ln 5) = 1/6.
    Tensor p = exp(CumulativeLink.outcomes(vector(0), vector(Math.log(2), Math.log(5)), true));

    assertArrayEquals(
        new double[] {1 / 6.0, 1 / 6.0, 1 / 3.0, 1 / 6.0, 1 / 6.0}, doubles(p), 1e-15);
    // Without a grade for ties, τ = 0 and ln 5: 1/6 and 1/2 − 1/6 on each side.
    p = exp(CumulativeLink.outcomes(vector(0), vector(0, Math.log(5)), false));
    assertArrayEquals(new double[] {1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0}, doubles(p), 1e-15);
  }

  @Test
  void gradesAreDifferencesOfTheLogisticFunction() {
    double[] tau = {0.3, 1.1, 1.9};
    Tensor p = exp(CumulativeLink.outcomes(vector(DELTAS), vector(tau), true));

    double[] cuts = {-1.9, -1.1, -0.3, 0.3, 1.1, 1.9};
    double[] expected = new double[DELTAS.length * 7];
    for (int i = 0; i < DELTAS.length; i++) {
      for (int k = 0; k < 7; k++) {
        double upper = k == 6 ? 1 : sigmoid(cuts[k] - DELTAS[i]);
        double lower = k == 0 ? 0 : sigmoid(cuts[k - 1] - DELTAS[i]);
        expected[i * 7 + k] = upper - lower;
      }
    }
    assertArrayEquals(expected, doubles(p), 1e-15);
  }

  @Test
  void theOutcomesOfAPairSumToOne() {
    double[] ones = new double[DELTAS.length];
    java.util.Arrays.fill(ones, 1);
    Tensor delta = vector(DELTAS);

    assertArrayEquals(ones, doubles(sum(exp(RaoKupper.outcomes(delta, vector(0.4))), -1)), 1e-14);
    assertArrayEquals(ones, doubles(sum(exp(Davidson.outcomes(delta, vector(0.4))), -1)), 1e-14);
    assertArrayEquals(
        ones,
        doubles(sum(exp(CumulativeLink.outcomes(delta, vector(0.1, 0.2, 4), true)), -1)),
        1e-14);
    assertArrayEquals(
        ones, doubles(sum(exp(CumulativeLink.outcomes(delta, vector(0, 0.2), false)), -1)), 1e-14);
  }

  @Test
  void withoutTiesBothAreBradleyTerry() {
    Tensor chosen = vector(1.2, -0.4, 0, 3.5);
    Tensor rejected = vector(0.1, 0.9, -2, 3.4);
    PairLabels labels =
        PairLabels.of(
            chosen,
            new double[] {1, 0.25, 0.9, 0.5},
            new double[] {1, 1, 1, 1},
            new double[] {1, 2, 1, 1});
    double expected = item(new BradleyTerry(0, 0, 0).loss(chosen, rejected, labels));

    assertEquals(expected, item(new RaoKupper(1, false).loss(chosen, rejected, labels)), 1e-15);
    assertEquals(expected, item(new Davidson(0, false).loss(chosen, rejected, labels)), 1e-15);
    assertEquals(
        expected,
        item(new CumulativeLink(List.of(0.0), false).loss(chosen, rejected, labels)),
        1e-15);
    // And near there they are near it, for pairs without ties.
    PairLabels decided = labels.withTie(vector(0, 0, 0, 0));
    assertEquals(
        expected, item(new RaoKupper(1 + 1e-12, false).loss(chosen, rejected, decided)), 1e-11);
    assertEquals(expected, item(new Davidson(1e-12, false).loss(chosen, rejected, decided)), 1e-11);
  }

  @Test
  void oneGradeIsRaoKupper() {
    Tensor chosen = vector(1.2, -0.4, 0, 3.5);
    Tensor rejected = vector(0.1, 0.9, -2, 3.4);
    PairLabels labels =
        new PairLabels(
            vector(1, 0.25, 0.5, 0.6),
            vector(0, 0.3, 1, 0),
            vector(1, 2, 3, 1),
            vector(1, 2, 1, 1));

    assertEquals(
        item(new RaoKupper(1.8, false).loss(chosen, rejected, labels)),
        item(new CumulativeLink(List.of(Math.log(1.8)), false).loss(chosen, rejected, labels)),
        1e-14);
  }

  @Test
  void aPairCostsItsShares() {
    // Half of the judges for the chosen (1/2), a fifth for the rejected (1/5), 3 in 10 tied (3/10).
    PairLabels labels = new PairLabels(vector(0.65), vector(0.3), vector(1), vector(1));
    double expected = -(0.5 * Math.log(0.5) + 0.2 * Math.log(0.2) + 0.3 * Math.log(0.3));

    assertEquals(
        expected,
        item(new RaoKupper(2, false).loss(vector(Math.log(2)), vector(0), labels)),
        1e-14);
  }

  @Test
  void aStrengthPicksItsGrade() {
    // Δ = 0, τ = ln 2 and ln 5: grade 1 and 2 and a tie cost ln 6, ln 6, ln 3; grade 9 is the last.
    var grades = new CumulativeLink(List.of(Math.log(2), Math.log(5)), false);
    double[] zeros = {0, 0, 0, 0};
    PairLabels labels =
        PairLabels.of(
            vector(0),
            new double[] {1, 0, 0.5, 1},
            new double[] {1, 2, 2, 9},
            new double[] {1, 10, 100, 1000});

    assertEquals(
        (1011 * Math.log(6) + 100 * Math.log(3)) / 1111,
        item(grades.loss(vector(zeros), vector(zeros), labels)),
        1e-14);
    // At Δ = ln 5 grade 2 of the chosen is even odds, of the rejected σ(−2 ln 5) = 1/26.
    labels =
        PairLabels.of(vector(0), new double[] {1, 0}, new double[] {2, 2}, new double[] {1, 3});
    assertEquals(
        (Math.log(2) + 3 * Math.log(26)) / 4,
        item(grades.loss(vector(Math.log(5), Math.log(5)), vector(0, 0), labels)),
        1e-14);
  }

  /** Maximum likelihood finds the tie parameter back that made the data. */
  @Test
  void theTieParameterIsLearnedFromTheShareOfTies() {
    // At equal rewards (θ − 1)/(θ + 1) = ν/(2 + ν) = 1/3 of judgements are ties: θ = 2, ν = 1.
    Tensor equal = vector(0);
    PairLabels third = new PairLabels(vector(0.5), vector(1 / 3.0), vector(1), vector(1));
    for (PairObjective objective : List.of(new RaoKupper(1.2, true), new Davidson(0.1, true))) {
      Tensor own = vector(objective.parameters()).set_requires_grad(true);
      for (int step = 0; step < 400; step++) {
        try (Scope inner = Scope.training()) {
          objective.loss(equal, equal, third, own).backward();
          double gradient = item(own.grad());
          own.data().sub_(like(own, 8 * gradient));
          own.grad().zero_();
        }
      }
      PairObjective fitted = objective.fitted(doubles(own));
      double parameter = fitted instanceof RaoKupper r ? r.theta() - 1 : ((Davidson) fitted).nu();
      assertEquals(1, parameter, 1e-6, objective.toString());
    }
  }

  @Test
  void thresholdsStayInOrderWhereverTheyAreMoved() {
    var grades = new CumulativeLink(List.of(0.0, 1.0, 1.5), true);
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      double[] moved = {random.nextGaussian() * 5, random.nextGaussian() * 5};
      CumulativeLink fitted = grades.fitted(moved);
      assertEquals(0, fitted.thresholds().getFirst());
      assertTrue(fitted.thresholds().get(2) > fitted.thresholds().get(1));
    }
  }

  @Test
  void parametersThatMeanNothingAreRefused() {
    refused("theta must be finite and at least 1, not 0.9", () -> new RaoKupper(0.9, false));
    refused("theta must be above 1 to be learned", () -> new RaoKupper(1, true));
    refused("nu must be finite and at least 0, not NaN", () -> new Davidson(Double.NaN, false));
    refused("nu must be above 0 to be learned", () -> new Davidson(0, true));
    refused(
        "thresholds must be finite and ascend, not [0.0, 2.0, 2.0]",
        () -> new CumulativeLink(List.of(0.0, 2.0, 2.0), false));
    refused(
        "thresholds must begin with a number of at least 0, not []",
        () -> new CumulativeLink(List.of(), false));
  }

  private static void refused(String message, org.junit.jupiter.api.function.Executable what) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, what).getMessage());
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
