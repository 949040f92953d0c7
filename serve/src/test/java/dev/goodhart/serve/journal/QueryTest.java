package dev.goodhart.serve.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.Reward;
import dev.goodhart.audit.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queries of docs/serve.md, put to DuckDB while the journal is being written. */
class QueryTest {
  @TempDir Path folder;

  @Test
  void duckDbAnswersQuestionsOnAJournal() throws Exception {
    try (Journal journal = new Journal(folder, new Keeping(2000, 0, true, false))) {
      for (int i = 0; i < 4; i++) {
        journal.scored(Batches.asked("a" + i, "exp7", null), Batches.batch(2, "x\0\ud83d"), "v");
        journal.scored(
            Batches.asked("b" + i, "exp8", "k" + i),
            List.of(
                Batches.scoring(Batches.sample("u", "x"), Reward.unscored("timeout: " + i)),
                Batches.scoring(Batches.sample("v", "x"), Reward.of(-i))),
            "v");
      }
      journal.alarm(
          "exp8",
          3L,
          new Finding("length-drift", Finding.Level.ALARM, "grows", Map.of("now", 9.0)));

      List<String> queries = documented();
      assertEquals(4, queries.size());
      // Rewards 0 and 1 in each batch of exp7; 0, -1, -2, -3 in exp8.
      assertEquals(List.of("exp7 0.5 8", "exp8 -1.5 8"), rows(queries.get(0)));
      assertEquals(List.of("timeout 4"), rows(queries.get(1)));
      assertEquals(List.of("exp8 3 length-drift grows"), rows(queries.get(2)));
      assertEquals(List.of("0.5 8.5"), rows(queries.get(3)));
      assertEquals(
          List.of("TIMESTAMP WITH TIME ZONE"),
          rows("SELECT DISTINCT typeof(time) FROM read_json_auto('reward.journal/*.jsonl')"));
    }
  }

  private static List<String> documented() throws IOException {
    String page = Files.readString(Path.of("../docs/serve.md"));
    int begin = page.indexOf("```sql\n") + "```sql\n".length();
    return List.of(page.substring(begin, page.indexOf("```", begin)).strip().split(";\\s*"));
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet set = statement.executeQuery(sql.replace("reward.journal", folder.toString()))) {
      int columns = set.getMetaData().getColumnCount();
      while (set.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) row.add(set.getString(i));
        rows.add(String.join(" ", row));
      }
    }
    return rows;
  }
}
