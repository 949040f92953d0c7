package dev.goodhart.data;

import java.nio.file.Path;

/**
 * A file format that needs an engine of its own, found on the class path through {@code
 * META-INF/services/dev.goodhart.data.RowFormat}.
 */
public interface RowFormat {
  /** The format's name: {@code Parquet}. */
  String name();

  /** Opens a file that begins with this format's mark. */
  Rows open(Path file);
}
