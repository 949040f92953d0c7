package dev.goodhart.data.duckdb;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** DuckDB's values as those of JSON: what a text would have held in the same place. */
final class Values {
  static @Nullable Object json(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Boolean truth -> truth;
      case BigDecimal decimal -> decimal.doubleValue();
      case Float real -> (double) real;
      case Number number -> number;
      case DuckDBStruct struct -> map(struct.getMap());
      case Map<?, ?> map -> map(map);
      case Array array -> list(array);
      case Object[] array -> list(array);
      case Blob blob -> Base64.getEncoder().encodeToString(blob.getBytes(1, (int) blob.length()));
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      default -> value.toString(); // dates, times, UUIDs
    };
  }

  private static Map<String, @Nullable Object> map(Map<?, ?> map) throws SQLException {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      copy.put(String.valueOf(entry.getKey()), json(entry.getValue()));
    }
    return copy;
  }

  private static List<@Nullable Object> list(Array array) throws SQLException {
    return array.getArray() instanceof Object[] elements ? list(elements) : primitives(array);
  }

  private static List<@Nullable Object> list(Object[] elements) throws SQLException {
    List<@Nullable Object> copy = new ArrayList<>(elements.length);
    for (Object element : elements) {
      copy.add(json(element));
    }
    return copy;
  }

  private static List<@Nullable Object> primitives(Array array) throws SQLException {
    List<@Nullable Object> copy = new ArrayList<>();
    try (ResultSet elements = array.getResultSet()) {
      while (elements.next()) {
        copy.add(json(elements.getObject(2))); // 1 is the index
      }
    }
    return copy;
  }

  private Values() {}
}
