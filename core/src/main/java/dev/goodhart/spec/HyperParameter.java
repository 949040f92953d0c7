package dev.goodhart.spec;

import dev.goodhart.Default;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One hyper-parameter of a method, as someone who writes a spec needs to know it.
 *
 * @param key in the spec
 * @param type what it takes, in words: {@code number}, {@code list of text}, {@code mean | wco |
 *     uwo}
 * @param required whether it must be given
 * @param fallback what it is when it is left out, as it would be written; empty where that is
 *     nothing
 */
public record HyperParameter(String key, String type, boolean required, String fallback) {
  /** A method's hyper-parameters, in the order of its record. */
  public static List<HyperParameter> of(Class<? extends Record> method) {
    return Arrays.stream(method.getRecordComponents()).map(HyperParameter::of).toList();
  }

  private static HyperParameter of(RecordComponent component) {
    Default fallback = component.getAnnotation(Default.class);
    boolean optional =
        component.getType() == Optional.class
            || component.getType() == OptionalInt.class
            || component.getType() == OptionalDouble.class
            || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    return new HyperParameter(
        Names.kebab(component.getName()),
        words(component.getGenericType()),
        fallback == null && !optional,
        fallback == null ? "" : fallback.value());
  }

  private static String words(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      if (generic.getRawType() == Map.class) {
        return words(of[1]) + " by name";
      }
      return (generic.getRawType() == Optional.class ? "" : "list of ") + words(of[0]);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isEnum()) {
      return String.join(" | ", YamlScalars.names(raw));
    }
    if (raw.isRecord() || raw == Object.class || (raw.isInterface() && raw != Path.class)) {
      return raw == Object.class ? "anything" : Names.kebab(raw.getSimpleName());
    }
    return YamlScalars.kind(raw).replaceFirst("^an? ", "");
  }
}
