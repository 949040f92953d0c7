package dev.goodhart.combine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.linear.LinearConstraint;
import org.apache.commons.math3.optim.linear.LinearConstraintSet;
import org.apache.commons.math3.optim.linear.LinearObjectiveFunction;
import org.apache.commons.math3.optim.linear.NonNegativeConstraint;
import org.apache.commons.math3.optim.linear.Relationship;
import org.apache.commons.math3.optim.linear.SimplexSolver;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;

/**
 * The lottery over options that stakeholders with known utilities would agree on, exactly: the one
 * that multiplies their gains over their disagreement points to the most.
 *
 * <pre>{@code
 * maximise over pi   sum_i log(G_i),    G_i = sum_y pi_y u_i(y) - d_i > 0
 * gap = max_y sum_i (u_i(y) - d_i) / G_i - n     bounds how much the sum could still rise
 * }</pre>
 *
 * <p>Concave, and unique in the gains. By Newton's method on a barrier; the gap, 0 at the optimum
 * alone, is its certificate. Where no lottery is strictly better for all, as for a deterministic
 * base policy that is already efficient, there is nothing to multiply, and the answer is leximin:
 * the least gain as high as it goes, then the next.
 *
 * @param lottery probabilities of the options
 * @param gains G, of each stakeholder, in the unit of the own utilities
 * @param bargained whether the product was maximised; otherwise leximin
 * @param gap at least 0 but for rounding; NaN for leximin
 */
public record NashLottery(double[] lottery, double[] gains, boolean bargained, double gap) {
  private static final double NOTHING = 1e-9;

  /**
   * @param utilities {@code [stakeholder][option]}
   * @param disagreement {@code [stakeholder]}
   */
  public static NashLottery of(double[][] utilities, double[] disagreement) {
    int options = utilities.length == 0 ? 0 : utilities[0].length;
    if (options == 0 || utilities.length != disagreement.length) {
      throw new IllegalArgumentException(
          "expected as many disagreement points as stakeholders, at least one, and options; not %d, %d and %d"
              .formatted(disagreement.length, utilities.length, options));
    }
    // Each stakeholder in units of the own range: the answer does not depend on it, the solver
    // does.
    double[][] gains = new double[utilities.length][options];
    double[] units = new double[utilities.length];
    for (int i = 0; i < gains.length; i++) {
      double d = disagreement[i];
      units[i] = Arrays.stream(utilities[i]).map(u -> Math.abs(u - d)).max().orElseThrow();
      for (int y = 0; y < options; y++) {
        gains[i][y] = units[i] == 0 ? 0 : (utilities[i][y] - d) / units[i];
      }
    }
    double[] start = leastMaximised(gains, new boolean[gains.length], new double[gains.length]);
    if (start[options] <= NOTHING) {
      double[] leximin = leximin(gains);
      return new NashLottery(leximin, scaled(gains, leximin, units), false, Double.NaN);
    }
    double[] lottery = newton(gains, Arrays.copyOf(start, options));
    return new NashLottery(lottery, scaled(gains, lottery, units), true, gap(gains, lottery));
  }

  private static double[] newton(double[][] gains, double[] start) {
    int options = start.length;
    double[] pi = start.clone();
    // into the interior, as far as all still gain
    for (double mix = 0.5; ; mix /= 2) {
      double part = mix;
      double[] inner =
          Arrays.stream(start).map(p -> (1 - part) * Math.max(p, 0) + part / options).toArray();
      if (Arrays.stream(expected(gains, inner)).min().orElseThrow() > 0) {
        pi = inner;
        break;
      }
    }
    for (double barrier = 1e-1; barrier > 1e-12; barrier /= 5) {
      for (int iteration = 0; iteration < 50; iteration++) {
        double[] step = step(gains, pi, barrier);
        double before = objective(gains, pi, barrier);
        double size = 1;
        double[] next = moved(pi, step, size);
        while (size > 1e-12 && !(objective(gains, next, barrier) >= before)) {
          size /= 2;
          next = moved(pi, step, size);
        }
        if (size <= 1e-12) break;
        pi = next;
        if (Arrays.stream(step).map(Math::abs).max().orElseThrow() < 1e-13) break;
      }
    }
    return pi;
  }

  /** The Newton step on the simplex: the last unknown is the multiplier of {@code sum pi = 1}. */
  private static double[] step(double[][] gains, double[] pi, double barrier) {
    int options = pi.length;
    double[] total = expected(gains, pi);
    RealMatrix system = new Array2DRowRealMatrix(options + 1, options + 1);
    double[] right = new double[options + 1];
    for (int y = 0; y < options; y++) {
      for (int z = 0; z < options; z++) {
        double curve = y == z ? barrier / (pi[y] * pi[y]) : 0;
        for (int i = 0; i < gains.length; i++) {
          curve += gains[i][y] * gains[i][z] / (total[i] * total[i]);
        }
        // in units of pi, so that a probability near 0 does not spoil the system
        system.setEntry(y, z, curve * pi[y] * pi[z]);
      }
      double slope = barrier / pi[y];
      for (int i = 0; i < gains.length; i++) slope += gains[i][y] / total[i];
      right[y] = slope * pi[y];
      system.setEntry(y, options, pi[y]);
      system.setEntry(options, y, pi[y]);
    }
    double[] relative =
        new LUDecomposition(system, 1e-300).getSolver().solve(new ArrayRealVector(right)).toArray();
    double[] step = new double[options];
    for (int y = 0; y < options; y++) step[y] = relative[y] * pi[y];
    return step;
  }

  private static double objective(double[][] gains, double[] pi, double barrier) {
    double sum = 0;
    for (double p : pi) {
      if (!(p > 0)) return Double.NaN;
      sum += barrier * Math.log(p);
    }
    for (double gain : expected(gains, pi)) {
      if (!(gain > 0)) return Double.NaN;
      sum += Math.log(gain);
    }
    return sum;
  }

  private static double[] moved(double[] pi, double[] step, double size) {
    double[] next = new double[pi.length];
    double sum = 0;
    for (int y = 0; y < pi.length; y++) {
      next[y] = pi[y] + size * step[y];
      sum += next[y];
    }
    for (int y = 0; y < pi.length; y++) next[y] /= sum;
    return next;
  }

  private static double gap(double[][] gains, double[] pi) {
    double[] total = expected(gains, pi);
    double most = Double.NEGATIVE_INFINITY;
    for (int y = 0; y < pi.length; y++) {
      double sum = 0;
      for (int i = 0; i < gains.length; i++) sum += gains[i][y] / total[i];
      most = Math.max(most, sum);
    }
    return most - gains.length;
  }

  private static double[] leximin(double[][] gains) {
    boolean[] settled = new boolean[gains.length];
    double[] at = new double[gains.length];
    double[] answer = new double[0];
    for (int left = gains.length; left > 0; ) {
      answer = leastMaximised(gains, settled, at);
      double least = answer[answer.length - 1];
      List<Integer> stuck = new ArrayList<>();
      for (int i = 0; i < gains.length; i++) {
        if (!settled[i] && most(gains, settled, at, least, i) <= least + NOTHING) stuck.add(i);
      }
      for (int i : stuck) {
        settled[i] = true;
        at[i] = least;
      }
      left -= stuck.size();
      if (stuck.isEmpty()) break; // rounding alone
    }
    double[] pi = Arrays.copyOf(answer, answer.length - 1);
    double sum = Arrays.stream(pi).map(p -> Math.max(p, 0)).sum();
    return Arrays.stream(pi).map(p -> Math.max(p, 0) / sum).toArray();
  }

  /** The lottery, and after it the least gain of those who are not settled. */
  private static double[] leastMaximised(double[][] gains, boolean[] settled, double[] at) {
    int options = gains[0].length;
    double[] objective = new double[options + 2]; // the least gain, as a difference of two
    objective[options] = 1;
    objective[options + 1] = -1;
    double[] solved = solve(objective, gains, settled, at, Double.NaN);
    double[] answer = Arrays.copyOf(solved, options + 1);
    answer[options] = solved[options] - solved[options + 1];
    return answer;
  }

  /** The most that one can gain where all that are not settled have at least {@code least}. */
  private static double most(
      double[][] gains, boolean[] settled, double[] at, double least, int one) {
    int options = gains[0].length;
    double[] objective = Arrays.copyOf(gains[one], options + 2);
    double[] solved = solve(objective, gains, settled, at, least);
    double sum = 0;
    for (int y = 0; y < options; y++) sum += solved[y] * gains[one][y];
    return sum;
  }

  private static double[] solve(
      double[] objective, double[][] gains, boolean[] settled, double[] at, double least) {
    int options = gains[0].length;
    List<LinearConstraint> constraints = new ArrayList<>();
    double[] ones = new double[options + 2];
    Arrays.fill(ones, 0, options, 1);
    constraints.add(new LinearConstraint(ones, Relationship.EQ, 1));
    for (int i = 0; i < gains.length; i++) {
      double[] row = Arrays.copyOf(gains[i], options + 2);
      boolean variable = !settled[i] && Double.isNaN(least);
      row[options] = variable ? -1 : 0;
      row[options + 1] = variable ? 1 : 0;
      double bound = settled[i] ? at[i] - NOTHING : variable ? 0 : least - NOTHING;
      constraints.add(new LinearConstraint(row, Relationship.GEQ, bound));
    }
    return new SimplexSolver()
        .optimize(
            new MaxIter(10_000),
            new LinearObjectiveFunction(objective, 0),
            new LinearConstraintSet(constraints),
            GoalType.MAXIMIZE,
            new NonNegativeConstraint(true))
        .getPoint();
  }

  private static double[] expected(double[][] gains, double[] pi) {
    double[] total = new double[gains.length];
    for (int i = 0; i < gains.length; i++) {
      for (int y = 0; y < pi.length; y++) total[i] += pi[y] * gains[i][y];
    }
    return total;
  }

  private static double[] scaled(double[][] gains, double[] pi, double[] units) {
    double[] total = expected(gains, pi);
    for (int i = 0; i < total.length; i++) total[i] *= units[i];
    return total;
  }
}
