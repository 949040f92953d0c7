package dev.goodhart.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of a file, whatever the format: column names and values.
 *
 * @param columns in the file's order; values are those of JSON (String, Number, Boolean, List, Map,
 *     null); those of a CSV file are text, or null for an empty field without quotes
 */
public record Row(String file, long line, Map<String, @Nullable Object> columns)
    implements RowResult {
  // Written out: javac drops the @Nullable of a compact constructor's parameters from the class
  // file.
  public Row(String file, long line, Map<String, @Nullable Object> columns) {
    this.file = file;
    this.line = line;
    this.columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  /**
   * The value of a column, or of a field or an element inside one: {@code
   * reward_model.ground_truth}, {@code summaries.0}; null where there is none. A column whose own
   * name holds the dot comes first.
   */
  public @Nullable Object at(String path) {
    return at(columns, path);
  }

  private static @Nullable Object at(Map<?, ?> columns, String path) {
    Object value = columns.get(path);
    int dot = path.indexOf('.');
    return value == null && dot > 0
        ? inside(columns.get(path.substring(0, dot)), path.substring(dot + 1))
        : value;
  }

  private static @Nullable Object inside(@Nullable Object value, String path) {
    return switch (value) {
      case Map<?, ?> map -> at(map, path);
      case List<?> list -> {
        int dot = path.indexOf('.');
        String index = dot < 0 ? path : path.substring(0, dot);
        if (!index.matches("\\d{1,6}") || Integer.parseInt(index) >= list.size()) {
          yield null;
        }
        Object element = list.get(Integer.parseInt(index));
        yield dot < 0 ? element : inside(element, path.substring(dot + 1));
      }
      case null, default -> null;
    };
  }
}
