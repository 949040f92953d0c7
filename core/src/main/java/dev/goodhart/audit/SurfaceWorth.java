package dev.goodhart.audit;

import dev.goodhart.audit.AuditSet.Comparison;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a reward pays for label and look: the reward regressed on the label and on every {@link
 * Surface} feature together, within pairs where the set compares, within prompts where it labels
 * (over all responses when no prompt has two). In deviations of the reward.
 *
 * @param label what the better label is worth at the same look
 * @param slopes what each feature is worth at the same label
 */
record SurfaceWorth(Interval label, List<Slope> slopes) {
  /**
   * What a feature is worth.
   *
   * @param unit what one unit of it is
   * @param varies the share of groups (pairs, prompts) in which it is not the same throughout
   */
  record Slope(String feature, String unit, double varies, Interval slope) {}

  /** A feature that is the same in nearly all groups has no slope to speak of. */
  private static final double SELDOM = 0.02;

  static SurfaceWorth of(AuditSet set, Scores scores, Bootstrap bootstrap) {
    Rows rows = set.hasLabels() ? byPrompt(set, scores) : byPair(set, scores);
    List<Surface> used = new ArrayList<>();
    List<Double> varies = new ArrayList<>();
    for (int f = 0; f < Surface.ALL.size(); f++) {
      double share = rows.varies(1 + f);
      if (share >= SELDOM) {
        used.add(Surface.ALL.get(f));
        varies.add(share);
      }
    }
    int[] columns =
        IntStream.concat(IntStream.of(0), used.stream().mapToInt(f -> 1 + Surface.ALL.indexOf(f)))
            .toArray();
    FixedEffects effects = rows.regression(columns);
    double spread = scores.spread();
    List<Interval> worth =
        bootstrap.curve(
            rows.prompts.stream().mapToInt(Integer::intValue).toArray(),
            units -> Arrays.stream(effects.coefficients(units)).map(c -> c / spread).toArray());
    List<Slope> slopes = new ArrayList<>();
    for (int f = 0; f < used.size() && worth.size() > 1; f++) {
      slopes.add(
          new Slope(used.get(f).title(), used.get(f).unit(), varies.get(f), worth.get(f + 1)));
    }
    return new SurfaceWorth(worth.getFirst(), slopes);
  }

  private static Rows byPair(AuditSet set, Scores scores) {
    Rows rows = new Rows();
    int[] prompts = set.prompts();
    for (Comparison pair : set.comparisons()) {
      int unit = rows.prompts.size();
      rows.add(set, scores, pair.first(), pair.probability(), unit, unit);
      rows.add(set, scores, pair.second(), 1 - pair.probability(), unit, unit);
      rows.prompts.add(prompts[pair.first()]);
    }
    return rows;
  }

  private static Rows byPrompt(AuditSet set, Scores scores) {
    Rows rows = new Rows();
    double[] labels = set.labels();
    List<int[]> groups = set.byPrompt();
    boolean single = groups.stream().allMatch(g -> g.length == 1);
    for (int[] group : groups) {
      int unit = rows.prompts.size();
      for (int i : group) {
        rows.add(set, scores, i, labels[i], unit, single ? 0 : unit);
      }
      rows.prompts.add(unit);
    }
    return rows;
  }

  /** The regression's data, row by row. */
  private static final class Rows {
    final List<double[]> x = new ArrayList<>();
    final List<Double> y = new ArrayList<>();
    final List<Integer> units = new ArrayList<>();
    final List<Integer> groups = new ArrayList<>();
    final List<Integer> prompts = new ArrayList<>(); // of each unit

    void add(AuditSet set, Scores scores, int sample, double label, int unit, int group) {
      double[] row = new double[1 + Surface.ALL.size()];
      row[0] = label;
      for (int f = 0; f < Surface.ALL.size(); f++) {
        row[1 + f] = Surface.ALL.get(f).of(set.sample(sample).response());
      }
      x.add(row);
      y.add(scores.value(sample));
      units.add(unit);
      groups.add(group);
    }

    double varies(int column) {
      double[] first = new double[prompts.size()];
      Arrays.fill(first, Double.NaN);
      BitSet differs = new BitSet();
      for (int i = 0; i < x.size(); i++) {
        int group = groups.get(i);
        double value = x.get(i)[column];
        if (!Double.isNaN(first[group]) && first[group] != value) {
          differs.set(group);
        }
        first[group] = value;
      }
      return (double) differs.cardinality() / groups.stream().distinct().count();
    }

    FixedEffects regression(int[] columns) {
      return new FixedEffects(
          x.stream()
              .map(row -> Arrays.stream(columns).mapToDouble(c -> row[c]).toArray())
              .toArray(double[][]::new),
          y.stream().mapToDouble(Double::doubleValue).toArray(),
          groups.stream().mapToInt(Integer::intValue).toArray(),
          units.stream().mapToInt(Integer::intValue).toArray());
    }
  }
}
