package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReluNetTest {
  @Test
  void rewardOfAHandMadeNet() {
    var net = new ReluNet(2, 2, new SplittableRandom(1));
    // w_1 = (1, 2), w_2 = (-1, 0), b = (0.5, -1), v = (3, 10)
    double[] made = {1, 2, -1, 0, 0.5, -1, 3, 10};
    System.arraycopy(made, 0, net.parameters, 0, made.length);
    assertEquals(3 * (1 + 4 + 0.5), net.of(new double[] {1, 2}), 1e-12); // second unit: -1 - 1 < 0
    assertEquals(10 * (3 - 1), net.of(new double[] {-3, 0}), 1e-12); // first unit: -3 + 0.5 < 0
  }

  @Test
  void lossOfANetThatSeesNoDifferenceIsLogTwo() {
    var net = new ReluNet(3, 4, new SplittableRandom(2));
    double[][] same = {{1, -1, 0.5}, {0.2, 0.3, 0.4}};
    double[] gradient = new double[net.parameters.length];
    assertEquals(Math.log(2), net.loss(same, same, gradient), 1e-12);
    assertArrayEquals(new double[gradient.length], gradient, 1e-15);
  }

  @Test
  void gradientIsThatOfFiniteDifferences() {
    var random = new SplittableRandom(3);
    var net = new ReluNet(6, 8, random);
    double[][] chosen = normal(20, 6, random);
    double[][] rejected = normal(20, 6, random);
    double[] gradient = new double[net.parameters.length];
    double[] unused = new double[net.parameters.length];
    net.loss(chosen, rejected, gradient);
    double h = 1e-6;
    for (int i = 0; i < gradient.length; i++) {
      double held = net.parameters[i];
      net.parameters[i] = held + h;
      double above = net.loss(chosen, rejected, unused);
      net.parameters[i] = held - h;
      double below = net.loss(chosen, rejected, unused);
      net.parameters[i] = held;
      assertEquals((above - below) / (2 * h), gradient[i], 1e-6, "parameter " + i);
    }
  }

  @Test
  void aFittedNetOrdersWhatALinearRewardOrders() {
    var random = new SplittableRandom(4);
    double[][] chosen = new double[400][];
    double[][] rejected = new double[400][];
    int held = 0;
    for (int p = 0; p < 400; p++) {
      double[] a = normal(1, 3, random)[0];
      double[] b = normal(1, 3, random)[0];
      boolean first = a[0] - a[1] > b[0] - b[1];
      chosen[p] = first ? a : b;
      rejected[p] = first ? b : a;
    }
    var net =
        new ReluNet(3, 16, random)
            .fit(Arrays.copyOf(chosen, 300), Arrays.copyOf(rejected, 300), 300, 0.01);
    for (int p = 300; p < 400; p++) {
      held += net.of(chosen[p]) > net.of(rejected[p]) ? 1 : 0;
    }
    assertTrue(held >= 90, held + " of 100 held-out pairs");
  }

  private static double[][] normal(int rows, int columns, SplittableRandom random) {
    double[][] x = new double[rows][columns];
    for (double[] row : x) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return x;
  }
}
