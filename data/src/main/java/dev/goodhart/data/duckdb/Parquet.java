package dev.goodhart.data.duckdb;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.RowFormat;
import dev.goodhart.data.Rows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import org.duckdb.DuckDBDriver;

/**
 * Parquet files, streamed row by row through an in-memory DuckDB; nested columns arrive as lists
 * and maps.
 */
public final class Parquet implements RowFormat {
  @Override
  public String name() {
    return "Parquet";
  }

  @Override
  public Rows open(Path file) {
    Connection connection = null;
    try {
      connection = new DuckDBDriver().connect("jdbc:duckdb:", settings());
      PreparedStatement query = connection.prepareStatement("SELECT * FROM read_parquet(?)");
      query.setString(1, literal(file));
      return new ParquetRows(file, connection, query.executeQuery());
    } catch (SQLException e) {
      close(connection);
      throw unreadable(file, e);
    }
  }

  /** Results are streamed, in the file's order, and nothing is ever fetched from a network. */
  private static Properties settings() {
    Properties settings = new Properties();
    settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    settings.setProperty("threads", "1");
    settings.setProperty("preserve_insertion_order", "true");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    return settings;
  }

  /** DuckDB would read a star or a bracket in a name as a pattern. */
  private static String literal(Path file) {
    return file.toAbsolutePath().toString().replaceAll("[\\[*?]", "[$0]");
  }

  static GoodhartException unreadable(Path file, SQLException e) {
    String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new GoodhartException(file + ": cannot be read as Parquet: " + what, e);
  }

  private static void close(@org.jspecify.annotations.Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // The reading failed already and says why.
    }
  }
}
