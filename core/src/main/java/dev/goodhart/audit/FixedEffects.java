package dev.goodhart.audit;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Least squares within groups: what a feature is worth between responses to the same prompt,
 * everything that the prompt decides taken out. Each group has its own constant; the coefficients
 * minimise
 *
 * <pre>{@code sum_g sum_i (y_gi - alpha_g - x_gi . beta)^2}</pre>
 *
 * <p>which is ordinary least squares on deviations from the group's means. For pairs this is the
 * regression of the difference in reward on the differences in features. A group of one says
 * nothing about differences; when all are, put them into one group, which is ordinary least squares
 * with one constant.
 *
 * <p>Each unit's products are summed once, so that a bootstrap over units costs next to nothing.
 */
public final class FixedEffects {
  private final int features;
  private final double[][] products; // of each unit: x'x row by row, then x'y

  /**
   * Prepares the regression.
   *
   * @param x {@code [items][features]}; an item with a NaN in x or y is left out
   * @param y {@code [items]}
   * @param group of each item, from 0: what has a constant of its own
   * @param unit of each item, from 0: what is drawn together; the groups themselves, or parts of
   *     one
   */
  public FixedEffects(double[][] x, double[] y, int[] group, int[] unit) {
    features = x.length == 0 ? 0 : x[0].length;
    double[][] means = new double[1 + Arrays.stream(group).max().orElse(-1)][features + 2];
    for (int i = 0; i < y.length; i++) {
      if (known(x[i], y[i])) {
        double[] mean = means[group[i]];
        for (int f = 0; f < features; f++) {
          mean[f] += x[i][f];
        }
        mean[features] += y[i];
        mean[features + 1]++;
      }
    }
    for (double[] mean : means) {
      for (int f = 0; f <= features; f++) {
        mean[f] /= mean[features + 1];
      }
    }
    products = new double[1 + Arrays.stream(unit).max().orElse(-1)][features * features + features];
    for (int i = 0; i < y.length; i++) {
      if (known(x[i], y[i])) {
        double[] mean = means[group[i]];
        double[] product = products[unit[i]];
        for (int f = 0; f < features; f++) {
          double deviation = x[i][f] - mean[f];
          for (int g = 0; g < features; g++) {
            product[f * features + g] += deviation * (x[i][g] - mean[g]);
          }
          product[features * features + f] += deviation * (y[i] - mean[features]);
        }
      }
    }
  }

  private static boolean known(double[] x, double y) {
    return !Double.isNaN(y) && Arrays.stream(x).noneMatch(Double::isNaN);
  }

  /**
   * The least squares of some units.
   *
   * @param units with repetitions
   * @return one coefficient a feature; all NaN where the features do not vary independently within
   *     these units
   */
  public double[] coefficients(int[] units) {
    double[] sum = new double[features * features + features];
    for (int unit : units) {
      for (int k = 0; k < sum.length; k++) {
        sum[k] += products[unit][k];
      }
    }
    RealMatrix square = new Array2DRowRealMatrix(features, features);
    double[] right = Arrays.copyOfRange(sum, features * features, sum.length);
    double[] scale = new double[features];
    for (int f = 0; f < features; f++) {
      scale[f] = Math.sqrt(sum[f * features + f]);
    }
    // Scaled to correlations: whether the features are independent must not depend on their units.
    for (int f = 0; f < features; f++) {
      for (int g = 0; g < features; g++) {
        square.setEntry(
            f, g, scale[f] * scale[g] == 0 ? 0 : sum[f * features + g] / (scale[f] * scale[g]));
      }
      right[f] = scale[f] == 0 ? 0 : right[f] / scale[f];
    }
    DecompositionSolver solver = new QRDecomposition(square, 1e-9).getSolver();
    if (features == 0 || !solver.isNonSingular()) {
      double[] unknown = new double[features];
      Arrays.fill(unknown, Double.NaN);
      return unknown;
    }
    double[] beta = solver.solve(new ArrayRealVector(right, false)).toArray();
    for (int f = 0; f < features; f++) {
      beta[f] /= scale[f];
    }
    return beta;
  }
}
