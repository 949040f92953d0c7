package dev.goodhart.spec;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A scalar's text to the value that a record's component wants. */
final class YamlScalars {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d[\\d_]*\\.?[\\d_]*|\\.\\d[\\d_]*)([eE][-+]?\\d+)?");

  /**
   * The value of a text, or nothing when the text is not of that type.
   *
   * @param folder what a relative path is relative to
   */
  static Optional<Object> read(String text, Class<?> type, Path folder) {
    try {
      if (type == String.class) {
        return Optional.of(text);
      } else if (type == Path.class) {
        return Optional.of(folder.resolve(text).normalize());
      } else if (type.isEnum()) {
        return Arrays.stream(type.getEnumConstants())
            .filter(c -> name(c).equals(text))
            .findFirst()
            .map(c -> (Object) c);
      } else if (type == boolean.class || type == Boolean.class) {
        return text.equals("true") || text.equals("false")
            ? Optional.of(Boolean.valueOf(text))
            : Optional.empty();
      } else if (type == int.class || type == Integer.class) {
        return Optional.of(Integer.parseInt(digits(text)));
      } else if (type == long.class || type == Long.class) {
        return Optional.of(Long.parseLong(digits(text)));
      } else if (type == OptionalInt.class) {
        return Optional.of(OptionalInt.of(Integer.parseInt(digits(text))));
      } else if (type == double.class || type == Double.class) {
        return Optional.of(number(text));
      } else if (type == OptionalDouble.class) {
        return Optional.of(OptionalDouble.of(number(text)));
      }
    } catch (NumberFormatException | InvalidPathException e) {
      return Optional.empty(); // the caller knows where, and what was expected
    }
    throw new IllegalStateException(
        "a hyper-parameter of type " + type.getName() + " has no YAML form");
  }

  /** JSON-like values for components that take anything. */
  static Object plain(ScalarNode scalar) {
    String text = scalar.getValue();
    if (scalar.getTag().equals(Tag.BOOL)) {
      return Boolean.valueOf(text);
    }
    if (scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT)) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        return number(text);
      }
    }
    return text;
  }

  /** What is expected, in words. */
  static String kind(Class<?> type) {
    if (type == double.class || type == Double.class || type == OptionalDouble.class) {
      return "a number";
    }
    if (type == int.class
        || type == long.class
        || type == Integer.class
        || type == Long.class
        || type == OptionalInt.class) {
      return "a whole number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isEnum()) {
      return "one of " + String.join(", ", names(type));
    }
    return type == Path.class ? "a path" : "text";
  }

  /** The spellings of an enum's constants. */
  static List<String> names(Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).map(YamlScalars::name).toList();
  }

  private static String name(Object constant) {
    return Names.kebab(((Enum<?>) constant).name());
  }

  private static String digits(String text) {
    return text.replace("_", "");
  }

  private static double number(String text) {
    return switch (text) {
      case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
      case "-.inf" -> Double.NEGATIVE_INFINITY;
      default -> finite(text);
    };
  }

  /**
   * Java would also take NaN, hexadecimals and a trailing f or d, and would round 1e999 to
   * infinity.
   */
  private static double finite(String text) {
    double value = NUMBER.matcher(text).matches() ? Double.parseDouble(digits(text)) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw new NumberFormatException(text);
    }
    return value;
  }

  private YamlScalars() {}
}
