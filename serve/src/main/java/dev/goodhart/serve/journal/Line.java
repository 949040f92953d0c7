package dev.goodhart.serve.journal;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scale;
import dev.goodhart.Scored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * A sample's line of a journal, read again.
 *
 * @param reward as it was answered, its parts and theirs by their names: {@code helpful/0}
 * @param sample empty where its texts were left out
 */
record Line(
    String time,
    String run,
    @Nullable Long step,
    String digest,
    String version,
    String id,
    Reward reward,
    Optional<Sample> sample) {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();
  private static final JsonMapper JSON = new JsonMapper(FACTORY);

  /** What stands at the beginning of a line; an alarm is a batch of one without a key. */
  record Head(String client, @Nullable String key, int index, int batch) {
    /** Null if it is no line of a journal. */
    static @Nullable Head of(byte[] line) {
      String kind = "";
      String client = "";
      String key = null;
      int index = 0;
      try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), line)) {
        if (json.nextToken() != JsonToken.START_OBJECT) return null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = json.currentName();
          JsonToken value = json.nextToken();
          switch (name) {
            case "kind" -> kind = json.getString();
            case "client" -> client = json.getString();
            case "key" -> key = value == JsonToken.VALUE_NULL ? null : json.getString();
            case "index" -> index = json.getIntValue();
            case "batch" -> {
              return new Head(client, key, index, json.getIntValue());
            }
            default -> json.skipChildren();
          }
        }
        return kind.equals("alarm") ? new Head("", null, 0, 1) : null;
      } catch (JacksonException e) {
        return null;
      }
    }
  }

  /**
   * Empty for an alarm.
   *
   * @throws IllegalArgumentException if it is no line of a journal
   */
  static Optional<Line> of(byte[] bytes) {
    Map<?, ?> line;
    try {
      line = JSON.readValue(bytes, Map.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
    if ("alarm".equals(line.get("kind"))) return Optional.empty();
    Map<?, ?> sample = map(line.get("sample"));
    return Optional.of(
        new Line(
            text(line.get("time")),
            text(line.get("run")),
            line.get("step") instanceof Number step ? (Long) step.longValue() : null,
            text(line.get("digest")),
            text(line.get("version")),
            text(sample.get("id")),
            reward(line),
            sample.containsKey("response") ? Optional.of(sample(sample)) : Optional.empty()));
  }

  private static Reward reward(Map<?, ?> line) {
    Map<?, ?> reasons = map(line.get("reasons"));
    Map<String, Reward> parts = new LinkedHashMap<>();
    map(line.get("parts"))
        .forEach(
            (name, value) ->
                parts.put(
                    text(name),
                    value instanceof Number number
                        ? Reward.of(number.doubleValue())
                        : Reward.unscored(text(reasons.get(name)))));
    if (!(line.get("reward") instanceof Number value)) {
      return Reward.unscored(text(line.get("reason"))).withParts(parts);
    }
    return new Scored(
        value.doubleValue(),
        line.get("deviation") instanceof Number d
            ? OptionalDouble.of(d.doubleValue())
            : OptionalDouble.empty(),
        parts,
        line.get("scale") instanceof String scale ? scale(scale) : null);
  }

  private static @Nullable Scale scale(String id) {
    for (Scale scale : Scale.values()) {
      if (scale.id().equals(id)) return scale;
    }
    return null;
  }

  private static Sample sample(Map<?, ?> sample) {
    List<Message> turns = new ArrayList<>();
    if (sample.get("prompt") instanceof List<?> messages) {
      for (Object message : messages) {
        turns.add(new Message(text(map(message).get("role")), text(map(message).get("content"))));
      }
    }
    return new Sample(
        text(sample.get("id")),
        new Prompt(turns),
        text(sample.get("response")),
        sample.get("reference") instanceof String reference ? reference : null,
        columns(map(sample.get("columns"))));
  }

  /** The parser gives no other keys than text. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> columns(Map<?, ?> columns) {
    return (Map<String, Object>) columns;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) return map;
    throw new IllegalArgumentException("expected an object, not " + value);
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text) return text;
    throw new IllegalArgumentException("expected text, not " + value);
  }
}
