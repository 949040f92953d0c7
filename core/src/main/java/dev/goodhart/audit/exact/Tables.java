package dev.goodhart.audit.exact;

/** What the functions of this package ask of the arrays they are given. */
final class Tables {
  private static final double SLACK = 1e-9;

  /** Probabilities: at least 0, of sum 1. */
  static void distribution(String name, double[] p) {
    double sum = 0;
    for (double value : p) {
      if (!(value >= 0)) {
        throw new IllegalArgumentException(name + " must be at least 0, not " + value);
      }
      sum += value;
    }
    if (!(Math.abs(sum - 1) <= SLACK * Math.max(1, p.length))) {
      throw new IllegalArgumentException(name + " must sum to 1, not " + sum);
    }
  }

  static void match(String name, double[] a, String other, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "%s [%d] and %s [%d] must match".formatted(name, a.length, other, b.length));
    }
  }

  static void finite(String name, double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(name + " must be finite, not " + value);
      }
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private Tables() {}
}
