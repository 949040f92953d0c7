package dev.goodhart.spec;

import dev.goodhart.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every method on the class path, by room and name. */
public final class Methods {
  private static final Methods LOADED = new Methods();

  private final Map<String, SortedMap<String, Class<? extends Record>>> byRoom =
      new LinkedHashMap<>();

  private Methods() {
    for (MethodProvider provider : ServiceLoader.load(MethodProvider.class)) {
      for (Class<? extends Record> method : provider.methods()) {
        Class<?> room = room(method);
        Class<?> before =
            byRoom
                .computeIfAbsent(room.getName(), r -> new TreeMap<>())
                .putIfAbsent(name(method), method);
        if (before != null && before != method) {
          throw new IllegalStateException(
              "two methods are called '"
                  + name(method)
                  + "': "
                  + before.getName()
                  + " and "
                  + method.getName());
        }
      }
    }
  }

  public static Methods loaded() {
    return LOADED;
  }

  /** The methods that implement a room's interface, by name. */
  public SortedMap<String, Class<? extends Record>> of(Class<?> room) {
    return byRoom.getOrDefault(room.getName(), new TreeMap<>());
  }

  /** The name of a method in a spec. */
  public static String name(Class<?> method) {
    Method mark = method.getAnnotation(Method.class);
    return mark == null || mark.name().isEmpty()
        ? Names.kebab(method.getSimpleName())
        : mark.name();
  }

  /**
   * The room's interface that a method implements: the first of its interfaces that lives in a
   * Goodhart room.
   */
  private static Class<?> room(Class<?> method) {
    return List.of(method.getInterfaces()).stream()
        .filter(i -> i.getName().startsWith("dev.goodhart."))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException(method.getName() + " implements no room's interface"));
  }
}
