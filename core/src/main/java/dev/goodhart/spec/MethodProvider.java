package dev.goodhart.spec;

import java.util.List;

/**
 * Makes methods known by name to every spec. Goodhart's modules each have one; a library of your
 * own adds its records the same way: implement this interface, name the class in {@code
 * META-INF/services/dev.goodhart.spec.MethodProvider}, and put the jar on the class path.
 */
public interface MethodProvider {
  /**
   * Records marked with {@link dev.goodhart.Method}, each implementing the interface of its room.
   */
  List<Class<? extends Record>> methods();
}
