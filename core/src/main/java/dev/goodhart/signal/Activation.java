package dev.goodhart.signal;

import dev.goodhart.Reward;
import dev.goodhart.Scale;
import dev.goodhart.Scored;
import dev.goodhart.transform.Logistic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What becomes of a model's reward before anybody sees it. */
public enum Activation {
  /** Nothing: the reward is as the model gives it, any number. */
  NONE,
  /** {@code 1 / (1 + exp(-reward))}, in [0, 1]: for heads that were trained on right and wrong. */
  SIGMOID;

  /**
   * Activates a reward and its parts. A deviation becomes half of what the rewards one deviation up
   * and down are apart.
   */
  Reward of(Reward reward) {
    if (this == NONE || !(reward instanceof Scored raw)) {
      return reward;
    }
    OptionalDouble deviation = OptionalDouble.empty();
    if (raw.deviation().isPresent()) {
      double d = raw.deviation().getAsDouble();
      deviation =
          OptionalDouble.of(
              (Logistic.sigmoid(raw.value() + d) - Logistic.sigmoid(raw.value() - d)) / 2);
    }
    Map<String, Reward> parts = new LinkedHashMap<>();
    raw.parts().forEach((name, part) -> parts.put(name, of(part)));
    return new Scored(Logistic.sigmoid(raw.value()), deviation, parts, Scale.PROBABILITY);
  }
}
