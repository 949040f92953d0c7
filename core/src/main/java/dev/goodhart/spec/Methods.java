package dev.goodhart.spec;

import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every method on the class path, by room and name. */
public final class Methods {
  private static @Nullable Methods loaded;

  private final SortedMap<String, SortedMap<String, Class<? extends Record>>> byRoom =
      new TreeMap<>();

  Methods(Iterable<? extends MethodProvider> providers) {
    for (MethodProvider provider : providers) {
      for (Class<? extends Record> method : provider.methods()) {
        add(method, provider);
      }
    }
  }

  private void add(Class<? extends Record> method, MethodProvider provider) {
    if (!method.isAnnotationPresent(Method.class)) {
      throw new GoodhartException(
          method.getName()
              + ": not marked with @Method, though "
              + provider.getClass().getName()
              + " offers it");
    }
    Set<Class<?>> rooms = new LinkedHashSet<>();
    collectRooms(method, rooms);
    if (rooms.isEmpty()) {
      throw new GoodhartException(
          method.getName()
              + ": implements no room's interface (Signal, Transform, Combine, ...); see"
              + " docs/spec.md");
    }
    for (Class<?> room : rooms) {
      Class<?> before =
          byRoom
              .computeIfAbsent(room.getName(), r -> new TreeMap<>())
              .putIfAbsent(name(method), method);
      if (before != null && before != method) {
        throw new GoodhartException(
            "two methods are called '"
                + name(method)
                + "': "
                + before.getName()
                + " and "
                + method.getName()
                + "; give one another name with @Method(name = ...)");
      }
    }
  }

  /**
   * @throws GoodhartException if a provider on the class path offers what cannot be a method, or
   *     cannot be loaded
   */
  public static synchronized Methods loaded() {
    if (loaded == null) {
      try {
        loaded = new Methods(ServiceLoader.load(MethodProvider.class));
      } catch (ServiceConfigurationError e) {
        throw new GoodhartException(
            "a method provider on the class path cannot be loaded: " + e.getMessage(), e);
      }
    }
    return loaded;
  }

  /** The methods that implement a room's interface, by name. */
  public SortedMap<String, Class<? extends Record>> of(Class<?> room) {
    return Collections.unmodifiableSortedMap(byRoom.getOrDefault(room.getName(), new TreeMap<>()));
  }

  /** All methods, by the name of the room's interface and their own name. */
  public SortedMap<String, SortedMap<String, Class<? extends Record>>> all() {
    return Collections.unmodifiableSortedMap(byRoom);
  }

  /**
   * Reads a method as a spec names it, for an option of a command: {@code davidson}, or {@code
   * 'bradley-terry: { centring: 0.01 }'}.
   *
   * @param where what to call it in errors: {@code --loss}
   * @throws SpecException if there is no such method in the room, or not with these values
   */
  public static <T> T read(String yaml, String where, Class<T> room) {
    return YamlReader.method(yaml, where, room);
  }

  /** A method as a spec has it, every hyper-parameter spelt out, as the values of JSON. */
  public static Object values(Record method) {
    return YamlWriter.plain(method);
  }

  /** The name of a method in a spec. */
  public static String name(Class<?> method) {
    Method mark = method.getAnnotation(Method.class);
    return mark == null || mark.name().isEmpty()
        ? Names.kebab(method.getSimpleName())
        : mark.name();
  }

  /** The rooms' interfaces that a method implements, also through an interface of its own. */
  private static void collectRooms(Class<?> type, Set<Class<?>> rooms) {
    for (Class<?> implemented : type.getInterfaces()) {
      if (implemented.getPackageName().startsWith("dev.goodhart.")) {
        rooms.add(implemented);
      }
      collectRooms(implemented, rooms);
    }
  }
}
