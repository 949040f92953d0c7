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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks a second of the sql signal: 64 different responses to a question over 1,000 rows, again and
 * again, warm.
 *
 * <pre>SqlChecks [SECONDS]</pre>
 */
public final class SqlChecks {
  public static void main(String[] arguments) throws Exception {
    double seconds = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 3;
    Path folder = Files.createTempDirectory("sql-checks");
    Path file = folder.resolve("shop.sqlite");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT, price REAL, kind TEXT)");
      statement.execute(
          "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000) INSERT INTO"
              + " item SELECT x, 'item ' || x, x * 7 % 100 + 0.5, 'kind ' || (x % 10) FROM n");
    }
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      samples.add(
          new Sample(
              "",
              Prompt.of("p"),
              "```sql\nSELECT name FROM item WHERE kind = 'kind 3' AND price > " + i + "\n```",
              "SELECT name FROM item WHERE kind = 'kind 3' AND price > 20",
              Map.of("db_id", "shop")));
    }
    for (int cores : new int[] {1, Runtime.getRuntime().availableProcessors()}) {
      try (OpenSql open = new OpenSql(Sql.of(folder, Match.MULTISET), cores)) {
        for (int block = 0; block < 5; block++) {
          long start = System.nanoTime();
          int checks = 0;
          double right = 0;
          while ((System.nanoTime() - start) * 1e-9 < seconds) {
            for (Reward reward : open.of(samples)) {
              right += ((Scored) reward).value();
              checks++;
            }
          }
          System.out.printf(
              "%d at a time: %.0f checks/s, %.0f %% right%n",
              cores, checks / ((System.nanoTime() - start) * 1e-9), 100 * right / checks);
        }
      }
    }
    Files.delete(file);
    Files.delete(folder);
  }
}
