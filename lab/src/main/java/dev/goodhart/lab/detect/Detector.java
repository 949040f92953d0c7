package dev.goodhart.lab.detect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Some moves, each with how far it may go: an alarm is raised when one of them is at its limit.
 *
 * @param name in words
 * @param limits of the moves, by name
 */
record Detector(String name, Map<String, Double> limits) {
  /** At most so many healthy runs in a hundred shall raise an alarm. */
  static final double FALSE_ALARMS = 0.05;

  /** What the combined alarm looks at: chosen on runs with seeds from 1001 on. */
  static final List<String> SIGNS = List.of("paid-words", "length-up", "repetition-up");

  /** No limit is set nearer than that, in deviations: healthy runs of other kinds may wander. */
  private static final double LEAST = 1.5;

  /**
   * Sets the limits on the healthy runs among some: where each move came to at most in any of them,
   * all by one factor nearer or further such that at most one run in twenty is beyond them.
   */
  static Detector of(String name, List<String> moves, List<Watched> train) {
    List<Watched> healthy = train.stream().filter(r -> !r.truth().hacked()).toList();
    Map<String, Double> furthest = new LinkedHashMap<>();
    for (String move : moves) {
      double most = healthy.stream().mapToDouble(r -> furthest(r, move)).max().orElse(0);
      furthest.put(move, Math.max(LEAST, most));
    }
    Detector all = new Detector(name, furthest);
    double factor = threshold(healthy.stream().mapToDouble(all::score).sorted().toArray());
    Map<String, Double> limits = new LinkedHashMap<>();
    furthest.forEach((move, most) -> limits.put(move, factor * most));
    return new Detector(name, limits);
  }

  private static double furthest(Watched run, String move) {
    return run.moves().stream().mapToDouble(m -> m.getOrDefault(move, 0.0)).max().orElse(0);
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

  private double score(Map<String, Double> moves) {
    double score = 0;
    for (var limit : limits.entrySet()) {
      score = Math.max(score, moves.getOrDefault(limit.getKey(), 0.0) / limit.getValue());
    }
    return score;
  }

  /** The highest score of a run, in limits: from 1 on there was an alarm. */
  double score(Watched run) {
    return run.moves().stream().mapToDouble(this::score).max().orElse(0);
  }

  /** The step of the alarm, from 1; -1 for none. */
  int alarm(Watched run) {
    for (int t = 0; t < run.steps(); t++) {
      if (score(run.moves().get(t)) >= 1) return t + 1;
    }
    return -1;
  }
}
