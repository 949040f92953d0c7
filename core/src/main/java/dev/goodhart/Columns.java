package dev.goodhart;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a row's columns in order and unmodifiable; unlike {@link Map#copyOf} it lets JSON's null
 * through.
 */
final class Columns {
  static Map<String, @Nullable Object> copy(Map<String, ? extends @Nullable Object> columns) {
    return columns.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  private Columns() {}
}
