package dev.goodhart.data;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How rows are named. */
final class Ids {
  static final List<String> NAMES =
      List.of(
          "id",
          "uid",
          "uuid",
          "pair_id",
          "pair_uid",
          "bon_uid",
          "unique_id",
          "example_id",
          "task_id",
          "question_id",
          "idx",
          "key",
          "index",
          "extra_info.index");

  /** The row's own id under the file's id column, else its number. */
  static String of(Row row, long number, Map<String, String> columns) {
    String column = columns.get("id");
    @Nullable Object id = column == null ? null : row.at(column);
    return id instanceof String || id instanceof Number ? id.toString() : Long.toString(number);
  }

  private Ids() {}
}
