package dev.goodhart.neural.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Python's meaning of values. They are Boolean, Long, Double, String, List, Map, {@link None},
 * {@link Undefined}, {@link Namespace} and {@link Callable}.
 */
final class Values {
  /** A value from Java, whose maps and lists are converted when they are reached into. */
  static Object of(@Nullable Object value) {
    return switch (value) {
      case null -> None.NONE;
      case Integer n -> n.longValue();
      case Short n -> n.longValue();
      case Byte n -> n.longValue();
      case Float x -> x.doubleValue();
      case Number n when !(n instanceof Long || n instanceof Double) ->
          n instanceof java.math.BigInteger big && big.bitLength() < 64
              ? (Object) big.longValue()
              : n.doubleValue();
      case Character c -> c.toString();
      case CharSequence text -> text.toString();
      default -> value;
    };
  }

  static boolean truth(Object value) {
    return switch (value) {
      case Boolean b -> b;
      case Long n -> n != 0;
      case Double x -> x != 0;
      case String text -> !text.isEmpty();
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case None none -> false;
      case Undefined undefined -> false;
      default -> true;
    };
  }

  /** The elements of a list, the keys of a map, the characters of a text. */
  static List<?> elements(Object value, Budget budget) {
    return switch (value) {
      case List<?> list -> list;
      case Map<?, ?> map -> {
        budget.spend(map.size());
        yield new ArrayList<>(map.keySet());
      }
      case String text -> {
        budget.spend(8L * text.length());
        yield text.codePoints().mapToObj(Character::toString).toList();
      }
      case Undefined undefined -> List.of();
      default -> throw new JinjaException(type(value) + " has no elements to go through");
    };
  }

  /** A number as a double, where True is 1, or null if it is none. */
  static @Nullable Double number(Object value) {
    return switch (value) {
      case Boolean b -> b ? 1.0 : 0.0;
      case Long n -> (double) n;
      case Double x -> x;
      default -> null;
    };
  }

  static boolean equal(Object a, Object b, Budget budget) {
    budget.spend(8);
    if (a instanceof Long x && b instanceof Long y) return x.longValue() == y.longValue();
    Double x = number(a);
    Double y = number(b);
    if (x != null || y != null) return x != null && y != null && x.doubleValue() == y;
    if (a instanceof Undefined && b instanceof Undefined) return true;
    if (a instanceof String s && b instanceof String t) {
      budget.spend(Math.min(s.length(), t.length()));
      return s.equals(t);
    }
    if (a instanceof List<?> s && b instanceof List<?> t) {
      if (s.size() != t.size() || a instanceof Tuple != b instanceof Tuple) return false;
      for (int i = 0; i < s.size(); i++) {
        if (!equal(of(s.get(i)), of(t.get(i)), budget)) return false;
      }
      return true;
    }
    if (a instanceof Map<?, ?> s && b instanceof Map<?, ?> t) {
      budget.spend(s.size());
      if (!s.keySet().equals(t.keySet())) return false;
      for (Map.Entry<?, ?> entry : s.entrySet()) {
        if (!equal(of(entry.getValue()), of(t.get(entry.getKey())), budget)) return false;
      }
      return true;
    }
    return a == b;
  }

  /** Whether {@code a operator b}. */
  static boolean compare(String operator, Object a, Object b, Budget budget) {
    return switch (operator) {
      case "==" -> equal(a, b, budget);
      case "!=" -> !equal(a, b, budget);
      case "in" -> contains(b, a, budget);
      case "not in" -> !contains(b, a, budget);
      case "<" -> order(a, b) < 0;
      case "<=" -> order(a, b) <= 0;
      case ">" -> order(a, b) > 0;
      case ">=" -> order(a, b) >= 0;
      default -> throw new IllegalStateException(operator);
    };
  }

  static int order(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) return Long.compare(x, y);
    Double x = number(a);
    Double y = number(b);
    if (x != null && y != null) return Double.compare(x, y);
    if (a instanceof String s && b instanceof String t) return s.compareTo(t);
    throw new JinjaException(type(a) + " and " + type(b) + " have no order");
  }

  private static boolean contains(Object container, Object value, Budget budget) {
    switch (container) {
      case String text -> {
        if (!(value instanceof String part)) {
          throw new JinjaException("in a string only a string can be looked for");
        }
        budget.spend(text.length());
        return text.contains(part);
      }
      case Map<?, ?> map -> {
        return map.containsKey(key(value));
      }
      default -> {
        for (Object element : elements(container, budget)) {
          if (equal(of(element), value, budget)) return true;
        }
        return false;
      }
    }
  }

  /** As a key of a map, where 1, 1.0 and True are one. */
  static Object key(Object value) {
    return switch (value) {
      case Boolean b -> b ? 1L : 0L;
      case Double x when x == Math.rint(x) && Math.abs(x) < 1L << 53 -> x.longValue();
      // A tuple could hold itself many times over, and its hash would take for ever.
      case List<?> list -> throw new JinjaException("a list cannot be a key");
      case Map<?, ?> map -> throw new JinjaException("a map cannot be a key");
      default -> value;
    };
  }

  /** What Python calls the type, for messages. */
  static String type(Object value) {
    return switch (value) {
      case Undefined undefined -> "'" + undefined.name() + "', which is undefined,";
      case None none -> "None";
      case Boolean b -> "a boolean";
      case Long n -> "an integer";
      case Double x -> "a number";
      case String text -> "a string";
      case List<?> list -> "a list";
      case Map<?, ?> map -> "a map";
      default -> "a " + value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    };
  }

  private Values() {}
}
