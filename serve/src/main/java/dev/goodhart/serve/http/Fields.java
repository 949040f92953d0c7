package dev.goodhart.serve.http;

import dev.goodhart.serve.scoring.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a request, read field by field; what is missing or of another kind is the
 * client's mistake and is named.
 *
 * @param where it stands in the body: {@code samples[3]}, empty for the body itself
 * @param values as JSON has them: String, Number, Boolean, List, Map, null
 */
public record Fields(String where, Map<String, @Nullable Object> values) {
  /** An object at some place of a body. */
  public static Fields of(String where, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw Refusal.bad(
          (where.isEmpty() ? "the body" : where) + ": expected an object, not " + kind(value));
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    map.forEach((name, field) -> values.put((String) name, field));
    return new Fields(where, values);
  }

  public boolean has(String name) {
    return values.get(name) != null;
  }

  public @Nullable Object get(String name) {
    return values.get(name);
  }

  public String text(String name) {
    return optionalText(name).orElseThrow(() -> wrong(name, "text"));
  }

  /** Empty where it is missing or null. */
  public Optional<String> optionalText(String name) {
    return switch (values.get(name)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      default -> throw wrong(name, "text");
    };
  }

  public OptionalDouble number(String name) {
    return switch (values.get(name)) {
      case null -> OptionalDouble.empty();
      case Number number -> OptionalDouble.of(number.doubleValue());
      default -> throw wrong(name, "a number");
    };
  }

  public boolean flag(String name, boolean otherwise) {
    return switch (values.get(name)) {
      case null -> otherwise;
      case Boolean flag -> flag;
      default -> throw wrong(name, "true or false");
    };
  }

  public List<?> list(String name) {
    return values.get(name) instanceof List<?> list ? list : fail(name, "a list");
  }

  /** Empty where it is missing or null. */
  public List<?> optionalList(String name) {
    return has(name) ? list(name) : List.of();
  }

  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object each : list(name)) {
      if (!(each instanceof String text)) {
        throw Refusal.bad(at(name) + "[" + texts.size() + "]: expected text, not " + kind(each));
      }
      texts.add(text);
    }
    return texts;
  }

  /** One text, or a list of them. */
  public List<String> textOrTexts(String name) {
    return values.get(name) instanceof String text ? List.of(text) : texts(name);
  }

  public Fields object(String name) {
    return of(at(name), values.get(name));
  }

  private String at(String name) {
    return where.isEmpty() ? name : where + "." + name;
  }

  private <T> T fail(String name, String expected) {
    throw wrong(name, expected);
  }

  /** What to throw when a field is not what it should be. */
  public Refusal wrong(String name, String expected) {
    Object value = values.get(name);
    return Refusal.bad(
        value == null
            ? at(name) + ": is missing, expected " + expected
            : at(name) + ": expected " + expected + ", not " + kind(value));
  }

  private static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> "text";
      case Boolean flag -> "true or false";
      case Number number -> "a number";
      case List<?> list -> "a list";
      default -> "an object";
    };
  }
}
