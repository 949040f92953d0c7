package dev.goodhart.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One way of writing a layout: the columns it must have, those it may have, and how a row becomes
 * examples.
 *
 * @param source whose it is: {@code TRL}
 */
record Shape(Layout layout, String source, List<Need> needs, List<Need> options, Reader reader) {
  /** Turns a row into examples; throws {@link BadField}. */
  interface Reader {
    List<Example> read(Fields fields);
  }

  /** The file's columns by role when the rows are of this shape, else null. */
  @Nullable Map<String, String> columns(List<Row> rows, Map<String, String> forced) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (Need need : needs) {
      String column = need.column(rows, forced, columns.values(), rows.size());
      if (column == null) {
        return null;
      }
      columns.put(need.role(), column);
    }
    for (Need option : options) {
      String column = option.column(rows, forced, columns.values(), 0);
      if (column != null) {
        columns.putIfAbsent(option.role(), column);
      }
    }
    return columns;
  }
}
