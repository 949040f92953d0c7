package dev.goodhart.audit;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one reward said of every response of an {@link AuditSet}, by the responses' index. A
 * response without a reward is NaN here and counted by its reason; it is left out of every figure,
 * never taken for zero.
 */
public final class Scores {
  private final String name;
  private final double[] values;
  private final double[] deviations;
  private final double[][] members;
  private final Map<String, Integer> unscored;

  Scores(
      String name,
      double[] values,
      double[] deviations,
      double[][] members,
      Map<String, Integer> unscored) {
    this.name = name;
    this.values = values;
    this.deviations = deviations;
    this.members = members;
    this.unscored = Collections.unmodifiableMap(new TreeMap<>(unscored));
  }

  /**
   * Rewards as a scorer gave them; where every one has the same parts, all scored, those are the
   * members of an ensemble.
   */
  public static Scores of(String name, List<Reward> rewards) {
    double[] values = new double[rewards.size()];
    double[] deviations = new double[rewards.size()];
    Map<String, Integer> unscored = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      switch (rewards.get(i)) {
        case Scored scored -> {
          values[i] = scored.value();
          deviations[i] = scored.deviation().orElse(Double.NaN);
        }
        case Unscored missing -> {
          values[i] = Double.NaN;
          deviations[i] = Double.NaN;
          unscored.merge(missing.kind(), 1, Integer::sum);
        }
      }
    }
    return new Scores(name, values, deviations, members(rewards), unscored);
  }

  /** Plain values; NaN is an unscored response. */
  static Scores of(String name, double... values) {
    double[] none = new double[values.length];
    Arrays.fill(none, Double.NaN);
    int missing = (int) Arrays.stream(values).filter(Double::isNaN).count();
    return new Scores(
        name, values, none, new double[0][], missing == 0 ? Map.of() : Map.of("no score", missing));
  }

  /**
   * The members' values {@code [member][sample]}: the parts of a reward, or the parts of its only
   * part.
   */
  private static double[][] members(List<Reward> rewards) {
    List<double[]> members = new ArrayList<>();
    for (int i = 0; i < rewards.size(); i++) {
      if (!(rewards.get(i) instanceof Scored scored) || scored.deviation().isEmpty()) {
        continue;
      }
      List<Reward> parts = List.copyOf(scored.parts().values());
      while (parts.size() == 1) {
        parts = List.copyOf(parts.getFirst().parts().values());
      }
      for (int m = 0; m < parts.size(); m++) {
        if (m == members.size()) {
          double[] unknown = new double[rewards.size()];
          Arrays.fill(unknown, Double.NaN);
          members.add(unknown);
        }
        if (parts.get(m) instanceof Scored member) {
          members.get(m)[i] = member.value();
        }
      }
    }
    return members.size() < 2 ? new double[0][] : members.toArray(double[][]::new);
  }

  public String name() {
    return name;
  }

  public int size() {
    return values.length;
  }

  /** The reward of a response; NaN where there is none. */
  public double value(int sample) {
    return values[sample];
  }

  /** All rewards; not to be changed. */
  double[] values() {
    return values;
  }

  /** The rewards' own deviations, NaN where not known; not to be changed. */
  double[] deviations() {
    return deviations;
  }

  /** The members' rewards {@code [member][sample]}, none for a single model; not to be changed. */
  double[][] members() {
    return members;
  }

  /** How many responses have no reward, by the kind of reason. */
  public Map<String, Integer> unscored() {
    return unscored;
  }

  /**
   * The standard deviation of the rewards over all responses, divisor n: the unit of shifts and
   * slopes.
   */
  public double spread() {
    double[] known = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
    double mean = Arrays.stream(known).average().orElse(Double.NaN);
    return Math.sqrt(
        Arrays.stream(known).map(v -> (v - mean) * (v - mean)).average().orElse(Double.NaN));
  }

  /**
   * These rewards with mean 0 and deviation 1 over all responses; NaN throughout when they are all
   * equal.
   */
  public Scores standardised() {
    double mean = Arrays.stream(values).filter(v -> !Double.isNaN(v)).average().orElse(Double.NaN);
    double spread = spread();
    double[] scaled =
        Arrays.stream(values).map(v -> spread > 0 ? (v - mean) / spread : Double.NaN).toArray();
    return new Scores(name, scaled, deviations, new double[0][], unscored);
  }
}
