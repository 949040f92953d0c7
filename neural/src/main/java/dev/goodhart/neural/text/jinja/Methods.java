package dev.goodhart.neural.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's strings, maps and lists that change nothing. */
final class Methods {
  /** A method of a value, or null if it has none of that name. */
  static @Nullable Callable of(Object value, String name) {
    return switch (value) {
      case String text -> of(text, name);
      case Map<?, ?> map -> of(map, name);
      case List<?> list -> of(list, name);
      default -> null;
    };
  }

  private static @Nullable Callable of(Map<?, ?> map, String name) {
    return switch (name) {
      case "get" ->
          a -> {
            Object found = Items.item(map, a.get(0, "key"));
            return found instanceof Undefined ? a.get(1, "default", None.NONE) : found;
          };
      case "keys" -> a -> Values.elements(map, a.scope().budget);
      case "values" ->
          a -> {
            a.scope().budget.spend(8L * map.size());
            return new ArrayList<Object>(map.values().stream().map(Values::of).toList());
          };
      case "items" -> a -> items(map, a.scope().budget);
      case "copy" -> a -> map;
      default -> null;
    };
  }

  static List<Object> items(Map<?, ?> map, Budget budget) {
    budget.spend(32L * map.size());
    List<Object> items = new ArrayList<>(map.size());
    map.forEach((key, value) -> items.add(new Tuple(List.of(Values.of(key), Values.of(value)))));
    return items;
  }

  private static @Nullable Callable of(List<?> list, String name) {
    return switch (name) {
      case "copy" -> a -> list;
      case "index" ->
          a -> {
            for (int i = 0; i < list.size(); i++) {
              if (Values.equal(Values.of(list.get(i)), a.get(0, "value"), a.scope().budget)) {
                return (long) i;
              }
            }
            throw new JinjaException("index: the list does not have the element");
          };
      case "count" ->
          a ->
              list.stream()
                  .filter(e -> Values.equal(Values.of(e), a.get(0, "value"), a.scope().budget))
                  .count();
      case "append", "extend", "insert", "pop", "remove", "clear", "reverse", "sort" ->
          throw new JinjaException("a list cannot be changed here (" + name + ")");
      default -> null;
    };
  }

  private static @Nullable Callable of(String s, String name) {
    Callable method = plain(s, name);
    if (method == null) return null;
    return arguments -> {
      arguments.scope().budget.spend(s.length());
      return method.call(arguments);
    };
  }

  private static @Nullable Callable plain(String s, String name) {
    return switch (name) {
      case "strip" -> a -> strip(s, a, true, true);
      case "lstrip" -> a -> strip(s, a, true, false);
      case "rstrip" -> a -> strip(s, a, false, true);
      case "upper" -> a -> s.toUpperCase(Locale.ROOT);
      case "lower" -> a -> s.toLowerCase(Locale.ROOT);
      case "title" -> a -> title(s);
      case "capitalize" -> a -> capitalize(s);
      case "startswith" -> a -> any(a, s::startsWith);
      case "endswith" -> a -> any(a, s::endsWith);
      case "removeprefix" ->
          a -> s.startsWith(a.text(0, "prefix")) ? s.substring(a.text(0, "prefix").length()) : s;
      case "removesuffix" ->
          a ->
              s.endsWith(a.text(0, "suffix"))
                  ? s.substring(0, s.length() - a.text(0, "suffix").length())
                  : s;
      case "replace" ->
          a ->
              Strings.replace(
                  s,
                  a.text(0, "old"),
                  a.text(1, "new"),
                  a.integer(2, "count", -1),
                  a.scope().budget);
      case "split" -> a -> Strings.split(s, a, false);
      case "rsplit" -> a -> Strings.split(s, a, true);
      case "splitlines" -> a -> new ArrayList<Object>(s.lines().toList());
      case "partition" -> a -> partition(s, a.text(0, "sep"), s.indexOf(a.text(0, "sep")), true);
      case "rpartition" ->
          a -> partition(s, a.text(0, "sep"), s.lastIndexOf(a.text(0, "sep")), false);
      case "join" ->
          a ->
              Strings.join(
                  s, Values.elements(a.get(0, "iterable"), a.scope().budget), a.scope().budget);
      case "find" -> a -> codePoints(s, s.indexOf(a.text(0, "sub")));
      case "rfind" -> a -> codePoints(s, s.lastIndexOf(a.text(0, "sub")));
      case "index" ->
          a -> {
            long at = codePoints(s, s.indexOf(a.text(0, "sub")));
            if (at < 0) throw new JinjaException("index: the string does not have the part");
            return at;
          };
      case "count" -> a -> Strings.count(s, a.text(0, "sub"));
      case "isdigit", "isdecimal", "isnumeric" -> a -> every(s, Character::isDigit);
      case "isalpha" -> a -> every(s, Character::isLetter);
      case "isalnum" -> a -> every(s, Character::isLetterOrDigit);
      case "isspace" -> a -> every(s, Strings::isSpace);
      case "isupper" ->
          a -> !s.equals(s.toLowerCase(Locale.ROOT)) && s.equals(s.toUpperCase(Locale.ROOT));
      case "islower" ->
          a -> !s.equals(s.toUpperCase(Locale.ROOT)) && s.equals(s.toLowerCase(Locale.ROOT));
      default -> null;
    };
  }

  private static boolean every(String s, IntPredicate is) {
    return !s.isEmpty() && s.codePoints().allMatch(is);
  }

  private static long codePoints(String s, int index) {
    return index < 0 ? -1 : s.codePointCount(0, index);
  }

  private static boolean any(Arguments a, java.util.function.Predicate<String> is) {
    Object given = a.get(0, "prefix");
    if (given instanceof String text) return is.test(text);
    if (given instanceof List<?> list) {
      return list.stream().anyMatch(each -> each instanceof String text && is.test(text));
    }
    throw new JinjaException("a string or a tuple of strings is expected");
  }

  private static Object partition(String s, String separator, int at, boolean first) {
    if (separator.isEmpty()) throw new JinjaException("the separator is empty");
    if (at < 0) return new Tuple(first ? List.of(s, "", "") : List.of("", "", s));
    return new Tuple(List.of(s.substring(0, at), separator, s.substring(at + separator.length())));
  }

  private static String strip(String s, Arguments a, boolean left, boolean right) {
    Object given = a.get(0, "chars", None.NONE);
    return Strings.strip(s, given instanceof String chars ? chars : null, left, right);
  }

  static String title(String s) {
    StringBuilder title = new StringBuilder(s.length());
    boolean inWord = false;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      title.append(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
      inWord = Character.isLetter(c);
    }
    return title.toString();
  }

  static String capitalize(String s) {
    if (s.isEmpty()) return s;
    int first = s.offsetByCodePoints(0, 1);
    return s.substring(0, first).toUpperCase(Locale.ROOT)
        + s.substring(first).toLowerCase(Locale.ROOT);
  }

  private Methods() {}
}
