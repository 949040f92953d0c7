package dev.goodhart.serve.protocol;

import dev.goodhart.Scored;
import dev.goodhart.combine.Combine;
import dev.goodhart.combine.Part;
import dev.goodhart.combine.Weighted;
import dev.goodhart.spec.RewardSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a reward is the sum of, under the same names for every sample of a spec: of a weighted sum
 * each signal's weight times its reward, of a single signal that signal's. Any other combination (a
 * gate, an ensemble) is no sum of its signals, and so its reward is the one contribution, {@code
 * reward}.
 */
final class Contributions {
  private static final double PRECISION = 1e-9;

  private Contributions() {}

  static Map<String, Double> of(RewardSpec spec, Scored reward) {
    Combine combine = spec.combine().orElse(null);
    Map<String, Double> weights =
        switch (combine) {
          case null -> Map.of(spec.signals().keySet().iterator().next(), 1.0);
          case Part part -> Map.of(part.parts().iterator().next(), 1.0);
          case Weighted weighted -> weighted.weights();
          default -> Map.of();
        };
    Map<String, Double> contributions = new LinkedHashMap<>();
    double sum = 0;
    for (var entry : weights.entrySet()) {
      double weight = entry.getValue();
      if (weight != 0 && reward.parts().get(entry.getKey()) instanceof Scored part) {
        contributions.put(entry.getKey(), weight * part.value());
        sum += weight * part.value();
      }
    }
    boolean whole =
        !contributions.isEmpty()
            && Math.abs(sum - reward.value()) <= PRECISION * Math.max(1, Math.abs(sum));
    return whole ? contributions : Map.of("reward", reward.value());
  }
}
