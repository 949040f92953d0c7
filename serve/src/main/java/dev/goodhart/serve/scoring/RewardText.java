package dev.goodhart.serve.scoring;

import dev.goodhart.Reward;
import dev.goodhart.Scale;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A reward with all that it holds, as JSON and back. */
final class RewardText {
  private RewardText() {}

  static String write(Scored reward) {
    return JsonMapper.shared().writeValueAsString(json(reward));
  }

  /**
   * @throws ClassCastException where it is something else
   */
  static @Nullable Scored read(String text) {
    return reward(JsonMapper.shared().readValue(text, Map.class)) instanceof Scored s ? s : null;
  }

  private static Map<String, Object> json(Reward reward) {
    Map<String, Object> json = new LinkedHashMap<>();
    switch (reward) {
      case Scored scored -> {
        json.put("value", scored.value());
        scored.deviation().ifPresent(d -> json.put("deviation", d));
        if (scored.scale() != null) {
          json.put("scale", scored.scale().name());
        }
      }
      case Unscored unscored -> json.put("unscored", unscored.reason());
    }
    Map<String, Object> parts = new LinkedHashMap<>();
    reward.parts().forEach((name, part) -> parts.put(name, json(part)));
    if (!parts.isEmpty()) {
      json.put("parts", parts);
    }
    return json;
  }

  private static Reward reward(Map<?, ?> json) {
    Map<String, Reward> parts = new LinkedHashMap<>();
    if (json.get("parts") instanceof Map<?, ?> map) {
      map.forEach((name, part) -> parts.put((String) name, reward((Map<?, ?>) part)));
    }
    if (json.get("unscored") instanceof String reason) {
      return new Unscored(reason, parts);
    }
    return new Scored(
        ((Number) java.util.Objects.requireNonNull(json.get("value"))).doubleValue(),
        json.get("deviation") instanceof Number d
            ? OptionalDouble.of(d.doubleValue())
            : OptionalDouble.empty(),
        parts,
        json.get("scale") instanceof String scale ? Scale.valueOf(scale) : null);
  }
}
