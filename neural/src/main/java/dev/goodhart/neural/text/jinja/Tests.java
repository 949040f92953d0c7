package dev.goodhart.neural.text.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What may follow {@code is}. */
final class Tests {
  static Callable named(String name, int line) {
    Predicate<Object> kind = kind(name);
    if (kind != null) return a -> kind.test(Filters.value(a));
    String operator = operator(name);
    if (operator != null) {
      return a -> Values.compare(operator, Filters.value(a), a.get(1, "other"), a.scope().budget);
    }
    return switch (name) {
      case "odd" -> a -> remainder(a, 2L) == 1;
      case "even" -> a -> remainder(a, 2L) == 0;
      case "divisibleby" -> a -> remainder(a, a.get(1, "num")) == 0;
      case "sameas" ->
          a ->
              Filters.value(a) == a.get(1, "other")
                  || Filters.value(a) instanceof Boolean b && b.equals(a.get(1, "other"));
      default -> throw JinjaException.at(line, "the test '" + name + "' is not known here");
    };
  }

  private static @Nullable Predicate<Object> kind(String name) {
    return switch (name) {
      case "defined" -> v -> !(v instanceof Undefined);
      case "undefined" -> v -> v instanceof Undefined;
      case "none" -> v -> v == None.NONE;
      case "string" -> v -> v instanceof String;
      case "boolean" -> v -> v instanceof Boolean;
      case "true" -> v -> Boolean.TRUE.equals(v);
      case "false" -> v -> Boolean.FALSE.equals(v);
      case "integer" -> v -> v instanceof Long;
      case "float" -> v -> v instanceof Double;
      case "number" -> v -> Values.number(v) != null;
      case "mapping" -> v -> v instanceof Map;
      case "sequence" -> v -> v instanceof List || v instanceof Map || v instanceof String;
      case "iterable" ->
          v ->
              v instanceof List
                  || v instanceof Map
                  || v instanceof String
                  || v instanceof Undefined;
      case "callable" -> v -> v instanceof Callable;
      case "lower" ->
          v -> v instanceof String s && cased(s) && s.equals(s.toLowerCase(Locale.ROOT));
      case "upper" ->
          v -> v instanceof String s && cased(s) && s.equals(s.toUpperCase(Locale.ROOT));
      default -> null;
    };
  }

  private static boolean cased(String s) {
    return !s.toLowerCase(Locale.ROOT).equals(s.toUpperCase(Locale.ROOT));
  }

  private static @Nullable String operator(String name) {
    return switch (name) {
      case "equalto", "eq", "==" -> "==";
      case "ne", "!=" -> "!=";
      case "gt", "greaterthan", ">" -> ">";
      case "ge", ">=" -> ">=";
      case "lt", "lessthan", "<" -> "<";
      case "le", "<=" -> "<=";
      case "in" -> "in";
      default -> null;
    };
  }

  private static long remainder(Arguments a, Object by) {
    Object rest = Operators.apply("%", Filters.value(a), by, a.scope().budget);
    return rest instanceof Long n ? n : rest.equals(0.0) ? 0 : -1;
  }

  private Tests() {}
}
