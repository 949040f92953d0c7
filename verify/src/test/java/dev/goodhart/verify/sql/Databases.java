package dev.goodhart.verify.sql;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;

/** Small databases for tests, and samples on them. */
final class Databases {
  static final String SHOP =
      """
      CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT, price REAL, kind TEXT);
      INSERT INTO item VALUES (1, 'tea', 2.5, 'drink'), (2, 'milk', 1.0, 'drink'),
        (3, 'bread', 3.0, 'food'), (4, 'jam', 3.0, 'food'), (5, 'salt', NULL, 'food');
      CREATE TABLE sale(item INTEGER, day TEXT, amount INTEGER);
      INSERT INTO sale VALUES (1, '2026-01-01', 2), (1, '2026-01-02', 2), (3, '2026-01-01', 1),
        (4, '2026-01-03', 5);
      """;

  private Databases() {}

  static Path write(Path file, String script) throws Exception {
    Files.createDirectories(file.getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (Query query : Query.all(script)) {
        statement.execute(query.text());
      }
    }
    return file;
  }

  static Sample sample(String database, String reference, String response) {
    return new Sample("", Prompt.of("p"), response, reference, Map.of("db_id", database));
  }

  static double part(Reward reward, String name) {
    Reward part = Objects.requireNonNull(reward.parts().get(name), () -> name + " in " + reward);
    return part instanceof Scored scored ? scored.value() : Double.NaN;
  }

  static double value(Reward reward) {
    if (reward instanceof Scored scored) {
      return scored.value();
    }
    throw new AssertionError(reward.toString());
  }
}
