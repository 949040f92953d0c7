package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.neural.engine.Ops.sum;
import static dev.goodhart.objective.Gradients.tensor;
import static dev.goodhart.objective.Gradients.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Scope;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class BrainTest {
  private static final double T = 0.7;
  private static final Brain BRAIN = new Brain(T, false);
  private static final double[] PRIOR = Table.softmax(0.2, -1, 0.5, 1, -0.3);
  private static final double[] REWARDS = {1, -0.5, 0.3, -1, 2};

  private static double[] posterior() {
    double[] logits = new double[PRIOR.length];
    Arrays.setAll(logits, y -> Math.log(PRIOR[y]) + REWARDS[y] / T);
    return Table.softmax(logits);
  }

  private static Tensor row(double... values) {
    return vector(values).unsqueeze(0);
  }

  private static double[] at(double[] values, int... places) {
    return Arrays.stream(places).mapToDouble(i -> values[i]).toArray();
  }

  @Test
  void overAllResponsesOnceTheGradientIsPolicyMinusPosterior() {
    double[] logits = {0.4, 1.2, -0.7, 0, 0.1};
    double even = -Math.log(5);
    double[] policy = Table.softmax(logits);
    double[] posterior = posterior();
    double[] expected = new double[5];
    double kl = 0;
    for (int y = 0; y < 5; y++) {
      expected[y] = policy[y] - posterior[y];
      kl += posterior[y] * Math.log(posterior[y] / policy[y]);
    }

    Table.Slope slope =
        Table.slope(
            logits,
            logs ->
                BRAIN.loss(
                    logs.unsqueeze(0),
                    row(Table.log(PRIOR)),
                    row(even, even, even, even, even),
                    row(REWARDS)));

    assertArrayEquals(expected, slope.gradient(), 1e-12);
    assertEquals(kl, slope.loss(), 1e-12);
  }

  @Test
  void atThePosteriorNoBatchPullsAtAll() {
    double[] logits = Table.log(posterior());
    Random random = new Random(1);
    double without = 0;
    for (int n = 2; n <= 8; n++) {
      int[] drawn = random.ints(n, 0, 5).toArray();
      Table.Slope with =
          Table.slope(
              logits,
              logs ->
                  BRAIN.loss(
                      Table.at(logs, drawn).unsqueeze(0),
                      row(at(Table.log(PRIOR), drawn)),
                      row(at(Table.log(PRIOR), drawn)),
                      row(at(REWARDS, drawn))));
      assertArrayEquals(new double[5], with.gradient(), 1e-14);
      assertEquals(0, with.loss(), 1e-14);

      // −Σ a · log policy: the same estimate without the baseline
      Table.Slope bare =
          Table.slope(
              logits,
              logs ->
                  sum(BRAIN
                          .targets(
                              row(at(Table.log(PRIOR), drawn)),
                              row(at(Table.log(PRIOR), drawn)),
                              row(at(REWARDS, drawn)))
                          .mul(Table.at(logs, drawn).unsqueeze(0)))
                      .neg());
      for (double g : bare.gradient()) without += Math.abs(g);
    }
    assertTrue(without > 1, "without the baseline: " + without);
  }

  @Test
  void twoDrawnFromThePriorAndTheBetterAloneAreDpo() {
    double[] logits = {0.4, 1.2, -0.7, 0, 0.1};
    double[] prior = Table.log(PRIOR);
    int[][] pairs = {{0, 1}, {3, 4}, {2, 0}};
    for (int[] pair : pairs) {
      int better = REWARDS[pair[0]] > REWARDS[pair[1]] ? 0 : 1;
      Table.Slope brain =
          Table.slope(
              logits,
              logs ->
                  new Brain(T, true)
                      .loss(
                          Table.at(logs, pair).unsqueeze(0),
                          row(at(prior, pair)),
                          row(at(prior, pair)),
                          row(at(REWARDS, pair))));
      Table.Slope dpo =
          Table.slope(
              logits,
              logs ->
                  new Dpo(1)
                      .of(
                          Table.pairs(
                              logs, prior, new int[] {pair[better]}, new int[] {pair[1 - better]}))
                      .sum());
      assertEquals(dpo.loss(), brain.loss(), 1e-14);
      assertArrayEquals(dpo.gradient(), brain.gradient(), 1e-14);
    }
  }

  @Test
  void targetsByHand() {
    try (Scope scope = Scope.inference()) {
      // Drawn from the prior only rewards count: 1 : 3 at T = 1. From elsewhere, prior/proposal
      // too.
      Tensor a =
          new Brain(1, false)
              .targets(
                  tensor(new double[] {-1, -2}, new double[] {Math.log(0.5), Math.log(0.25)}),
                  tensor(new double[] {-1, -2}, new double[] {Math.log(0.25), Math.log(0.5)}),
                  tensor(new double[] {0, Math.log(3)}, new double[] {0, 0}));
      assertArrayEquals(new double[] {0.25, 0.75, 0.8, 0.2}, doubles(a), 1e-14);
      assertArrayEquals(
          new double[] {1 / (0.0625 + 0.5625), 1 / (0.64 + 0.04)},
          doubles(new Brain(1, false).effective(a)),
          1e-12);

      Tensor hard = new Brain(1, true).targets(row(0, 0, 0), row(0, 0, 0), row(2, 5, 5));
      assertArrayEquals(new double[] {0, 0.5, 0.5}, doubles(hard), 1e-15);
    }
  }

  @Test
  void itsGradientIsTheWeightsApartAndAgreesWithFiniteDifferences() {
    double[][] now = {{-3, -1, -2}, {-0.5, -4, -2.5}};
    double[][] prior = {{-2, -1.5, -2.2}, {-1, -3, -2}};
    double[][] proposal = {{-2.5, -1, -2}, {-1, -2, -2}};
    double[][] rewards = {{1, 0, -1}, {0.5, 2, 0}};
    Gradients.agree(
        t -> BRAIN.loss(t.getFirst(), tensor(prior), tensor(proposal), tensor(rewards)), now);
    try (Scope scope = Scope.training()) {
      Tensor leaf = tensor(now).set_requires_grad(true);
      BRAIN.loss(leaf, tensor(prior), tensor(proposal), tensor(rewards)).backward();
      double[] gradient = doubles(leaf.grad());
      for (int x = 0; x < 2; x++) {
        double[] logA = new double[3];
        double[] logB = new double[3];
        for (int i = 0; i < 3; i++) {
          logA[i] = prior[x][i] + rewards[x][i] / T - proposal[x][i];
          logB[i] = now[x][i] - proposal[x][i];
        }
        double[] a = Table.softmax(logA);
        double[] b = Table.softmax(logB);
        for (int i = 0; i < 3; i++) assertEquals((b[i] - a[i]) / 2, gradient[3 * x + i], 1e-14);
      }
    }
  }

  @Test
  void targetsAreHeldFixedAndOneResponseTeachesNothing() {
    try (Scope scope = Scope.training()) {
      Tensor prior = row(-1, -2).set_requires_grad(true);
      assertFalse(BRAIN.targets(prior, row(-1, -1), row(0, 1)).requires_grad());

      Tensor one = row(-3).set_requires_grad(true);
      BRAIN.loss(one, row(-1), row(-2), row(4)).backward();
      assertArrayEquals(new double[] {0}, doubles(one.grad()), 0);
    }
  }

  @Test
  void hopelessResponsesCostFiniteAmounts() {
    try (Scope scope = Scope.training()) {
      for (boolean hard : new boolean[] {false, true}) {
        Tensor now = row(-20000, -1, -30000).set_requires_grad(true);
        Tensor cost = new Brain(T, hard).loss(now, row(-9, -8, -7), row(-9, -8, -7), row(9, 0, 1));
        cost.backward();
        assertTrue(Double.isFinite(item(cost)));
        for (double g : doubles(now.grad())) assertTrue(Double.isFinite(g));
      }
    }
    assertThrows(
        IllegalArgumentException.class, () -> BRAIN.loss(row(0, 0), row(0, 0), row(0, 0), row(0)));
    assertThrows(IllegalArgumentException.class, () -> new Brain(0, false));
  }
}
