package dev.goodhart.audit;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** A step's rewards as plain numbers, without what is not scored. */
final class PartValues {
  private PartValues() {}

  static double[] rewards(List<Reward> rewards) {
    return rewards.stream()
        .filter(Scored.class::isInstance)
        .mapToDouble(r -> ((Scored) r).value())
        .toArray();
  }

  /** The parts by name, in the order of the spec; also those of samples that are unscored. */
  static Map<String, double[]> parts(List<Reward> rewards) {
    Map<String, DoubleStream.Builder> building = new LinkedHashMap<>();
    for (Reward reward : rewards) {
      reward
          .parts()
          .forEach(
              (name, part) -> {
                if (part instanceof Scored scored) {
                  building.computeIfAbsent(name, n -> DoubleStream.builder()).add(scored.value());
                }
              });
    }
    Map<String, double[]> parts = new LinkedHashMap<>();
    building.forEach((name, values) -> parts.put(name, values.build().toArray()));
    return parts;
  }

  static double mean(double[] values) {
    return DoubleStream.of(values).average().orElse(Double.NaN);
  }

  static double median(double[] sorted) {
    int n = sorted.length;
    return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }
}
