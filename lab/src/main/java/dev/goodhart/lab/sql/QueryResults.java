package dev.goodhart.lab.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A database of the world in memory, for the world's own queries: results without a process
 * between. Queries of a real policy go through signal {@code sql}.
 */
public final class QueryResults implements AutoCloseable {
  private final Connection connection;
  private final Map<String, Result> known = new HashMap<>();

  /**
   * What a query returned.
   *
   * @param executes whether it ran
   * @param rows as text, sorted: equal for equal results
   */
  public record Result(boolean executes, List<String> rows) {}

  public QueryResults(List<String> script) {
    try {
      connection = DriverManager.getConnection("jdbc:sqlite::memory:");
      try (Statement statement = connection.createStatement()) {
        for (String line : script) {
          statement.execute(line);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The result of a query; of the same text the same one. */
  public Result of(String sql) {
    return known.computeIfAbsent(sql, this::run);
  }

  private Result run(String sql) {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(result.getObject(i)).append('|');
        }
        rows.add(row.toString());
      }
    } catch (SQLException e) {
      return new Result(false, List.of());
    }
    Collections.sort(rows);
    return new Result(true, List.copyOf(rows));
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
