package dev.goodhart.data.duckdb;

import dev.goodhart.data.Row;
import dev.goodhart.data.RowResult;
import dev.goodhart.data.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A query's result as rows. A row's line is its number. */
final class ParquetRows implements Rows {
  private final Path file;
  private final Connection connection;
  private final ResultSet result;
  private final List<String> names = new ArrayList<>();
  private long number;
  private boolean ready;
  private boolean ended;

  ParquetRows(Path file, Connection connection, ResultSet result) throws SQLException {
    this.file = file;
    this.connection = connection;
    this.result = result;
    ResultSetMetaData columns = result.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      names.add(columns.getColumnName(i));
    }
  }

  @Override
  public boolean hasNext() {
    if (!ready && !ended) {
      try {
        ready = result.next();
        ended = !ready;
      } catch (SQLException e) {
        throw Parquet.unreadable(file, e);
      }
    }
    return ready;
  }

  @Override
  public RowResult next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ready = false;
    number++;
    try {
      Map<String, @Nullable Object> columns = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        columns.put(names.get(i), Values.json(result.getObject(i + 1)));
      }
      return new Row(file.toString(), number, columns);
    } catch (SQLException e) {
      throw Parquet.unreadable(file, e);
    }
  }

  /**
   * The columns lie apart in the file, so that no count of bytes tells how far the rows are; all of
   * it at the end.
   */
  @Override
  public long bytesRead() {
    try {
      return ended ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    try {
      result.close();
      connection.close();
    } catch (SQLException e) {
      // Nothing was written: a failed close of an input loses nothing.
    }
  }
}
