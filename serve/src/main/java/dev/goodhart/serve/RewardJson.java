package dev.goodhart.serve;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.data.SampleColumns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The protocol's bodies: samples in, rewards out. */
final class RewardJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RewardJson() {}

  static List<Sample> samples(byte[] body) {
    Object value;
    try {
      value = MAPPER.readValue(body, Object.class);
    } catch (JacksonException e) {
      throw new BadRequest("the body is not JSON: " + reason(e));
    }
    if (!(value instanceof Map<?, ?> map) || !(map.get("samples") instanceof List<?> list)) {
      throw new BadRequest("expected {\"samples\": [{\"prompt\": …, \"response\": …}, …]}");
    }
    List<Sample> samples = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof Map<?, ?> sample)) {
        throw new BadRequest("samples[" + i + "]: expected an object");
      }
      Map<String, @Nullable Object> columns = new LinkedHashMap<>();
      sample.forEach((name, column) -> columns.put((String) name, column));
      try {
        samples.add(SampleColumns.sample(columns));
      } catch (GoodhartException e) {
        throw new BadRequest("samples[" + i + "]: " + e.getMessage());
      }
    }
    return samples;
  }

  static Map<String, Object> rewards(List<Sample> samples, List<Reward> rewards) {
    List<Object> list = new ArrayList<>(samples.size());
    for (int i = 0; i < samples.size(); i++) {
      list.add(reward(samples.get(i).id(), rewards.get(i)));
    }
    return Map.of("rewards", list);
  }

  private static Map<String, @Nullable Object> reward(String id, Reward reward) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("reward", value(reward));
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    reward.parts().forEach((name, part) -> parts.put(name, value(part)));
    json.put("parts", parts);
    json.put(
        "deviation",
        reward instanceof Scored s && s.deviation().isPresent()
            ? s.deviation().getAsDouble()
            : null);
    if (reward instanceof Scored s && s.scale() != null) {
      json.put("scale", s.scale().id());
    }
    json.put("unscored", reward instanceof Unscored u ? u.reason() : null);
    return json;
  }

  private static @Nullable Double value(Reward reward) {
    return switch (reward) {
      case Scored scored -> scored.value();
      case Unscored unscored -> null;
    };
  }

  static byte[] bytes(Object json) {
    return MAPPER.writeValueAsBytes(json);
  }

  private static String reason(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    return e.getLocation() == null
        ? message
        : "line %d, column %d: %s"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), message);
  }
}
