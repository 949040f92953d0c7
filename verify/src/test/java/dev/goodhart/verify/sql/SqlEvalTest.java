package dev.goodhart.verify.sql;

import static dev.goodhart.verify.sql.Databases.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The 351 accepted queries of sql-eval on its eleven databases match themselves, and without one of
 * their clauses they match only where that changes nothing on these databases, as a plain
 * comparison of the two printed results says too.
 */
class SqlEvalTest {
  @TempDir static Path folder;
  private static final List<Sample> REFERENCES = new ArrayList<>();

  @BeforeAll
  static void convert() throws Exception {
    String given = System.getProperty("goodhart.data", System.getenv("GOODHART_DATA"));
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && !Files.exists(root.resolve("goodhart"))) {
      root = root.getParent();
    }
    Path data = given != null ? Path.of(given) : root.resolveSibling("shared").resolve("data");
    Path questions = data.resolve("sql-eval/questions_gen_sqlite.csv");
    Assumptions.assumeTrue(
        Files.exists(questions), () -> questions + " is not there: set GOODHART_DATA");
    try (Stream<Path> dumps = Files.list(data.resolve("sql-eval/databases"))) {
      for (Path dump : dumps.toList()) {
        String name = dump.getFileName().toString().replace(".sql", ".sqlite");
        load(folder.resolve(name), Files.readString(dump));
      }
    }
    List<List<String>> rows = csv(Files.readString(questions));
    int database = rows.getFirst().indexOf("db_name");
    int query = rows.getFirst().indexOf("query");
    for (List<String> row : rows.subList(1, rows.size())) {
      for (Query accepted : Query.all(row.get(query))) {
        REFERENCES.add(
            new Sample(
                "",
                Prompt.of("p"),
                "```sql\n" + accepted.text() + ";\n```",
                accepted.text(),
                Map.of("db_name", row.get(database))));
      }
    }
  }

  @Test
  void everyAcceptedQueryRunsAndMatchesItself() {
    assertEquals(351, REFERENCES.size());
    for (Match match : Match.values()) {
      try (OpenSql open = Sql.of(folder, match).open()) {
        List<Reward> rewards = open.of(REFERENCES);
        for (int i = 0; i < rewards.size(); i++) {
          assertEquals(1, value(rewards.get(i)), REFERENCES.get(i).response());
        }
      }
    }
  }

  private record Mutant(String clause, Sample sample) {}

  @Test
  void aQueryWithoutOneOfItsClausesMatchesOnlyWhereNothingChanges() throws Exception {
    List<Mutant> mutants = new ArrayList<>();
    for (Sample sample : REFERENCES) {
      mutants.addAll(mutants(sample));
    }
    Map<String, Integer> all = new TreeMap<>();
    Map<String, Integer> spurious = new TreeMap<>();
    List<String> listed = new ArrayList<>();
    try (OpenSql open = Sql.of(folder, Match.MULTISET).open()) {
      List<Reward> rewards = open.of(mutants.stream().map(Mutant::sample).toList());
      for (int i = 0; i < rewards.size(); i++) {
        Mutant mutant = mutants.get(i);
        Query reference = Query.of(mutant.sample.reference());
        boolean matched = value(rewards.get(i)) == 1;
        boolean empty = rewards.get(i).parts().containsKey("empty");
        all.merge(mutant.clause, 1, Integer::sum);
        if (matched) {
          boolean ordered = reference.ordered();
          boolean same = same(mutant.sample, ordered);
          boolean tied = !same && same(mutant.sample, false);
          assertTrue(same || tied, mutant.toString());
          String why = empty ? "empty" : tied ? "tied" : "same";
          spurious.merge(mutant.clause + ", " + why, 1, Integer::sum);
          listed.add(mutant.clause + ", " + why + ": " + mutant.sample.response());
        } else {
          boolean accident = rewards.get(i).parts().containsKey("accident");
          assertTrue(accident || !same(mutant.sample, reference.ordered()), mutant.toString());
        }
      }
    }
    Files.write(Path.of("target", "sql-eval-matches.txt"), listed);
    assertEquals(Map.of("WHERE", 180, "DISTINCT", 99, "LIMIT", 48, "ORDER", 194), all);
    // The dates in these databases move with the day, so a few more or less from day to day.
    int sum = spurious.values().stream().mapToInt(Integer::intValue).sum();
    assertTrue(sum > 90 && sum < 140, spurious + "\n" + String.join("\n", listed));
  }

  /** The query without each of its WHERE, DISTINCT, LIMIT and ORDER BY in turn, at any depth. */
  private static List<Mutant> mutants(Sample sample) {
    String query = String.valueOf(sample.reference());
    List<Token> tokens = Token.of(query);
    List<Mutant> mutants = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      String clause = token.text().toUpperCase(Locale.ROOT);
      int end =
          switch (token.kind() == Token.Kind.WORD ? clause : "") {
            case "WHERE" ->
                end(tokens, i, Set.of("GROUP", "ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT"));
            case "DISTINCT" -> i + 1;
            case "LIMIT" -> end(tokens, i, Set.of("UNION"));
            case "ORDER" -> end(tokens, i, Set.of("LIMIT", "ROWS", "RANGE"));
            default -> -1;
          };
      if (end > 0) {
        int to = end < tokens.size() ? tokens.get(end).start() : query.length();
        String without = query.substring(0, token.start()) + query.substring(to);
        mutants.add(new Mutant(clause, sample.withResponse(without)));
      }
    }
    return mutants;
  }

  private static int end(List<Token> tokens, int from, Set<String> stops) {
    int depth = 0;
    int i = from + 1;
    for (; i < tokens.size() && depth >= 0; i++) {
      Token token = tokens.get(i);
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
      if (depth < 0
          || (depth == 0
              && token.kind() == Token.Kind.WORD
              && stops.contains(token.text().toUpperCase(Locale.ROOT)))) {
        break;
      }
    }
    return i;
  }

  /** Both results printed, and compared as text. */
  private static boolean same(Sample sample, boolean ordered) {
    List<String> expected = printed(sample, String.valueOf(sample.reference()), ordered);
    return expected.equals(printed(sample, sample.response(), ordered));
  }

  private static List<String> printed(Sample sample, String query, boolean ordered) {
    List<String> rows = new ArrayList<>();
    String url = "jdbc:sqlite:" + folder.resolve(sample.columns().get("db_name") + ".sqlite");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int width = result.getMetaData().getColumnCount();
      rows.add(width + " columns");
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= width; i++) {
          Object value = result.getObject(i);
          row.append(value instanceof Double d ? String.format(Locale.ROOT, "%.5g", d) : value);
          row.append('|');
        }
        rows.add(row.toString());
      }
    } catch (SQLException e) {
      rows.add("failed: " + query);
    }
    if (!ordered) {
      Collections.sort(rows);
    }
    return rows;
  }

  private static void load(Path file, String dump) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (Query one : Query.all(dump.replace("public.", "").replace("consumer_div.", ""))) {
        String sql = one.text();
        if (sql.startsWith("CREATE SCHEMA")) {
          continue;
        }
        statement.execute(sql.startsWith("INSERT") ? values(sql) : types(sql));
      }
      connection.commit();
    }
  }

  private static String types(String create) {
    return create
        .replaceAll("::\\w+", "")
        .replace("DEFAULT NOW()", "DEFAULT CURRENT_TIMESTAMP")
        .replace("SERIAL PRIMARY KEY", "INTEGER PRIMARY KEY");
  }

  private static final String MONTHS =
      "January  February March    April    May      June     July     August   SeptemberOctober  "
          + "November December ";
  private static final String CALL = "((?:datetime|date)\\((?:[^()']|'[^']*')*\\))";
  private static final Pattern SHIFT =
      Pattern.compile(
          "(datetime|date)\\(((?:[^()']|'[^']*')*)\\)\\s*([-+])\\s*INTERVAL\\s*'(\\d+) (\\w+?)s?'");

  /** PostgreSQL's dates in SQLite's functions. */
  private static String values(String insert) {
    String sql =
        insert
            .replaceAll("::\\w+", "")
            .replace("NOW()", "datetime('now')")
            .replace("CURRENT_TIMESTAMP", "datetime('now')")
            .replace("CURRENT_DATE", "date('now')")
            .replaceAll(
                "DATE_TRUNC\\('week', \\w+\\('now'\\)\\)", "date('now', '-6 days', 'weekday 1')")
            .replaceAll("DATE_TRUNC\\('(\\w+)', \\w+\\('now'\\)\\)", "date('now', 'start of $1')");
    for (Matcher m = SHIFT.matcher(sql); m.find(); m = SHIFT.matcher(sql)) {
      boolean week = m.group(5).equals("week");
      int count = Integer.parseInt(m.group(4)) * (week ? 7 : 1);
      String unit = week ? "day" : m.group(5).equals("min") ? "minute" : m.group(5);
      String call = m.group(1) + "(" + m.group(2) + ", '" + m.group(3) + count + " " + unit + "s')";
      sql = sql.substring(0, m.start()) + call + sql.substring(m.end());
    }
    return sql.replaceAll(
            "EXTRACT\\(YEAR FROM " + CALL + "\\)", "CAST(strftime('%Y', $1) AS INTEGER)")
        .replaceAll("EXTRACT\\(EPOCH FROM " + CALL + "\\)", "CAST(strftime('%s', $1) AS INTEGER)")
        .replaceAll(
            "TO_CHAR\\(" + CALL + ", 'Month'\\)",
            "trim(substr('" + MONTHS + "', CAST(strftime('%m', $1) AS INTEGER) * 9 - 8, 9))")
        .replaceAll("TO_CHAR\\(" + CALL + ", '[^']*'\\)", "strftime('%Y%m%d %H:%M:%S', $1)");
  }

  private static List<List<String>> csv(String text) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c != '"') {
          field.append(c);
        } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
          field.append(c);
          i++;
        } else {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == ',' || c == '\n') {
        row.add(field.toString());
        field.setLength(0);
        if (c == '\n') {
          rows.add(row);
          row = new ArrayList<>();
        }
      } else if (c != '\r') {
        field.append(c);
      }
    }
    return rows;
  }
}
