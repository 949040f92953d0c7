package dev.goodhart.spec;

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
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads YAML into records: the YAML is the constructor.
 *
 * <ul>
 *   <li>A mapping becomes a record, its keys the record's components in kebab case; a component
 *       that is left out takes its {@link Default}.
 *   <li>Where a room's interface is expected ({@code Signal}, {@code Transform}, ...), a mapping
 *       with one key names the method and holds its hyper-parameters, and a bare name is the method
 *       with its defaults.
 *   <li>A record with one component may be given without its key: {@code weighted: { correct: 1.0
 *       }}.
 *   <li>A {@link Path} is resolved against the folder of the spec.
 * </ul>
 *
 * Every error names file, line and key, says what was expected, and offers the closest known name.
 * Aliases and anchors are refused (nothing in a spec needs them, and a few lines of them can expand
 * without bound).
 */
final class YamlReader {
  private final String file;
  private final Path folder;

  private YamlReader(String file, Path folder) {
    this.file = file;
    this.folder = folder;
  }

  static <T> T read(String yaml, String file, Path folder, Class<T> type) {
    YamlReader reader = new YamlReader(file, folder);
    Node root;
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setLabel(file)
              .setAllowDuplicateKeys(false)
              .setMaxAliasesForCollections(0)
              .build();
      root =
          new Compose(settings)
              .composeString(yaml)
              .orElseThrow(
                  () -> new SpecException(file + ": the file is empty; expected " + kind(type)));
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
      throw new SpecException(file + line + ": not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new SpecException(file + ": not YAML: " + e.getMessage());
    }
    return type.cast(reader.value(root, type, ""));
  }

  private Object value(Node node, Type type, String key) {
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
        return isNull(node) ? Optional.empty() : Optional.of(value(node, of[0], key));
      }
      throw new IllegalStateException("no YAML form for " + type);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isRecord()) {
      return record(node, raw.asSubclass(Record.class), key);
    }
    if (raw == Object.class) {
      return plain(node, key);
    }
    if (raw.isInterface()) {
      return method(node, raw, key);
    }
    return scalar(node, raw, key);
  }

  private List<Object> list(Node node, Type element, String key) {
    if (!(node instanceof SequenceNode sequence)) {
      throw error(node, key, "expected a list, found " + shown(node));
    }
    List<Object> values = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      values.add(value(item, element, key + "[" + values.size() + "]"));
    }
    return values;
  }

  private Map<String, Object> map(Node node, Type element, String key) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (NodeTuple entry : mapping(node, key).getValue()) {
      String name = text(entry.getKeyNode(), key);
      values.put(name, value(entry.getValueNode(), element, join(key, name)));
    }
    return values;
  }

  /** A room's method: {@code name: {...}} or the bare {@code name}. */
  private Object method(Node node, Class<?> room, String key) {
    SortedMap<String, Class<? extends Record>> known = Methods.loaded().of(room);
    if (node instanceof ScalarNode bare && !isNull(node)) {
      Class<? extends Record> method = known.get(bare.getValue());
      if (method != null) {
        return construct(method, Map.of(), node, join(key, bare.getValue()));
      }
      if (room == Combine.class) {
        return new Part(bare.getValue());
      }
      throw unknown(
          bare,
          key,
          bare.getValue(),
          room.getSimpleName().toLowerCase(java.util.Locale.ROOT),
          known.keySet());
    }
    if (!(node instanceof MappingNode mapping) || mapping.getValue().size() != 1) {
      throw error(
          node, key, "expected one " + kind(room) + " as 'name: {...}', found " + shown(node));
    }
    NodeTuple entry = mapping.getValue().getFirst();
    String name = text(entry.getKeyNode(), key);
    Class<? extends Record> method = known.get(name);
    if (method == null) {
      throw unknown(entry.getKeyNode(), key, name, kind(room), known.keySet());
    }
    return record(entry.getValueNode(), method, join(key, name));
  }

  private Object record(Node node, Class<? extends Record> type, String key) {
    RecordComponent[] components = type.getRecordComponents();
    if (components.length == 1
        && !holds(node, Names.kebab(components[0].getName()))
        && !isEmpty(node)) {
      Object only = value(node, components[0].getGenericType(), key);
      return construct(type, Map.of(components[0].getName(), only), node, key);
    }
    if (isNull(node)) {
      return construct(type, Map.of(), node, key);
    }
    Map<String, RecordComponent> known =
        Arrays.stream(components)
            .collect(
                Collectors.toMap(
                    c -> Names.kebab(c.getName()), c -> c, (a, b) -> a, LinkedHashMap::new));
    Map<String, Object> given = new LinkedHashMap<>();
    for (NodeTuple entry : mapping(node, key).getValue()) {
      String name = text(entry.getKeyNode(), key);
      RecordComponent component = known.get(name);
      if (component == null) {
        throw unknown(entry.getKeyNode(), key, name, "key", known.keySet());
      }
      given.put(
          component.getName(),
          value(entry.getValueNode(), component.getGenericType(), join(key, name)));
    }
    return construct(type, given, node, key);
  }

  private Object construct(
      Class<? extends Record> type, Map<String, Object> given, Node at, String key) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] arguments = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      Object value = given.get(component.getName());
      arguments[i] = value != null ? value : missing(component, at, key);
    }
    try {
      Constructor<? extends Record> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true); // a user's own record need not be public
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw error(at, key, String.valueOf(e.getTargetException().getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable Object missing(RecordComponent component, Node at, String key) {
    Default fallback = component.getAnnotation(Default.class);
    if (fallback != null) {
      return read(fallback.value(), component.getGenericType());
    }
    Class<?> type = component.getType();
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type == OptionalDouble.class) {
      return OptionalDouble.empty();
    }
    if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      return null;
    }
    throw error(
        at, key, "'" + Names.kebab(component.getName()) + "' is missing (" + kind(type) + ")");
  }

  /** A default, written as YAML. */
  private Object read(String yaml, Type type) {
    Node node = new Compose(LoadSettings.builder().build()).composeString(yaml).orElseThrow();
    return value(node, type, "");
  }

  private Object scalar(Node node, Class<?> type, String key) {
    if (!(node instanceof ScalarNode scalar) || isNull(node)) {
      throw error(node, key, "expected " + kind(type) + ", found " + shown(node));
    }
    String text = scalar.getValue();
    try {
      if (type == String.class) {
        return text;
      }
      if (type == Path.class) {
        return folder.resolve(text).normalize();
      }
      if (type.isEnum()) {
        for (Object constant : type.getEnumConstants()) {
          if (Names.kebab(((Enum<?>) constant).name()).equals(text)) {
            return constant;
          }
        }
        List<String> known =
            Arrays.stream(type.getEnumConstants())
                .map(c -> Names.kebab(((Enum<?>) c).name()))
                .toList();
        throw error(
            node,
            key,
            "expected one of "
                + String.join(", ", known)
                + ", found '"
                + text
                + "'"
                + Names.hint(text, known));
      }
      if (type == boolean.class || type == Boolean.class) {
        if (text.equals("true") || text.equals("false")) {
          return Boolean.valueOf(text);
        }
      } else if (type == int.class || type == Integer.class) {
        return Integer.parseInt(text.replace("_", ""));
      } else if (type == long.class || type == Long.class) {
        return Long.parseLong(text.replace("_", ""));
      } else if (type == double.class || type == Double.class) {
        return number(text);
      } else if (type == OptionalDouble.class) {
        return OptionalDouble.of(number(text));
      }
    } catch (NumberFormatException e) {
      // said below, with what was expected
    }
    throw error(node, key, "expected " + kind(type) + ", found '" + text + "'");
  }

  private static double number(String text) {
    double value =
        switch (text) {
          case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
          case "-.inf" -> Double.NEGATIVE_INFINITY;
          default -> Double.parseDouble(text.replace("_", ""));
        };
    if (Double.isNaN(value) || !text.matches("[-+]?[0-9._eE+-]+|[-+]?\\.inf")) {
      throw new NumberFormatException(text);
    }
    return value;
  }

  /** JSON-like values for components that take anything. */
  private Object plain(Node node, String key) {
    return switch (node) {
      case MappingNode mapping -> map(mapping, Object.class, key);
      case SequenceNode sequence -> list(sequence, Object.class, key);
      case ScalarNode scalar when scalar.getTag().equals(Tag.INT) ->
          Long.parseLong(scalar.getValue());
      case ScalarNode scalar when scalar.getTag().equals(Tag.FLOAT) -> number(scalar.getValue());
      case ScalarNode scalar when scalar.getTag().equals(Tag.BOOL) ->
          Boolean.valueOf(scalar.getValue());
      case ScalarNode scalar -> scalar.getValue();
      default -> throw error(node, key, "expected a value");
    };
  }

  private MappingNode mapping(Node node, String key) {
    if (node instanceof MappingNode mapping) {
      return mapping;
    }
    throw error(node, key, "expected a mapping ('key: value'), found " + shown(node));
  }

  private String text(Node node, String key) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw error(node, key, "expected a name, found " + shown(node));
  }

  private static boolean holds(Node node, String key) {
    return node instanceof MappingNode mapping
        && mapping.getValue().stream()
            .anyMatch(t -> t.getKeyNode() instanceof ScalarNode s && s.getValue().equals(key));
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static boolean isEmpty(Node node) {
    return isNull(node) || (node instanceof MappingNode mapping && mapping.getValue().isEmpty());
  }

  private static String shown(Node node) {
    return switch (node) {
      case ScalarNode scalar when isNull(scalar) -> "nothing";
      case ScalarNode scalar -> "'" + scalar.getValue() + "'";
      case SequenceNode sequence -> "a list of " + sequence.getValue().size();
      case MappingNode mapping when mapping.getValue().size() == 1 -> "a mapping with one key";
      case MappingNode mapping -> "a mapping with " + mapping.getValue().size() + " keys";
      case AnchorNode alias -> "an alias";
      default -> "something else";
    };
  }

  private static String kind(Class<?> type) {
    if (type == double.class || type == Double.class || type == OptionalDouble.class) {
      return "a number";
    }
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return "a whole number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "text";
    }
    if (type == Path.class) {
      return "a path";
    }
    if (type == List.class) {
      return "a list";
    }
    if (type.isInterface() && type != Map.class) {
      return Names.kebab(type.getSimpleName());
    }
    return "a mapping";
  }

  private SpecException unknown(
      Node at, String key, String name, String kind, Collection<String> known) {
    String list = known.isEmpty() ? "there is none" : "known: " + String.join(", ", known);
    return error(
        at,
        key,
        "unknown " + kind + " '" + name + "'" + Names.hint(name, known) + " (" + list + ")");
  }

  private SpecException error(Node at, String key, String says) {
    String line = at.getStartMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
    return new SpecException(file + line + ": " + (key.isEmpty() ? "" : key + ": ") + says);
  }

  private static String join(String key, String name) {
    return key.isEmpty() ? name : key + "." + name;
  }
}
