package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.objective.Gradients.tensor;
import static dev.goodhart.objective.Gradients.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Scope;
import dev.goodhart.objective.Distillation.Divergence;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DistillationTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.training();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** P = (¾, ¼), Q = (½, ½). */
  @Test
  void theDivergencesOfThreeQuartersFromAHalf() {
    Tensor student = tensor(new double[] {0, 0}).reshape(1, 2);
    Tensor teacher = tensor(new double[] {Math.log(3), 0}).reshape(1, 2);
    double forward = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
    double reverse = 0.5 * Math.log(0.5 / 0.75) + 0.5 * Math.log(2);
    // M = (5/8, 3/8).
    double js =
        (0.75 * Math.log(0.75 / 0.625) + 0.25 * Math.log(0.25 / 0.375)) / 2
            + (0.5 * Math.log(0.5 / 0.625) + 0.5 * Math.log(0.5 / 0.375)) / 2;

    assertEquals(forward, cost(Divergence.FORWARD, 0.5, 1, student, teacher), 1e-15);
    assertEquals(reverse, cost(Divergence.REVERSE, 0.5, 1, student, teacher), 1e-15);
    assertEquals(js, cost(Divergence.JS, 0.5, 1, student, teacher), 1e-15);
  }

  @Test
  void aTemperatureOfTwoHalvesTheLogits() {
    Tensor student = tensor(new double[] {1, -2, 0.5}).reshape(1, 3);
    Tensor teacher = tensor(new double[] {0.3, 2, -1}).reshape(1, 3);
    for (Divergence divergence : Divergence.values()) {
      assertEquals(
          cost(divergence, 0.3, 1, student.div(vector(2)), teacher.div(vector(2))),
          cost(divergence, 0.3, 2, student, teacher),
          1e-15);
    }
  }

  @Test
  void atItsEndsTheJensenShannonDivergenceIsForwardAndReverse() {
    Tensor student = tensor(new double[] {1, -2, 0.5}).reshape(1, 3);
    Tensor teacher = tensor(new double[] {0.3, 2, -1}).reshape(1, 3);
    double small = 1e-6;

    assertEquals(
        cost(Divergence.FORWARD, 0.5, 1, student, teacher),
        cost(Divergence.JS, small, 1, student, teacher) / small,
        1e-4);
    assertEquals(
        cost(Divergence.REVERSE, 0.5, 1, student, teacher),
        cost(Divergence.JS, 1 - small, 1, student, teacher) / small,
        1e-4);
    assertEquals(
        cost(Divergence.JS, 0.5, 1, student, teacher),
        cost(Divergence.JS, 0.5, 1, teacher, student),
        1e-15,
        "it is symmetric at ½");
  }

  @ParameterizedTest
  @EnumSource
  void equalDistributionsCostNothingAndPullNowhere(Divergence divergence) {
    Tensor student = tensor(new double[] {1, -2, 0.5}).reshape(1, 3).set_requires_grad(true);
    // A constant moves no distribution.
    Tensor teacher = tensor(new double[] {4, 1, 3.5}).reshape(1, 3);
    Tensor cost = new Distillation(divergence, 0.3, 1).loss(student, teacher, vector(1));
    cost.backward();

    assertEquals(0, item(cost), 1e-15);
    assertArrayEquals(new double[3], doubles(student.grad()), 1e-15);
  }

  @ParameterizedTest
  @EnumSource
  void gradientsAgreeWithFiniteDifferences(Divergence divergence) {
    Random random = new Random(3);
    double[][] teacher = rows(random);
    Distillation objective = new Distillation(divergence, 0.3, 1.7);
    Gradients.agree(
        t -> objective.loss(t.get(0), tensor(teacher), vector(1, 0.5, 0)), rows(random));
  }

  private static double[][] rows(Random random) {
    double[][] rows = new double[3][];
    for (int i = 0; i < rows.length; i++) rows[i] = random.doubles(4, -2, 2).toArray();
    return rows;
  }

  @ParameterizedTest
  @EnumSource
  void whatTheTeacherRulesOutCostsAFiniteAmount(Divergence divergence) {
    Tensor student = tensor(new double[] {1, -2, 0.5}).reshape(1, 3).set_requires_grad(true);
    Tensor teacher = tensor(new double[] {0.3, Double.NEGATIVE_INFINITY, -1}).reshape(1, 3);
    Tensor cost = new Distillation(divergence, 0.5, 1).loss(student, teacher, vector(1));
    cost.backward();

    assertTrue(Double.isFinite(item(cost)), "costs " + item(cost));
    for (double slope : doubles(student.grad())) assertTrue(Double.isFinite(slope));
  }

  /** Off-policy by another road: the forward divergence is cross-entropy less the entropy. */
  @Test
  void forwardIsTheCrossEntropyWithoutTheTeachersEntropy() {
    double[] p = {0.2, 0.5, 0.3};
    double[] q = {0.6, 0.3, 0.1};
    double cross = 0;
    double entropy = 0;
    for (int i = 0; i < 3; i++) {
      cross -= p[i] * Math.log(q[i]);
      entropy -= p[i] * Math.log(p[i]);
    }

    assertEquals(cross - entropy, cost(Divergence.FORWARD, 0.5, 1, logs(q), logs(p)), 1e-15);
  }

  private static Tensor logs(double[] p) {
    return tensor(new double[] {Math.log(p[0]), Math.log(p[1]), Math.log(p[2])}).reshape(1, 3);
  }

  private static double cost(
      Divergence divergence, double beta, double temperature, Tensor student, Tensor teacher) {
    return item(new Distillation(divergence, beta, temperature).loss(student, teacher, vector(1)));
  }
}
