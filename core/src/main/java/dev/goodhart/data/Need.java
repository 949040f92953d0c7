package dev.goodhart.data;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column that a layout needs, under one of several names.
 *
 * @param role what it is for the layout: {@code prompt}
 * @param names the columns that may hold it, best first; a dot reaches into an object
 */
record Need(String role, Kind kind, List<String> names) {
  static Need of(String role, Kind kind, String... names) {
    return new Need(role, kind, List.of(names));
  }

  /** Any column that holds this kind of thing. */
  static final String ANY_COLUMN = "*";

  /**
   * The column that holds this in most of the rows, or null.
   *
   * @param forced columns that the user named, by role
   * @param taken columns that serve another role already
   * @param atLeast how many rows "most" is taken of when fewer have a value at all: a column that
   *     is rarely filled may be an option, but not what a layout is recognised by
   */
  @Nullable String column(
      List<Row> rows, Map<String, String> forced, Collection<String> taken, int atLeast) {
    String named = forced.get(role);
    List<String> candidates =
        named != null
            ? List.of(named)
            : names.contains(ANY_COLUMN)
                ? rows.stream().flatMap(row -> row.columns().keySet().stream()).distinct().toList()
                : names;
    for (String name : candidates) {
      if (!taken.contains(name) && holds(rows, name, atLeast)) {
        return name;
      }
    }
    return null;
  }

  private boolean holds(List<Row> rows, String name, int atLeast) {
    long filled = rows.stream().filter(row -> row.at(name) != null).count();
    long held = rows.stream().filter(row -> kind.holds(row.at(name))).count();
    return held > 0 && 2 * held >= Math.max(filled, atLeast);
  }
}
