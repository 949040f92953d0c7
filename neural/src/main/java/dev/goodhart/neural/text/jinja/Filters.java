package dev.goodhart.neural.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jinja2's filters; a call's first argument is the value before the {@code |}. */
final class Filters {
  /** A filter, looked up when the template is parsed. */
  static Callable named(String name, int line) {
    Callable filter = text(name);
    if (filter == null) filter = list(name);
    if (filter == null)
      throw JinjaException.at(line, "the filter '" + name + "' is not known here");
    return filter;
  }

  private static @Nullable Callable text(String name) {
    return switch (name) {
      case "trim" ->
          a ->
              Strings.strip(
                  string(a), a.find(1, "chars") instanceof String chars ? chars : null, true, true);
      case "upper" -> a -> string(a).toUpperCase(Locale.ROOT);
      case "lower" -> a -> string(a).toLowerCase(Locale.ROOT);
      case "title" -> a -> Methods.title(string(a));
      case "capitalize" -> a -> Methods.capitalize(string(a));
      case "string", "safe" -> a -> string(a);
      case "escape", "e" -> a -> escaped(a);
      case "replace" ->
          a ->
              Strings.replace(
                  string(a),
                  a.text(1, "old"),
                  a.text(2, "new"),
                  a.integer(3, "count", -1),
                  a.scope().budget);
      case "indent" -> Filters::indent;
      case "int" -> Filters::integer;
      case "float" -> Filters::decimal;
      case "abs" ->
          a ->
              Values.order(value(a), 0L) < 0
                  ? Operators.apply("-", 0L, value(a), a.scope().budget)
                  : value(a);
      case "round" -> Filters::round;
      case "tojson" -> Filters::json;
      case "default", "d" ->
          a ->
              value(a) instanceof Undefined
                      || a.truth(2, "boolean", false) && !Values.truth(value(a))
                  ? a.get(1, "default_value", "")
                  : value(a);
      default -> null;
    };
  }

  private static @Nullable Callable list(String name) {
    return switch (name) {
      case "length", "count" -> a -> length(a);
      case "list" -> a -> new ArrayList<Object>(elements(a));
      case "first" -> a -> elements(a).isEmpty() ? new Undefined("first") : elements(a).getFirst();
      case "last" -> a -> elements(a).isEmpty() ? new Undefined("last") : elements(a).getLast();
      case "reverse" -> Filters::reverse;
      case "join" -> Filters::join;
      case "sort" -> Filters::sort;
      case "unique" -> Filters::unique;
      case "sum" ->
          a -> {
            Object sum = a.get(2, "start", 0L);
            for (Object each : elements(a)) {
              sum = Operators.apply("+", sum, Attributes.of(each, a, 1), a.scope().budget);
            }
            return sum;
          };
      case "min" -> a -> extreme(a, -1);
      case "max" -> a -> extreme(a, 1);
      case "items" ->
          a ->
              value(a) instanceof Map<?, ?> map
                  ? Methods.items(map, a.scope().budget)
                  : elements(a);
      case "dictsort" -> Filters::dictsort;
      case "map" -> Attributes::map;
      case "select" -> a -> Attributes.select(a, false, true);
      case "reject" -> a -> Attributes.select(a, false, false);
      case "selectattr" -> a -> Attributes.select(a, true, true);
      case "rejectattr" -> a -> Attributes.select(a, true, false);
      default -> null;
    };
  }

  static Object value(Arguments a) {
    return a.positional().getFirst();
  }

  private static String string(Arguments a) {
    String text = Printer.print(value(a), a.scope().budget);
    a.scope().budget.spend(text.length());
    return text;
  }

  /** The elements as values of this language. */
  static List<Object> elements(Arguments a) {
    List<?> elements = Values.elements(value(a), a.scope().budget);
    a.scope().budget.spend(8L * elements.size());
    return new ArrayList<>(elements.stream().map(Values::of).toList());
  }

  private static Object length(Arguments a) {
    return switch (value(a)) {
      case String text -> (long) text.codePointCount(0, text.length());
      case List<?> list -> (long) list.size();
      case Map<?, ?> map -> (long) map.size();
      case Undefined undefined -> 0L;
      default -> throw new JinjaException(Values.type(value(a)) + " has no length");
    };
  }

  private static Object reverse(Arguments a) {
    if (value(a) instanceof String text) return new StringBuilder(text).reverse().toString();
    List<Object> all = elements(a);
    Collections.reverse(all);
    return all;
  }

  private static Object join(Arguments a) {
    List<Object> parts = new ArrayList<>();
    for (Object each : elements(a)) parts.add(Attributes.of(each, a, 2));
    return Strings.join(
        Printer.print(a.get(1, "d", ""), a.scope().budget), parts, a.scope().budget);
  }

  private static Object sort(Arguments a) {
    boolean caseSensitive = a.truth(2, "case_sensitive", false);
    List<Object> all = elements(a);
    Comparator<Object> order =
        (x, y) -> {
          a.scope().budget.step();
          return Values.order(
              folded(Attributes.of(x, a, 3), caseSensitive),
              folded(Attributes.of(y, a, 3), caseSensitive));
        };
    all.sort(a.truth(1, "reverse", false) ? order.reversed() : order);
    return all;
  }

  private static Object folded(Object value, boolean caseSensitive) {
    return !caseSensitive && value instanceof String text ? text.toLowerCase(Locale.ROOT) : value;
  }

  private static Object unique(Arguments a) {
    List<Object> kept = new ArrayList<>();
    List<Object> seen = new ArrayList<>();
    boolean caseSensitive = a.truth(1, "case_sensitive", false);
    for (Object each : elements(a)) {
      Object by = folded(Attributes.of(each, a, 2), caseSensitive);
      if (seen.stream().noneMatch(s -> Values.equal(s, by, a.scope().budget))) {
        seen.add(by);
        kept.add(each);
      }
    }
    return kept;
  }

  private static Object extreme(Arguments a, int sign) {
    List<Object> all = elements(a);
    if (all.isEmpty()) return new Undefined("an extreme of nothing");
    Object best = all.getFirst();
    for (Object each : all) {
      if (Values.order(folded(each, false), folded(best, false)) * sign > 0) best = each;
    }
    return best;
  }

  private static Object dictsort(Arguments a) {
    if (!(value(a) instanceof Map<?, ?> map)) throw new JinjaException("dictsort needs a map");
    int by = a.get(2, "by", "key").equals("value") ? 1 : 0;
    List<Object> items = Methods.items(map, a.scope().budget);
    Comparator<Object> order =
        (x, y) -> {
          a.scope().budget.step();
          return Values.order(
              folded(((Tuple) x).get(by), false), folded(((Tuple) y).get(by), false));
        };
    items.sort(a.truth(3, "reverse", false) ? order.reversed() : order);
    return items;
  }

  private static Object escaped(Arguments a) {
    Budget budget = a.scope().budget;
    String text = Strings.replace(string(a), "&", "&amp;", -1, budget);
    text = Strings.replace(text, "<", "&lt;", -1, budget);
    text = Strings.replace(text, ">", "&gt;", -1, budget);
    text = Strings.replace(text, "'", "&#39;", -1, budget);
    return Strings.replace(text, "\"", "&#34;", -1, budget);
  }

  private static Object indent(Arguments a) {
    Object width = a.get(1, "width", 4L);
    if (width instanceof Long n && (n < 0 || n > 1000)) {
      throw new JinjaException("indent: a width from 0 to 1000 is expected");
    }
    String by = width instanceof Long n ? " ".repeat(n.intValue()) : a.text(1, "width");
    boolean first = a.truth(2, "first", false);
    boolean blank = a.truth(3, "blank", false);
    String[] lines = string(a).split("\n", -1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.length; i++) {
      a.scope().budget.spend(by.length() + lines[i].length() + 1L);
      if (i > 0) text.append('\n');
      if (i == 0 ? first : blank || !lines[i].isEmpty()) text.append(by);
      text.append(lines[i]);
    }
    return text.toString();
  }

  private static Object integer(Arguments a) {
    Object otherwise = a.get(1, "default", 0L);
    if (value(a) instanceof String text) {
      try {
        return Long.parseLong(text.strip());
      } catch (NumberFormatException e) {
        return decimal(text) instanceof Double x ? Long.valueOf(x.longValue()) : otherwise;
      }
    }
    Double number = Values.number(value(a));
    return number == null ? otherwise : value(a) instanceof Long n ? n : (Long) number.longValue();
  }

  private static Object decimal(Arguments a) {
    Object number = value(a) instanceof String text ? decimal(text) : Values.number(value(a));
    return number == null ? a.get(1, "default", 0.0) : number;
  }

  private static @Nullable Double decimal(String text) {
    // Java reads more than Python: hexadecimal digits and a d at the end.
    if (text.length() > 400 || !text.strip().matches("[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?")) {
      return null;
    }
    return Double.parseDouble(text.strip());
  }

  private static Object round(Arguments a) {
    Double number = Values.number(value(a));
    if (number == null) throw new JinjaException("round needs a number");
    int digits = Math.clamp(a.integer(1, "precision", 0), -300, 300);
    java.math.RoundingMode mode =
        switch (a.get(2, "method", "common").toString()) {
          case "ceil" -> java.math.RoundingMode.CEILING;
          case "floor" -> java.math.RoundingMode.FLOOR;
          default -> java.math.RoundingMode.HALF_EVEN;
        };
    if (number.isNaN() || number.isInfinite()) return number;
    return new java.math.BigDecimal(number).setScale(digits, mode).doubleValue();
  }

  private static Object json(Arguments a) {
    Object given = a.named().getOrDefault("indent", a.size() > 2 ? a.get(2, "indent") : None.NONE);
    int indent = given instanceof Long n ? Math.clamp(n, 0, 64) : -1;
    String comma = indent < 0 ? ", " : ",";
    String colon = ": ";
    if (a.find(3, "separators") instanceof List<?> separators && separators.size() == 2) {
      comma = String.valueOf(separators.get(0));
      colon = String.valueOf(separators.get(1));
    }
    return Printer.json(
        value(a), indent, comma, colon, a.truth(4, "sort_keys", false), a.scope().budget);
  }

  private Filters() {}
}
