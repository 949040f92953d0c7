package dev.goodhart.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a data set is to be read.
 *
 * @param layout forces one; null recognises it from the columns
 * @param onBadRow what becomes of rows that cannot be used
 * @param badRows the file that skipped rows are written to; null only counts them
 * @param columns unusual column names, by role ({@code prompt}, {@code response}, {@code chosen},
 *     {@code rejected}, {@code label}, {@code rating}, {@code reference}, {@code id})
 * @param rowLimit the longest row in bytes
 */
public record Reading(
    @Nullable Layout layout,
    OnBadRow onBadRow,
    @Nullable Path badRows,
    Map<String, String> columns,
    int rowLimit) {
  /** Recognise the layout, stop at a bad row. */
  public static final Reading DEFAULT =
      new Reading(null, OnBadRow.FAIL, null, Map.of(), Rows.ROW_LIMIT);

  public Reading {
    columns = Map.copyOf(columns);
  }

  public Reading as(@Nullable Layout forced) {
    return new Reading(forced, onBadRow, badRows, columns, rowLimit);
  }

  /** Skips bad rows, writing them to {@code sideFile} when it is given. */
  public Reading skippingTo(@Nullable Path sideFile) {
    return new Reading(layout, OnBadRow.SKIP, sideFile, columns, rowLimit);
  }

  /** Reads a role from a column of this name. */
  public Reading with(String role, String column) {
    Map<String, String> more = new LinkedHashMap<>(columns);
    more.put(role, column);
    return new Reading(layout, onBadRow, badRows, more, rowLimit);
  }

  /** Where the bad rows of a command go that writes {@code output}: beside it. */
  public static Path badRowsBeside(Path output) {
    return output.resolveSibling(output.getFileName() + ".bad.jsonl");
  }
}
