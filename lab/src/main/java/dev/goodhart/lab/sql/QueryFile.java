package dev.goodhart.lab.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A database of the world as a file in a folder of its own, which goes when it is closed.
 *
 * @param folder what a signal is pointed at
 * @param name what a row calls the database
 */
public record QueryFile(Path folder, String name) implements AutoCloseable {
  private static final String NAME = "world";

  /** Writes a database that these statements make. */
  public static QueryFile write(List<String> script) {
    try {
      Path folder = Files.createTempDirectory("goodhart-world");
      QueryFile file = new QueryFile(folder, NAME);
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.path());
          Statement statement = connection.createStatement()) {
        for (String line : script) {
          statement.execute(line);
        }
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path path() {
    return folder.resolve(name + ".sqlite");
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path());
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      System.getLogger(QueryFile.class.getName())
          .log(System.Logger.Level.DEBUG, "temporary files stay: " + e.getMessage());
    }
  }
}
