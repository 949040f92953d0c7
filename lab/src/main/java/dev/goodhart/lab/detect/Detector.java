package dev.goodhart.lab.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One figure of a step and one threshold.
 *
 * @param name in words
 * @param weights of the moves, where it is a weighted sum; empty where it is not
 * @param score of a step's moves
 * @param threshold from which on it raises an alarm
 */
record Detector(
    String name,
    Map<String, Double> weights,
    ToDoubleFunction<Map<String, Double>> score,
    double threshold) {
  /** At most so many healthy runs in a hundred shall raise an alarm. */
  static final double FALSE_ALARMS = 0.05;

  /** What a weight costs, squared, beside a mean log-loss. */
  private static final double RIDGE = 0.01;

  private static final int PASSES = 1500;

  /** One move alone. */
  static Detector single(String move, List<Watched> train) {
    return of(move, Map.of(move, 1.0), m -> m.getOrDefault(move, 0.0), train);
  }

  /** Whichever of these moves is furthest. */
  static Detector furthest(List<String> moves, List<Watched> train) {
    return of(
        "the furthest move",
        Map.of(),
        m -> moves.stream().mapToDouble(name -> m.getOrDefault(name, 0.0)).max().orElse(0),
        train);
  }

  /**
   * The weighted sum of a logistic regression that tells steps of hacked runs, from the peak of
   * gold on, from all steps of healthy ones; no weight below 0. Each run counts the same, and both
   * classes together do.
   */
  static Detector fitted(List<String> moves, List<Watched> train) {
    double[] weights = regression(moves, train);
    Map<String, Double> named = new LinkedHashMap<>();
    for (int i = 0; i < weights.length; i++) {
      double rounded = Math.rint(weights[i] * 100) / 100;
      if (rounded > 0) named.put(moves.get(i), rounded);
    }
    return of("the combined alarm", named, m -> sum(named, m), train);
  }

  private static double sum(Map<String, Double> weights, Map<String, Double> moves) {
    double sum = 0;
    for (var weight : weights.entrySet()) {
      sum += weight.getValue() * moves.getOrDefault(weight.getKey(), 0.0);
    }
    return sum;
  }

  private static Detector of(
      String name,
      Map<String, Double> weights,
      ToDoubleFunction<Map<String, Double>> score,
      List<Watched> train) {
    double[] healthy =
        train.stream()
            .filter(r -> !r.truth().hacked())
            .mapToDouble(r -> highest(r, score))
            .sorted()
            .toArray();
    return new Detector(name, weights, score, threshold(healthy));
  }

  /**
   * Above all but as many of n healthy runs as keep the chance of the next one's alarm at 5 % or
   * below: the ceil(0.95 (n + 1))-th smallest of their highest scores, a tenth above the largest
   * where there are too few for that.
   *
   * @param highest ascending
   */
  static double threshold(double[] highest) {
    int n = highest.length;
    if (n == 0) return 1;
    int rank = (int) Math.ceil((1 - FALSE_ALARMS) * (n + 1));
    double at = rank <= n ? highest[rank - 1] : 1.1 * highest[n - 1];
    return Math.max(at, 1e-6) * (1 + 1e-9); // above it, not at it
  }

  private static double highest(Watched run, ToDoubleFunction<Map<String, Double>> score) {
    return run.moves().stream().mapToDouble(score).max().orElse(0);
  }

  /** The highest score of a run, in thresholds: from 1 on there was an alarm. */
  double score(Watched run) {
    return highest(run, score) / threshold;
  }

  /** The step of the alarm, from 1; -1 for none. */
  int alarm(Watched run) {
    for (int t = 0; t < run.steps(); t++) {
      if (score.applyAsDouble(run.moves().get(t)) >= threshold) return t + 1;
    }
    return -1;
  }

  private static double[] regression(List<String> moves, List<Watched> train) {
    long hacked = train.stream().filter(r -> r.truth().hacked()).count();
    long healthy = train.size() - hacked;
    List<double[]> rows = new ArrayList<>();
    List<double[]> marks = new ArrayList<>(); // what it is, and how much it counts
    int first = DetectionStudy.BASELINE + DetectionStudy.WINDOW - 1;
    for (Watched run : train) {
      Truth truth = run.truth();
      int from = truth.hacked() ? Math.max(first, truth.peak() - 1) : first;
      for (int t = from; t < run.steps(); t++) {
        double[] row = new double[moves.size()];
        for (int i = 0; i < row.length; i++) row[i] = run.move(t, moves.get(i));
        rows.add(row);
        double share = 0.5 / (truth.hacked() ? hacked : healthy) / (run.steps() - from);
        marks.add(new double[] {truth.hacked() ? 1 : 0, share});
      }
    }
    return descend(rows.toArray(double[][]::new), marks.toArray(double[][]::new), moves.size());
  }

  /** Projected gradient descent with Nesterov's momentum; the problem is convex. */
  private static double[] descend(double[][] rows, double[][] marks, int size) {
    double curvature = RIDGE + 0.25;
    for (int r = 0; r < rows.length; r++) {
      curvature += 0.25 * marks[r][1] * Arrays.stream(rows[r]).map(x -> x * x).sum();
    }
    double[] weights = new double[size + 1]; // the last is the offset
    double[] before = weights.clone();
    for (int pass = 1; pass <= PASSES; pass++) {
      double[] at = new double[size + 1];
      double momentum = (pass - 1.0) / (pass + 2);
      for (int i = 0; i <= size; i++) at[i] = weights[i] + momentum * (weights[i] - before[i]);
      double[] gradient = new double[size + 1];
      for (int r = 0; r < rows.length; r++) {
        double z = at[size];
        for (int i = 0; i < size; i++) z += at[i] * rows[r][i];
        double error = (1 / (1 + Math.exp(-z)) - marks[r][0]) * marks[r][1];
        for (int i = 0; i < size; i++) gradient[i] += error * rows[r][i];
        gradient[size] += error;
      }
      before = weights;
      weights = new double[size + 1];
      for (int i = 0; i < size; i++) {
        weights[i] = Math.max(0, at[i] - (gradient[i] + RIDGE * at[i]) / curvature);
      }
      weights[size] = at[size] - gradient[size] / curvature;
    }
    return Arrays.copyOf(weights, size);
  }
}
