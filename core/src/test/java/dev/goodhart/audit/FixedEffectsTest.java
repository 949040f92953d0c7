package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.junit.jupiter.api.Test;

class FixedEffectsTest {
  private static FixedEffects pairs(double[][] x, double[] y) {
    return new FixedEffects(x, y, new int[] {0, 0, 1, 1}, new int[] {0, 0, 1, 1});
  }

  @Test
  void aSlopeWithinPairsIgnoresWhatThePromptDecides() {
    // Two prompts, 100 apart in reward; within each, one unit of x is worth 3.
    double[][] x = {{1}, {2}, {5}, {9}};
    double[] y = {103, 106, 15, 27};
    double[] slopes = pairs(x, y).coefficients(new int[] {0, 1});
    assertArrayEquals(new double[] {3}, slopes, 1e-9);
  }

  @Test
  void leastSquaresByHand() {
    // Differences (1, 2) and (2, 2): slope = (1*2 + 2*2) / (1 + 4) = 6/5.
    double[][] x = {{0}, {1}, {0}, {2}};
    double[] y = {0, 2, 0, 2};
    FixedEffects regression = pairs(x, y);
    assertEquals(1.2, regression.coefficients(new int[] {0, 1})[0], 1e-12);
    // The first pair twice: (1*2 + 1*2 + 2*2) / (1 + 1 + 4) = 8/6.
    assertEquals(8 / 6.0, regression.coefficients(new int[] {0, 0, 1})[0], 1e-12);
  }

  @Test
  void itIsLeastSquaresWithADummyVariableAGroup() {
    SplittableRandom random = new SplittableRandom(4);
    int groups = 12;
    int n = 60;
    double[][] x = new double[n][3];
    double[][] withDummies = new double[n][3 + groups];
    double[] y = new double[n];
    int[] group = new int[n];
    for (int i = 0; i < n; i++) {
      group[i] = i % groups;
      for (int f = 0; f < 3; f++) {
        x[i][f] = random.nextGaussian();
        withDummies[i][f] = x[i][f];
      }
      withDummies[i][3 + group[i]] = 1;
      y[i] = 2 * x[i][0] - x[i][1] + group[i] + random.nextGaussian();
    }
    OLSMultipleLinearRegression reference = new OLSMultipleLinearRegression();
    reference.setNoIntercept(true);
    reference.newSampleData(y, withDummies);
    double[] expected = java.util.Arrays.copyOf(reference.estimateRegressionParameters(), 3);
    int[] all = IntStream.range(0, groups).toArray();
    assertArrayEquals(expected, new FixedEffects(x, y, group, group).coefficients(all), 1e-9);
  }

  @Test
  void featuresThatCannotBeToldApartHaveNoCoefficients() {
    double[][] x = {{1, 2}, {2, 4}, {3, 6}};
    double[] slopes =
        new FixedEffects(x, new double[] {1, 2, 3}, new int[3], new int[3])
            .coefficients(new int[] {0});
    assertArrayEquals(new double[] {Double.NaN, Double.NaN}, slopes);
  }

  @Test
  void anItemWithoutARewardIsLeftOut() {
    double[][] x = {{1}, {2}, {3}};
    double[] y = {1, 2, Double.NaN};
    assertEquals(
        1, new FixedEffects(x, y, new int[3], new int[3]).coefficients(new int[] {0})[0], 1e-12);
  }

  @Test
  void oneGroupForAllIsOrdinaryLeastSquares() {
    // y = 1 + 2 x with residuals (1, -2, 1) that are orthogonal to both columns.
    double[][] x = {{0}, {1}, {2}};
    double[] y = {2, 1, 6};
    assertEquals(
        2,
        new FixedEffects(x, y, new int[3], new int[] {0, 1, 2})
            .coefficients(new int[] {0, 1, 2})[0],
        1e-12);
  }
}
