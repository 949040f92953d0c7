package dev.goodhart.data;

import dev.goodhart.GoodhartException;
import java.nio.file.Path;

/**
 * The rows of a file, streamed in constant memory: JSONL, JSON (a list of objects, or an object
 * that holds one), CSV or TSV, plain or compressed with gz or zstd, all recognised by their
 * content; Parquet where module {@code goodhart-data} is on the class path. A bad row is a {@link
 * BadRow}, and the row after it is read correctly.
 *
 * <pre>{@code
 * try (Rows rows = Rows.open(Path.of("pairs.jsonl.gz"))) {
 *   while (rows.hasNext()) {
 *     switch (rows.next()) {
 *       case Row row -> ...
 *       case BadRow bad -> ...
 *     }
 *   }
 * }
 * }</pre>
 */
public interface Rows extends Cursor<RowResult> {
  /**
   * The longest line, CSV record or JSON object that is read, in bytes, unless the caller says
   * otherwise.
   */
  int ROW_LIMIT = 64 << 20;

  /** How many bytes of the file (of its compressed form) have been read; for progress. */
  long bytesRead();

  /**
   * Opens a file whatever its format.
   *
   * @throws GoodhartException if it is missing, a folder, empty, or none of the formats
   */
  static Rows open(Path file) {
    return open(file, ROW_LIMIT);
  }

  /**
   * Opens a file whatever its format.
   *
   * @param rowLimit the longest row in bytes; a longer one is a {@link BadRow}
   */
  static Rows open(Path file, int rowLimit) {
    return Source.open(file, rowLimit);
  }
}
