package dev.goodhart.neural.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a call is given. */
record Arguments(List<Object> positional, Map<String, Object> named, Scope scope) {
  int size() {
    return positional.size();
  }

  /** By position or by name, or the default. */
  Object get(int index, String name, Object otherwise) {
    Object given = find(index, name);
    return given == null ? otherwise : given;
  }

  Object get(int index, String name) {
    Object given = find(index, name);
    if (given == null) throw new JinjaException("the argument " + name + " is missing");
    return given;
  }

  @Nullable Object find(int index, String name) {
    return index < positional.size() ? positional.get(index) : named.get(name);
  }

  String text(int index, String name) {
    if (get(index, name) instanceof String text) return text;
    throw new JinjaException("the argument " + name + " must be a string");
  }

  int integer(int index, String name, int otherwise) {
    Object given = find(index, name);
    if (given == null || given == None.NONE) return otherwise;
    if (given instanceof Long number) return Math.clamp(number, -1 << 30, 1 << 30);
    throw new JinjaException("the argument " + name + " must be a whole number");
  }

  boolean truth(int index, String name, boolean otherwise) {
    Object given = find(index, name);
    return given == null ? otherwise : Values.truth(given);
  }
}
