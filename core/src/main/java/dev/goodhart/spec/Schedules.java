package dev.goodhart.spec;

import dev.goodhart.Method;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a reward spec that follow a schedule, by where they stand. The spec's records hold
 * plain numbers, each schedule at its end; {@link RewardSpec#at} makes the records of another step
 * through their constructors.
 *
 * @param byPath the keys from the top of the spec down, every one spelt out: {@code [combine,
 *     weighted, weights, brief]}; elements of a list by their index
 */
public record Schedules(Map<List<String>, Schedule> byPath) {
  /** Nothing changes. */
  public static final Schedules NONE = new Schedules(Map.of());

  public Schedules {
    byPath = Collections.unmodifiableMap(new LinkedHashMap<>(byPath));
  }

  /** The steps at which one of them turns, and step 0. */
  TreeSet<Long> turns() {
    TreeSet<Long> turns = new TreeSet<>(List.of(0L));
    for (Schedule schedule : byPath.values()) {
      for (long turn : schedule.turns()) {
        turns.add(turn);
      }
    }
    return turns;
  }

  /**
   * The same value with each schedule in it replaced by its number at a step.
   *
   * @param path where the value stands
   * @throws IllegalArgumentException if a record refuses its numbers of that step
   */
  @SuppressWarnings("unchecked")
  <T> T at(long step, List<String> path, T value) {
    return (T) Objects.requireNonNull(fixed(step, path, value));
  }

  private @Nullable Object fixed(long step, List<String> path, @Nullable Object value) {
    Schedule schedule = byPath.get(path);
    if (schedule != null) {
      return schedule.at(step);
    }
    if (byPath.keySet().stream().noneMatch(p -> startsWith(p, path))) {
      return value;
    }
    return switch (value) {
      case null -> null;
      case java.util.Optional<?> optional -> optional.map(v -> at(step, path, v));
      case List<?> list -> {
        List<@Nullable Object> changed = new ArrayList<>();
        for (Object element : list) {
          changed.add(fixed(step, join(path, String.valueOf(changed.size())), element));
        }
        yield changed;
      }
      case Map<?, ?> map -> {
        Map<Object, @Nullable Object> changed = new LinkedHashMap<>();
        map.forEach((k, v) -> changed.put(k, fixed(step, join(path, String.valueOf(k)), v)));
        yield changed;
      }
      case Record record -> rebuilt(step, below(path, record), record);
      default -> value;
    };
  }

  private Record rebuilt(long step, List<String> path, Record record) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    @Nullable Object[] arguments = new @Nullable Object[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        var accessor = components[i].getAccessor();
        accessor.setAccessible(true); // a user's own record need not be public
        String name = Names.kebab(components[i].getName());
        arguments[i] = fixed(step, join(path, name), accessor.invoke(record));
      }
      Constructor<? extends Record> constructor =
          record
              .getClass()
              .getDeclaredConstructor(
                  Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getTargetException() instanceof IllegalArgumentException refused) {
        throw new IllegalArgumentException(
            "at step %d: %s".formatted(step, refused.getMessage()), refused);
      }
      throw new IllegalStateException(e.getTargetException());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the components of a record stand: a method's below its name. */
  static List<String> below(List<String> path, Record record) {
    return record.getClass().isAnnotationPresent(Method.class)
        ? join(path, Methods.name(record.getClass()))
        : path;
  }

  static List<String> join(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return List.copyOf(longer);
  }

  private static boolean startsWith(List<String> path, List<String> start) {
    return path.size() > start.size() && path.subList(0, start.size()).equals(start);
  }
}
