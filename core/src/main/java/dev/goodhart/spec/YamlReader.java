package dev.goodhart.spec;

import static dev.goodhart.spec.YamlNodes.isNull;
import static dev.goodhart.spec.YamlNodes.line;
import static dev.goodhart.spec.YamlNodes.shown;

import dev.goodhart.Default;
import dev.goodhart.combine.Combine;
import dev.goodhart.combine.Part;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads YAML into records: the YAML is the constructor.
 *
 * <ul>
 *   <li>A mapping becomes a record, its keys the record's components in kebab case; a component
 *       that is left out takes its {@link Default}.
 *   <li>Where a room's interface is expected ({@code Signal}, {@code Transform}, ...), a mapping
 *       with one key names the method and holds its hyper-parameters, and a bare name is the method
 *       with its defaults. In a combination a bare name is always the signal of that name.
 *   <li>A record with one component may be given without its key: {@code weighted: { correct: 1.0
 *       }}.
 *   <li>A {@link Path} is resolved against the folder of the spec.
 *   <li>In a reward spec, below {@code transform} and {@code combine}, a {@link Schedule} may stand
 *       for a number.
 *   <li>Where a reward spec is part of another spec, its file may be named in its place.
 * </ul>
 *
 * Every error names file, line and key, says what was expected, and offers the closest known name.
 */
final class YamlReader {
  private final String file;
  private final Path folder;

  /** The schedules of the reward spec that is being read; none outside of one. */
  private @Nullable Map<List<String>, Schedule> schedules;

  /**
   * Where a value stands.
   *
   * @param shown as it was written, for errors
   * @param path below the reward spec with every key spelt out, also those that were left out
   */
  private record Key(String shown, List<String> path) {
    private static final Key TOP = new Key("", List.of());

    private Key in(String name) {
      return new Key(Names.join(shown, name), Schedules.join(path, name));
    }

    private Key element(int index) {
      return new Key(shown + "[" + index + "]", Schedules.join(path, String.valueOf(index)));
    }

    private Key below(String leftOut) {
      return new Key(shown, Schedules.join(path, leftOut));
    }
  }

  private YamlReader(String file, Path folder) {
    this.file = file;
    this.folder = folder;
  }

  static <T extends Record> T read(String yaml, String file, Path folder, Class<T> type) {
    Node root = YamlDocument.read(yaml, file, kind(type));
    return type.cast(new YamlReader(file, folder).record(root, type, Key.TOP));
  }

  /** The keys of a mapping. */
  static Set<String> keys(String yaml, String file) {
    Node root = YamlDocument.read(yaml, file, "a mapping");
    return new YamlReader(file, Path.of("")).entries(root, Key.TOP).keySet();
  }

  /** One method of a room, as a spec would name it. */
  static <T> T method(String yaml, String where, Class<T> room) {
    Node root = YamlDocument.read(yaml, where, kind(room));
    return room.cast(new YamlReader(where, Path.of("")).method(root, room, Key.TOP));
  }

  private @Nullable Object value(Node node, Type type, Key key) {
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      Type[] of = generic.getActualTypeArguments();
      if (raw == List.class || raw == Collection.class) {
        return list(node, of[0], key);
      }
      if (raw == Map.class) {
        return map(node, of[1], key);
      }
      if (raw == Optional.class) {
        return isNull(node)
            ? Optional.empty()
            : Optional.of(Objects.requireNonNull(value(node, of[0], key)));
      }
      throw new IllegalStateException("no YAML form for " + type);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == RewardSpec.class && node instanceof ScalarNode named && !isNull(node)) {
      return RewardSpec.read(folder.resolve(named.getValue()));
    }
    if (raw.isRecord()) {
      return record(node, raw.asSubclass(Record.class), key);
    }
    if (raw == Object.class) {
      return plain(node, key);
    }
    if (raw.isInterface() && raw != Path.class) {
      return method(node, raw, key);
    }
    if (isNull(node) && raw == OptionalDouble.class) {
      return OptionalDouble.empty();
    }
    if (isNull(node) && raw == OptionalInt.class) {
      return OptionalInt.empty();
    }
    if ((raw == double.class || raw == Double.class)
        && schedules != null
        && node instanceof MappingNode) {
      return scheduled(node, key, schedules);
    }
    if (node instanceof ScalarNode scalar && !isNull(node)) {
      Optional<Object> value = YamlScalars.read(scalar.getValue(), raw, folder);
      if (value.isPresent()) {
        return value.get();
      }
      String hint = raw.isEnum() ? Names.hint(scalar.getValue(), YamlScalars.names(raw)) : "";
      throw error(node, key, "expected " + kind(raw) + ", found " + shown(node) + hint);
    }
    throw error(node, key, "expected " + kind(raw) + ", found " + shown(node));
  }

  /** A number that changes over the steps: noted, and read as what it comes to. */
  private double scheduled(Node node, Key key, Map<List<String>, Schedule> schedules) {
    String section = key.path.getFirst();
    if (!section.equals("transform") && !section.equals("combine")) {
      throw error(
          node,
          key,
          "expected a number; schedules may stand below transform and combine, what is in "
              + section
              + " is opened once");
    }
    this.schedules = null; // a schedule's own numbers follow none
    Schedule schedule = (Schedule) method(node, Schedule.class, key);
    this.schedules = schedules;
    schedules.put(key.path, schedule);
    return schedule.end();
  }

  private List<@Nullable Object> list(Node node, Type element, Key key) {
    if (!(node instanceof SequenceNode sequence)) {
      throw error(node, key, "expected a list, found " + shown(node));
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      values.add(value(item, element, key.element(values.size())));
    }
    return values;
  }

  private Map<String, @Nullable Object> map(Node node, Type element, Key key) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    entries(node, key)
        .forEach(
            (name, entry) -> values.put(name, value(entry.getValueNode(), element, key.in(name))));
    return values;
  }

  /** A room's method: {@code name: {...}} or the bare {@code name}. */
  private Object method(Node node, Class<?> room, Key key) {
    if (node instanceof ScalarNode bare && !isNull(node) && room == Combine.class) {
      return new Part(bare.getValue());
    }
    SortedMap<String, Class<? extends Record>> known = Methods.loaded().of(room);
    Node named = node;
    if (node instanceof MappingNode mapping && mapping.getValue().size() == 1) {
      named = mapping.getValue().getFirst().getKeyNode();
    } else if (!(node instanceof ScalarNode) || isNull(node)) {
      throw error(
          node, key, "expected one " + kind(room) + " as 'name: {...}', found " + shown(node));
    }
    String name = text(named, key);
    Class<? extends Record> method = known.get(name);
    if (method == null) {
      throw unknown(named, key, name, kind(room), known.keySet());
    }
    return node instanceof MappingNode mapping
        ? record(mapping.getValue().getFirst().getValueNode(), method, key.in(name))
        : construct(method, Map.of(), node, key.in(name));
  }

  private Object record(Node node, Class<? extends Record> type, Key key) {
    if (type != RewardSpec.class) {
      return recordOf(node, type, key);
    }
    Map<List<String>, Schedule> outside = schedules;
    schedules = new LinkedHashMap<>();
    try {
      RewardSpec spec = (RewardSpec) recordOf(node, type, new Key(key.shown, List.of()));
      Schedules found = new Schedules(schedules);
      return found.byPath().isEmpty() ? spec : with(spec, found, node, key);
    } finally {
      schedules = outside;
    }
  }

  /** A spec with its schedules, none of which leads to numbers that a method refuses. */
  private RewardSpec with(RewardSpec spec, Schedules found, Node at, Key key) {
    RewardSpec scheduled = spec.with(found);
    for (var one : found.byPath().entrySet()) {
      RewardSpec alone = spec.with(new Schedules(Map.of(one.getKey(), one.getValue())));
      for (long step : alone.schedules().turns()) {
        try {
          alone.at(step);
        } catch (IllegalArgumentException e) {
          Node culprit = YamlNodes.along(at, one.getKey());
          throw error(culprit, Names.join(key.shown, String.join(".", one.getKey())), message(e));
        }
      }
    }
    return scheduled;
  }

  private Object recordOf(Node node, Class<? extends Record> type, Key key) {
    RecordComponent[] components =
        Arrays.stream(type.getRecordComponents())
            .filter(c -> c.getType() != Schedules.class)
            .toArray(RecordComponent[]::new);
    if (components.length == 1 && isComponentItself(node, components[0])) {
      Object only =
          value(
              node,
              components[0].getGenericType(),
              key.below(Names.kebab(components[0].getName())));
      Map<String, @Nullable Object> given = new LinkedHashMap<>();
      given.put(components[0].getName(), only);
      return construct(type, given, node, key);
    }
    if (isNull(node)) {
      return construct(type, Map.of(), node, key);
    }
    Map<String, RecordComponent> known =
        Arrays.stream(components)
            .collect(
                Collectors.toMap(
                    c -> Names.kebab(c.getName()), c -> c, (a, b) -> a, LinkedHashMap::new));
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    entries(node, key)
        .forEach(
            (name, entry) -> {
              RecordComponent component = known.get(name);
              if (component == null) {
                throw unknown(entry.getKeyNode(), key, name, "key", known.keySet());
              }
              Node at = entry.getValueNode();
              boolean none = isNull(at) && isNullable(component);
              given.put(
                  component.getName(),
                  none ? null : value(at, component.getGenericType(), key.in(name)));
            });
    return construct(type, given, node, key);
  }

  /**
   * Whether a node is the value of a record's only component rather than the record with its key.
   */
  private static boolean isComponentItself(Node node, RecordComponent component) {
    if (isNull(node)) {
      return false;
    }
    if (!(node instanceof MappingNode mapping)) {
      return true;
    }
    Class<?> type = component.getType();
    boolean isMapping = type.isRecord() || type == Object.class || type == Optional.class;
    return (isMapping || (type.isInterface() && type != List.class && type != Path.class))
        && !mapping.getValue().isEmpty()
        && mapping.getValue().stream()
            .noneMatch(
                t ->
                    t.getKeyNode() instanceof ScalarNode s
                        && s.getValue().equals(Names.kebab(component.getName())));
  }

  private Object construct(
      Class<? extends Record> type,
      Map<String, ? extends @Nullable Object> given,
      Node at,
      Key key) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] arguments = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      arguments[i] =
          component.getType() == Schedules.class
              ? Schedules.NONE
              : given.containsKey(component.getName())
                  ? given.get(component.getName())
                  : missing(component, at, key);
    }
    try {
      Constructor<? extends Record> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true); // a user's own record need not be public
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw rejected(e.getTargetException(), at, key);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What a record's constructor said against its values, at the line of the value that it speaks
   * of.
   */
  private RuntimeException rejected(@Nullable Throwable cause, Node at, Key key) {
    if (cause instanceof Error fatal) {
      throw fatal;
    }
    if (cause instanceof UnknownName unknown) {
      YamlNodes.Named named =
          YamlNodes.section(at, unknown.section, key.shown)
              .flatMap(s -> YamlNodes.find(s.node(), s.key(), unknown.name))
              .orElse(new YamlNodes.Named(at, key.shown));
      return error(named.node(), named.key(), unknown.says());
    }
    String says = message(cause);
    String about = Names.kebab(says.split("[ :]", 2)[0]);
    Node culprit = YamlNodes.section(at, about, key.shown).map(YamlNodes.Named::node).orElse(at);
    return error(culprit, key, says);
  }

  private static String message(@Nullable Throwable cause) {
    return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
  }

  private @Nullable Object missing(RecordComponent component, Node at, Key key) {
    Default fallback = component.getAnnotation(Default.class);
    // Text is text: as YAML, "better: more correct" would be a mapping.
    if (fallback != null && component.getType() == String.class) {
      return fallback.value();
    }
    if (fallback != null) {
      Node node =
          YamlDocument.read(
              fallback.value(), "@Default of " + component, kind(component.getType()));
      return value(node, component.getGenericType(), Key.TOP);
    }
    Class<?> type = component.getType();
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type == OptionalDouble.class) {
      return OptionalDouble.empty();
    }
    if (type == OptionalInt.class) {
      return OptionalInt.empty();
    }
    if (isNullable(component)) {
      return null;
    }
    throw error(
        at, key, "'" + Names.kebab(component.getName()) + "' is missing (" + kind(type) + ")");
  }

  /** JSON-like values for components that take anything. */
  private @Nullable Object plain(Node node, Key key) {
    return switch (node) {
      case MappingNode mapping -> map(mapping, Object.class, key);
      case SequenceNode sequence -> list(sequence, Object.class, key);
      case ScalarNode scalar when isNull(scalar) -> null;
      case ScalarNode scalar -> {
        try {
          yield YamlScalars.plain(scalar);
        } catch (NumberFormatException e) {
          throw error(node, key, "expected a finite number, found " + shown(node));
        }
      }
      default -> throw error(node, key, "expected a value");
    };
  }

  /**
   * A mapping's entries by name; a name that stands twice is an error, not the last one's victory.
   */
  private Map<String, NodeTuple> entries(Node node, Key key) {
    if (!(node instanceof MappingNode mapping)) {
      throw error(node, key, "expected a mapping ('key: value'), found " + shown(node));
    }
    Map<String, NodeTuple> entries = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      String name = text(entry.getKeyNode(), key);
      NodeTuple first = entries.putIfAbsent(name, entry);
      if (first != null) {
        throw error(
            entry.getKeyNode(),
            key.in(name),
            "stands twice, first in line " + line(first.getKeyNode()));
      }
    }
    return entries;
  }

  private String text(Node node, Key key) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw error(node, key, "expected a name, found " + shown(node));
  }

  private static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static String kind(Class<?> type) {
    if (type == List.class || type == Collection.class) {
      return "a list";
    }
    if (type.isRecord() || type == Map.class) {
      return "a mapping";
    }
    if (type == Optional.class || type == Object.class) {
      return "a value";
    }
    return type.isInterface() && type != Path.class
        ? Names.kebab(type.getSimpleName())
        : YamlScalars.kind(type);
  }

  private SpecException unknown(
      Node at, Key key, String name, String kind, Collection<String> known) {
    return error(
        at,
        key,
        "unknown "
            + kind
            + " "
            + Names.quoted(name)
            + Names.hint(name, known)
            + " ("
            + Names.known(known)
            + ")");
  }

  private SpecException error(Node at, Key key, String says) {
    return error(at, key.shown, says);
  }

  private SpecException error(Node at, String key, String says) {
    return new SpecException(
        file + ":" + line(at) + ": " + (key.isEmpty() ? "" : key + ": ") + says);
  }
}
