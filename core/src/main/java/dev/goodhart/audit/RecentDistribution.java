package dev.goodhart.audit;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.stream.DoubleStream;

/**
 * How the values of a run's last {@code window} steps are distributed against those of the {@code
 * baseline} steps before them: the distance of Kolmogorov and Smirnov, sup |F(x) − G(x)|, 0 for the
 * same distribution and 1 for two that do not overlap; no unit, no matter how the values are
 * scaled. A step without values is passed over.
 */
final class RecentDistribution {
  /** Of a larger step as many, evenly spread over it. */
  private static final int KEPT = 256;

  /** √(−ln(α/2)/2) for α = 0.001: how far chance alone seldom goes. */
  private static final double CHANCE = 1.949;

  private final int baseline;
  private final int window;
  private final Deque<double[]> steps = new ArrayDeque<>();
  private boolean raised;
  private double[] earlier = {};
  private double[] recent = {};
  private double distance = Double.NaN;

  RecentDistribution(int baseline, int window) {
    this.baseline = baseline;
    this.window = window;
  }

  /** Adds a step's values. Returns whether there is something to compare now. */
  boolean add(double[] values) {
    if (values.length == 0) {
      return false;
    }
    steps.addLast(thinned(values));
    if (steps.size() > baseline + window) {
      steps.removeFirst();
    }
    if (steps.size() < baseline + window) {
      return false;
    }
    earlier = pooled(0, baseline);
    recent = pooled(baseline, baseline + window);
    distance = distance(earlier, recent);
    return true;
  }

  double distance() {
    return distance;
  }

  /** Sorted. */
  double[] earlier() {
    return earlier;
  }

  /** Sorted. */
  double[] recent() {
    return recent;
  }

  /** Whether to raise an alarm: when the distance gets beyond, not again while it stays there. */
  boolean raise(double beyond) {
    double n = earlier.length;
    double m = recent.length;
    boolean apart = distance >= beyond && distance > CHANCE * Math.sqrt((n + m) / (n * m));
    boolean begins = apart && !raised;
    raised = apart;
    return begins;
  }

  /** Of two sorted samples. */
  static double distance(double[] a, double[] b) {
    double distance = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      double x = Math.min(a[i], b[j]);
      while (i < a.length && a[i] == x) i++;
      while (j < b.length && b[j] == x) j++;
      distance = Math.max(distance, Math.abs((double) i / a.length - (double) j / b.length));
    }
    return distance;
  }

  private double[] pooled(int from, int to) {
    DoubleStream.Builder pooled = DoubleStream.builder();
    Iterator<double[]> each = steps.iterator();
    for (int i = 0; i < to; i++) {
      double[] step = each.next();
      if (i >= from) {
        for (double value : step) pooled.add(value);
      }
    }
    double[] sorted = pooled.build().toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  private static double[] thinned(double[] values) {
    if (values.length <= KEPT) {
      return values.clone();
    }
    double[] kept = new double[KEPT];
    for (int i = 0; i < KEPT; i++) {
      kept[i] = values[(int) ((long) i * values.length / KEPT)];
    }
    return kept;
  }

  static void check(double distance) {
    if (!(distance > 0 && distance < 1)) {
      throw new IllegalArgumentException("distance must be between 0 and 1, not " + distance);
    }
  }
}
