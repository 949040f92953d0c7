package dev.goodhart.neural.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The filters that look into each element of a list: map, select, selectattr and their like. */
final class Attributes {
  /** What a filter's argument {@code attribute} names in an element, or the element itself. */
  static Object of(Object element, Arguments a, int index) {
    Object attribute = a.find(index, "attribute");
    if (attribute == null || attribute == None.NONE) return element;
    a.scope().budget.step();
    return at(element, attribute);
  }

  /** {@code "function.name"} goes two steps. */
  private static Object at(Object element, Object path) {
    if (!(path instanceof String names)) return Items.item(element, path);
    Object value = element;
    for (String name : names.split("\\.")) {
      value =
          !name.isEmpty() && name.chars().allMatch(Character::isDigit) && name.length() < 10
              ? Items.item(value, Long.parseLong(name))
              : Items.item(value, name);
    }
    return value;
  }

  static Object map(Arguments a) {
    List<Object> mapped = new ArrayList<>();
    Object attribute = a.named().get("attribute");
    Callable filter = attribute == null ? Filters.named(a.text(1, "filter"), 0) : null;
    for (Object each : Filters.elements(a)) {
      a.scope().budget.step();
      if (filter != null) {
        mapped.add(filter.call(with(each, a, 2)));
      } else {
        Object found = at(each, java.util.Objects.requireNonNull(attribute));
        mapped.add(found instanceof Undefined ? a.named().getOrDefault("default", found) : found);
      }
    }
    return mapped;
  }

  /** Elements for which a test holds, or does not; without a test those that are true. */
  static Object select(Arguments a, boolean byAttribute, boolean wanted) {
    int index = byAttribute ? 2 : 1;
    Callable test = a.size() > index ? Tests.named(a.text(index, "test"), 0) : null;
    List<Object> kept = new ArrayList<>();
    for (Object each : Filters.elements(a)) {
      a.scope().budget.step();
      Object value = byAttribute ? at(each, a.get(1, "attribute")) : each;
      Object holds = test == null ? value : test.call(with(value, a, index + 1));
      if (Values.truth(holds) == wanted) kept.add(each);
    }
    return kept;
  }

  /** The arguments from an index on, behind another first one. */
  private static Arguments with(Object first, Arguments a, int from) {
    List<Object> positional = new ArrayList<>();
    positional.add(first);
    positional.addAll(a.positional().subList(Math.min(from, a.size()), a.size()));
    Map<String, Object> named = new LinkedHashMap<>(a.named());
    named.remove("attribute");
    return new Arguments(positional, named, a.scope());
  }

  private Attributes() {}
}
