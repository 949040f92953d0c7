package dev.goodhart.serve.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.Reward;
import dev.goodhart.audit.Finding;
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
        journal.scored(Batches.asked("a" + i, "one", null), Batches.batch(2, "x\0\ud83d"), "v");
        journal.scored(
            Batches.asked("b" + i, "two", "k" + i),
            List.of(
                Batches.scoring(Batches.sample("u", "x"), Reward.unscored("timeout: " + i)),
                Batches.scoring(Batches.sample("v", "x"), Reward.of(-i))),
            "v");
      }
      journal.alarm(
          "two", 3L, new Finding("length-drift", Finding.Level.ALARM, "grows", Map.of("now", 9.0)));

      // Rewards 0 and 1 in each batch of "one"; 0, -1, -2, -3 in "two".
      assertEquals(
          List.of("one 0.5 8", "two -1.5 8"),
          rows(
              """
              SELECT run, avg(reward), count(*) FROM read_json_auto('%s/*.jsonl')
              WHERE kind = 'sample' GROUP BY run ORDER BY run\
              """));
      assertEquals(
          List.of("timeout 4"),
          rows(
              """
              SELECT split_part(reason, ':', 1) AS why, count(*) FROM read_json_auto('%s/*.jsonl')
              WHERE reason IS NOT NULL GROUP BY why ORDER BY count(*) DESC\
              """));
      assertEquals(
          List.of("two 3 length-drift grows"),
          rows(
              """
              SELECT run, step, alarm, says FROM read_json_auto('%s/*.jsonl')
              WHERE kind = 'alarm' ORDER BY time\
              """));
      assertEquals(
          List.of("0.5 8.5"),
          rows(
              """
              SELECT avg(parts.correct), median(nanos.correct) / 1000 FROM read_json_auto('%s/*.jsonl')
              WHERE run = 'one'\
              """));
      assertEquals(
          List.of("TIMESTAMP WITH TIME ZONE"),
          rows("SELECT DISTINCT typeof(time) FROM read_json_auto('%s/*.jsonl')"));
    }
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet set = statement.executeQuery(sql.formatted(folder))) {
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
