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
  private final Schedules schedules;
  private final List<Path> paths = new ArrayList<>();

  private YamlWriter(Path folder, Schedules schedules) {
    this.folder = folder;
    this.schedules = schedules;
  }

  static String write(Record spec, Path folder) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.AUTO)
            .setDereferenceAliases(true)
            .setWidth(120)
            .build();
    return new Dump(settings)
        .dumpToString(new YamlWriter(folder, Schedules.NONE).value(spec, List.of()));
  }

  /** A method as the values that its YAML has: its name and its hyper-parameters. */
  static Object plain(Record method) {
    return java.util.Objects.requireNonNull(
        new YamlWriter(Path.of(""), Schedules.NONE).value(method, List.of()));
  }

  /** The paths among a record's components, however deep. */
  static List<Path> paths(Record value) {
    YamlWriter writer = new YamlWriter(Path.of(""), Schedules.NONE);
    writer.value(value, List.of());
    return List.copyOf(writer.paths);
  }

  /**
   * @param path where the value stands, as in {@link Schedules}
   */
  private @Nullable Object value(@Nullable Object value, List<String> path) {
    if (schedules.byPath().get(path) instanceof Record schedule) {
      return plain(schedule);
    }
    return switch (value) {
      case null -> null;
      case Optional<?> optional -> value(optional.orElse(null), path);
      case OptionalInt optional -> optional.isPresent() ? optional.getAsInt() : null;
      case OptionalDouble optional -> optional.isPresent() ? optional.getAsDouble() : null;
      case Part part -> part.name();
      case RewardSpec reward -> {
        YamlWriter own = new YamlWriter(folder, reward.schedules());
        Map<String, @Nullable Object> written = own.components(reward, List.of());
        paths.addAll(own.paths);
        yield written;
      }
      case Record method when method.getClass().isAnnotationPresent(Method.class) ->
          Map.of(
              Methods.name(method.getClass()), components(method, Schedules.below(path, method)));
      case Record record -> components(record, path);
      case List<?> list -> {
        List<@Nullable Object> written = new ArrayList<>();
        for (Object element : list) {
          written.add(value(element, Schedules.join(path, String.valueOf(written.size()))));
        }
        yield written;
      }
      case Map<?, ?> map -> {
        Map<Object, @Nullable Object> written = new LinkedHashMap<>();
        map.forEach((k, v) -> written.put(k, value(v, Schedules.join(path, String.valueOf(k)))));
        yield written;
      }
      case Enum<?> constant -> Names.kebab(constant.name());
      case Path file -> relative(file);
      default -> value;
    };
  }

  private Map<String, @Nullable Object> components(Record record, List<String> path) {
    Map<String, @Nullable Object> written = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (component.getType() == Schedules.class) {
        continue; // each is written where its number stands
      }
      try {
        var accessor = component.getAccessor();
        accessor.setAccessible(true); // a user's own record need not be public
        String name = Names.kebab(component.getName());
        List<String> below = Schedules.join(path, name);
        // Where only one method can stand the reader expects no name.
        boolean only = component.getType().isAnnotationPresent(Method.class);
        Object value =
            only && accessor.invoke(record) instanceof Record method
                ? components(method, below)
                : value(accessor.invoke(record), below);
        // A null is left out, unless leaving it out would mean the default.
        if (value != null || component.isAnnotationPresent(Default.class)) {
          written.put(name, value);
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
