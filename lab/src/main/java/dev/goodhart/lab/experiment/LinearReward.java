package dev.goodhart.lab.experiment;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.DecompositionSolver;

/**
 * A reward that is linear in a response's attributes, fitted to preferences, and how sure it is:
 *
 * <pre>{@code
 * loss(w) = sum over pairs of log(1 + exp(-w . (chosen - rejected))) + ridge/2 |w - start|²
 * s(x)    = sqrt(x' H^-1 x),  H the curvature of the loss at its minimum (Laplace)
 * }</pre>
 *
 * The start stands for a head's initialisation: where no pair says anything, the head keeps it.
 */
final class LinearReward {
  private final double[] weights;
  private final DecompositionSolver curvature;

  private LinearReward(double[] weights, DecompositionSolver curvature) {
    this.weights = weights;
    this.curvature = curvature;
  }

  /**
   * @param differences the chosen response's attributes less the rejected one's, {@code
   *     [pairs][attributes]}
   * @param ridge above 0
   */
  static LinearReward fit(double[][] differences, double[] start, double ridge) {
    int n = start.length;
    double[] w = start.clone();
    for (int step = 0; ; step++) {
      double[] gradient = new double[n];
      double[][] hessian = new double[n][n];
      for (int i = 0; i < n; i++) {
        gradient[i] = ridge * (w[i] - start[i]);
        hessian[i][i] = ridge;
      }
      for (double[] d : differences) {
        double miss = 1 / (1 + Math.exp(dot(w, d)));
        for (int i = 0; i < n; i++) {
          gradient[i] -= miss * d[i];
          for (int j = 0; j <= i; j++) {
            hessian[i][j] += miss * (1 - miss) * d[i] * d[j];
            hessian[j][i] = hessian[i][j];
          }
        }
      }
      DecompositionSolver solver =
          new CholeskyDecomposition(new Array2DRowRealMatrix(hessian, false)).getSolver();
      double[] move = solver.solve(new ArrayRealVector(gradient, false)).toArray();
      double decrease = dot(gradient, move);
      if (decrease < 1e-20 || step == 100) {
        return new LinearReward(w, solver);
      }
      double loss = loss(differences, start, ridge, w);
      double scale = 1; // far from the minimum a whole step of Newton's may lead away from it
      double[] next = moved(w, move, scale);
      while (loss(differences, start, ridge, next) > loss - 1e-4 * scale * decrease
          && scale > 1e-9) {
        scale /= 2;
        next = moved(w, move, scale);
      }
      w = next;
    }
  }

  private static double[] moved(double[] w, double[] move, double scale) {
    double[] next = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      next[i] = w[i] - scale * move[i];
    }
    return next;
  }

  private static double loss(double[][] differences, double[] start, double ridge, double[] w) {
    double loss = 0;
    for (int i = 0; i < w.length; i++) {
      loss += ridge / 2 * (w[i] - start[i]) * (w[i] - start[i]);
    }
    for (double[] d : differences) {
      double gap = dot(w, d);
      loss += gap > 0 ? Math.log1p(Math.exp(-gap)) : Math.log1p(Math.exp(gap)) - gap;
    }
    return loss;
  }

  double[] weights() {
    return weights.clone();
  }

  double of(double[] x) {
    return dot(weights, x);
  }

  /** The standard deviation of the reward of a response, or of a difference of two. */
  double deviation(double[] x) {
    return Math.sqrt(dot(x, curvature.solve(new ArrayRealVector(x, false)).toArray()));
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
