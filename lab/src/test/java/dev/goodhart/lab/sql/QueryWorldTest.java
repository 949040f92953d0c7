package dev.goodhart.lab.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.sql.TemplateQuery.Condition;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QueryWorldTest {
  private static final QuerySchema TEAMS =
      new QuerySchema(
          "team",
          "player",
          "city",
          "age",
          "grade",
          List.of("height", "salary", "score"),
          List.of("amber", "basalt", "cedar", "delta"),
          List.of("kelp", "lotus", "maple", "onyx"));
  private static final TemplateQuery QUERY =
      new TemplateQuery(
          TEAMS,
          "AVG",
          "salary",
          List.of(
              new Condition(false, "height", ">", "20"),
              new Condition(true, "city", "=", "'amber'")),
          false,
          true,
          false);

  @Test
  void theTextOfAQuery() {
    assertEquals(
        "SELECT player.grade, AVG(player.salary) FROM player JOIN team ON player.team_id = team.id"
            + " WHERE player.height > 20 AND team.city = 'amber' GROUP BY player.grade",
        QUERY.sql());
    assertEquals(
        "SELECT x.grade AS part, AVG(x.salary) AS result FROM player AS x WHERE x.team_id IN"
            + " (SELECT y.id FROM team AS y WHERE 'amber' = y.city) AND 20 < x.height GROUP BY 1",
        QUERY.rewritten());
  }

  @Test
  void aMistakeChangesOneComponent() {
    SplittableRandom random = new SplittableRandom(1);
    for (Mistake mistake : Mistake.values()) {
      TemplateQuery wrong = mistake.in(QUERY, random).orElseThrow();
      assertEquals(6, wrong.agreement(QUERY), mistake + ": " + wrong.sql());
    }
    assertEquals(7, QUERY.agreement(QUERY));
    assertTrue(
        Mistake.EMPTY.in(QUERY, random).orElseThrow().sql().contains("team.city = 'ambers'"));
    TemplateQuery bare = QUERY.withConditions(List.of());
    assertEquals(Optional.empty(), Mistake.FILTER.in(bare, random));
    assertEquals(Optional.empty(), Mistake.JOIN.in(bare, random));
  }

  /** By SQLite, on twenty schemas: the other words give the same rows, the broken query none. */
  @Test
  void otherWordsHaveTheSameResult() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      QuerySchema schema = QuerySchema.draw(random);
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
          Statement statement = connection.createStatement()) {
        for (String line : schema.script(random)) {
          statement.execute(line);
        }
        for (int i = 0; i < 10; i++) {
          TemplateQuery query = QueryTask.draw(schema, random).gold();
          assertEquals(
              rows(statement, query.sql()), rows(statement, query.rewritten()), query.sql());
        }
      }
    }
  }

  private static String rows(Statement statement, String sql) throws Exception {
    StringBuilder rows = new StringBuilder();
    try (ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          rows.append(result.getObject(i)).append('|');
        }
        rows.append('\n');
      }
    }
    return rows.toString();
  }
}
