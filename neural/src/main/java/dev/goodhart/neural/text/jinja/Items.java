package dev.goodhart.neural.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code a.b}, {@code a[b]} and {@code a[b:c:d]}. */
final class Items {
  /** A method if the value has one of that name, else what a map holds under it. */
  static Object attribute(Object value, String name) {
    switch (value) {
      case Undefined undefined ->
          throw new JinjaException("'" + undefined.name() + "' is undefined");
      case Map<?, ?> map -> {
        // What a caller named is meant before what Python's dict can do: a tool's "items".
        if (map.containsKey(name)) return Values.of(map.get(name));
      }
      case Namespace namespace -> {
        Object found = namespace.values().get(name);
        return found == null ? new Undefined(name) : found;
      }
      case Loop loop -> {
        return loop.attribute(name);
      }
      default -> {}
    }
    Callable method = Methods.of(value, name);
    return method == null ? new Undefined(name) : method;
  }

  static Object item(Object value, Object key) {
    switch (value) {
      case Undefined undefined ->
          throw new JinjaException("'" + undefined.name() + "' is undefined");
      case Map<?, ?> map -> {
        Object plain = Values.key(key);
        if (map.containsKey(plain)) return Values.of(map.get(plain));
        // A map from Java may count in ints.
        if (plain instanceof Long n && n == n.intValue() && map.containsKey(n.intValue())) {
          return Values.of(map.get(n.intValue()));
        }
      }
      case List<?> list when key instanceof Long n -> {
        long at = n < 0 ? n + list.size() : n;
        if (at >= 0 && at < list.size()) return Values.of(list.get((int) at));
      }
      case String text when key instanceof Long n -> {
        int length = text.codePointCount(0, text.length());
        long at = n < 0 ? n + length : n;
        if (at >= 0 && at < length) {
          return Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at)));
        }
      }
      default -> {
        if (key instanceof String name) return attribute(value, name);
      }
    }
    return new Undefined(key instanceof String name ? name : "element " + Printer.brief(key));
  }

  /** Python's slices, of lists and of the characters of texts. */
  static Object slice(Object value, Object from, Object to, Object by, Budget budget) {
    if (value instanceof Undefined undefined) {
      throw new JinjaException("'" + undefined.name() + "' is undefined");
    }
    if (!(value instanceof List) && !(value instanceof String)) {
      throw new JinjaException(Values.type(value) + " cannot be sliced");
    }
    List<?> all = Values.elements(value, budget);
    int size = all.size();
    int step = by == None.NONE ? 1 : bound(by);
    if (step == 0) throw new JinjaException("a slice cannot go in steps of 0");
    int least = step > 0 ? 0 : -1;
    int most = step > 0 ? size : size - 1;
    int begin = from == None.NONE ? (step > 0 ? 0 : size - 1) : clamped(from, size, least, most);
    int end = to == None.NONE ? (step > 0 ? size : -1) : clamped(to, size, least, most);
    List<Object> part = new ArrayList<>();
    for (long i = begin; step > 0 ? i < end : i > end; i += step) {
      budget.spend(8);
      part.add(Values.of(all.get((int) i)));
    }
    if (value instanceof Tuple) return new Tuple(part);
    if (value instanceof List) return part;
    StringBuilder text = new StringBuilder();
    part.forEach(character -> text.append((String) character));
    return text.toString();
  }

  private static int clamped(Object index, int size, int least, int most) {
    int given = bound(index);
    return Math.clamp(given < 0 ? (long) given + size : given, least, most);
  }

  private static int bound(Object value) {
    if (value instanceof Long n) return Math.clamp(n, -Integer.MAX_VALUE, Integer.MAX_VALUE);
    throw new JinjaException("a slice goes by whole numbers, not by " + Values.type(value));
  }

  private Items() {}
}
