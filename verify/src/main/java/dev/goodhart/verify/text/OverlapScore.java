package dev.goodhart.verify.text;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** The F-measure of a precision and a recall, with both as parts. */
final class OverlapScore {
  private OverlapScore() {}

  static Scored of(double precision, double recall) {
    double f = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    Map<String, Reward> parts = new LinkedHashMap<>();
    parts.put("precision", Reward.of(precision));
    parts.put("recall", Reward.of(recall));
    return new Scored(f, OptionalDouble.empty(), parts);
  }
}
