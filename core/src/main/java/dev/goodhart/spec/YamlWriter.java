package dev.goodhart.spec;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.combine.Part;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Writes records as the YAML that {@link YamlReader} reads them from, every hyper-parameter spelt
 * out.
 */
final class YamlWriter {
  private final Path folder;
  private final List<Path> paths = new ArrayList<>();

  private YamlWriter(Path folder) {
    this.folder = folder;
  }

  static String write(Record value, Path folder) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.AUTO)
            .setDereferenceAliases(true)
            .setWidth(120)
            .build();
    return new Dump(settings).dumpToString(new YamlWriter(folder).components(value));
  }

  /** A method as the values that its YAML has: its name and its hyper-parameters. */
  static Object plain(Record method) {
    return java.util.Objects.requireNonNull(new YamlWriter(Path.of("")).value(method));
  }

  /** The paths among a record's components, however deep. */
  static List<Path> paths(Record value) {
    YamlWriter writer = new YamlWriter(Path.of(""));
    writer.components(value);
    return List.copyOf(writer.paths);
  }

  private @Nullable Object value(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Optional<?> optional -> value(optional.orElse(null));
      case OptionalInt optional -> optional.isPresent() ? optional.getAsInt() : null;
      case OptionalDouble optional -> optional.isPresent() ? optional.getAsDouble() : null;
      case Part part -> part.name();
      case Record method when method.getClass().isAnnotationPresent(Method.class) ->
          Map.of(Methods.name(method.getClass()), components(method));
      case Record record -> components(record);
      case List<?> list -> list.stream().map(this::value).toList();
      case Map<?, ?> map -> {
        Map<Object, @Nullable Object> written = new LinkedHashMap<>();
        map.forEach((k, v) -> written.put(k, value(v)));
        yield written;
      }
      case Enum<?> constant -> Names.kebab(constant.name());
      case Path path -> relative(path);
      default -> value;
    };
  }

  private Map<String, @Nullable Object> components(Record record) {
    Map<String, @Nullable Object> written = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        var accessor = component.getAccessor();
        accessor.setAccessible(true); // a user's own record need not be public
        Object value = value(accessor.invoke(record));
        // A null is left out, unless leaving it out would mean the default.
        if (value != null || component.isAnnotationPresent(Default.class)) {
          written.put(Names.kebab(component.getName()), value);
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return written;
  }

  private String relative(Path path) {
    paths.add(path);
    Path absolute = path.toAbsolutePath().normalize();
    Path base = folder.toAbsolutePath().normalize();
    return (absolute.startsWith(base) ? base.relativize(absolute) : absolute)
        .toString()
        .replace('\\', '/');
  }
}
