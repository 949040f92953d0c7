package dev.goodhart.verify.sql;

import static dev.goodhart.verify.sql.Databases.part;
import static dev.goodhart.verify.sql.Databases.sample;
import static dev.goodhart.verify.sql.Databases.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queries that want more than to read: each is refused or stopped, and the next one runs. */
class AttackTest {
  @TempDir static Path folder;
  private static OpenSql open;

  @BeforeAll
  static void open() throws Exception {
    Databases.write(folder.resolve("shop.sqlite"), Databases.SHOP);
    open =
        new OpenSql(
            new Sql(
                folder,
                Match.MULTISET,
                Sql.Score.MATCH,
                Sql.Columns.ANY_ORDER,
                OptionalDouble.empty(),
                0.4,
                64,
                1_000,
                2,
                0,
                Optional.empty(),
                Optional.empty()),
            1);
  }

  @AfterAll
  static void close() {
    open.close();
  }

  static Stream<String> refused() {
    return Stream.of(
        "INSERT INTO item VALUES (9, 'x', 1, 'y')",
        "UPDATE item SET price = 0",
        "DELETE FROM item",
        "REPLACE INTO item VALUES (1, 'x', 1, 'y')",
        "DROP TABLE item",
        "ALTER TABLE item ADD COLUMN x",
        "CREATE TABLE x(y)",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE TEMP VIEW item AS SELECT 1",
        "VACUUM INTO 'copy.db'",
        "ATTACH 'other.db' AS o",
        "DETACH main",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = 1",
        "/* a query */ PRAGMA hard_heap_limit = 0",
        "-- SELECT\nDROP TABLE item",
        "EXPLAIN SELECT 1",
        "BEGIN",
        "REINDEX",
        "ANALYZE",
        "backup to stolen.db",
        "restore from other.db",
        "SELECT 3; DROP TABLE item",
        "SELECT 3; SELECT 4",
        "SELECT 3;;SELECT 4;",
        "SELECT 3 /* ; */; PRAGMA user_version",
        "SELECT ';'; DELETE FROM item",
        "WITH x AS (SELECT 1) DELETE FROM item",
        "WITH x(a) AS (SELECT 1), y AS MATERIALIZED (SELECT 2) INSERT INTO item(id) SELECT a FROM"
            + " x",
        "WITH x AS (SELECT 1) UPDATE item SET price = 0",
        "WITH x AS (SELECT 1) REPLACE INTO item(id) SELECT 1",
        "SELECT load_extension('evil')",
        "SELECT \"load_extension\"('evil')",
        "SELECT [LOAD_EXTENSION] ('evil', 'entry')",
        "SELECT load_extension/**/('evil')",
        "SELECT fts3_tokenizer('simple', x'4141414141414141')",
        "SELECT * FROM pragma_database_list",
        "SELECT file FROM \"PRAGMA_DATABASE_LIST\"",
        "SELECT * FROM 'pragma_table_info'('item')",
        "SELECT * FROM main.pragma_database_list()",
        "SELECT * FROM dbstat",
        "SELECT * FROM sqlite_dbpage",
        "SELECT writefile('x', 'y')",
        "SELECT replicate('x', 2000000000)",
        "SELECT padl('x', 2000000000)",
        "SELECT median(id) FROM item",
        "(SELECT 3)",
        "\0SELECT 3",
        "SELECT 3\0; DROP TABLE item",
        "SELECT " + "(".repeat(5_000) + "3" + ")".repeat(5_000),
        "SELECT 3" + " ".repeat(70_000) + "-- long",
        "");
  }

  @ParameterizedTest
  @MethodSource
  void refused(String query) {
    Reward reward = open.of(sample("shop", "SELECT 3", "```sql\n" + query + "\n```"));
    assertEquals(0, value(reward), query);
    assertTrue(
        reward.parts().containsKey("refused") || reward.parts().containsKey("no-sql"),
        reward.toString());
    stillWell();
  }

  private static final String NUMBERS =
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) ";

  private static String nested(int depth, String first, String next) {
    StringBuilder sql = new StringBuilder("WITH a0(x) AS (" + first + ")");
    for (int i = 1; i <= depth; i++) {
      sql.append(", a")
          .append(i)
          .append("(x) AS (")
          .append(next.replace("?", "a" + (i - 1)))
          .append(")");
    }
    return sql + " SELECT * FROM a" + depth;
  }

  static Stream<String> bombs() {
    String cross =
        IntStream.range(0, 30).mapToObj(i -> "item i" + i).collect(Collectors.joining(","));
    String columns =
        IntStream.range(0, 900)
            .mapToObj(i -> "randomblob(1000000)")
            .collect(Collectors.joining(","));
    String big = "hex(zeroblob(900000))";
    return Stream.of(
        NUMBERS + "SELECT count(*) FROM n",
        NUMBERS + "SELECT x FROM n",
        NUMBERS + "SELECT x FROM n ORDER BY -x",
        NUMBERS + "SELECT max(x) FROM n GROUP BY x % 7",
        NUMBERS + "SELECT DISTINCT x * 7919 % 1000003 FROM n ORDER BY 1",
        NUMBERS + "SELECT group_concat(x) FROM n",
        NUMBERS + "SELECT json_group_array(x) FROM n",
        NUMBERS + "SELECT sum(x) OVER (ORDER BY x DESC) FROM n",
        NUMBERS + "SELECT lag(x, 3) OVER () FROM n LIMIT 1 OFFSET 100000000000",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION SELECT x + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(x) AS (SELECT 'a' UNION ALL SELECT x || x FROM n) SELECT length(x) FROM"
            + " n",
        "WITH RECURSIVE n(x) AS (SELECT randomblob(900000) UNION ALL SELECT randomblob(900000) FROM"
            + " n) SELECT count(DISTINCT x) FROM n",
        "SELECT length(randomblob(2000000000))",
        "SELECT randomblob(1900000), randomblob(1900000)",
        "SELECT zeroblob(2147483647)",
        "SELECT printf('%.*c', 2000000000, 'x')",
        "SELECT printf('%2000000000d', 1)",
        "SELECT printf('%*d', 1999999999, 1)",
        "SELECT replace(" + big + ", '0', " + big + ")",
        "SELECT length(quote(zeroblob(1900000)))",
        "SELECT count(*) FROM " + cross,
        "SELECT count(*) FROM item WHERE " + big + " LIKE '%" + "0%".repeat(600) + "1'",
        "SELECT sum(instr("
            + big
            + " || a.id, hex(zeroblob(450000)) || b.id || '1')) FROM "
            + "item a, item b, item c, item d, item e, item f",
        "SELECT " + columns,
        "SELECT " + "abs(".repeat(190) + NUMBERS.length() + ")".repeat(190) + " FROM " + cross,
        nested(40, "SELECT 3", "SELECT x FROM ? UNION ALL SELECT x FROM ?"),
        nested(40, "SELECT 3", "SELECT (SELECT x FROM ?) + (SELECT x FROM ?)"),
        nested(40, "SELECT 3", "SELECT p.x FROM ? AS p, ? AS q"),
        "SELECT 1" + " UNION ALL SELECT 1".repeat(2_500),
        "SELECT 3" + " + 1".repeat(12_000),
        "SELECT json_extract('" + "[".repeat(30_000) + "', '$')",
        "SELECT 3 FROM item WHERE 'a' GLOB '" + "*[a]".repeat(10_000) + "'");
  }

  @ParameterizedTest
  @MethodSource
  void bombs(String query) {
    long start = System.nanoTime();
    Reward reward = open.of(sample("shop", "SELECT 3", "```sql\n" + query + "\n```"));
    double seconds = (System.nanoTime() - start) * 1e-9;
    assertEquals(0, value(reward), query);
    // its limit, the grace of a step that cannot be interrupted, and another process's start
    assertTrue(seconds < 3, seconds + " s: " + reward);
    assertTrue(
        Stream.of("timed-out", "memory-limit", "row-limit", "size-limit", "failed", "crashed")
            .anyMatch(reward.parts()::containsKey),
        reward.toString());
    stillWell();
  }

  private static void stillWell() {
    assertEquals(1, value(open.of(sample("shop", "SELECT 3", "SELECT 1 + 2"))));
  }

  /** Five databases, each of which leaves 8 MiB of pages in a process that may take 24. */
  @Test
  void noQueryPaysForWhatEarlierOnesLeftBehind(@TempDir Path large) throws Exception {
    for (int i = 0; i < 5; i++) {
      Databases.write(
          large.resolve("db" + i + ".sqlite"),
          "CREATE TABLE item (x TEXT); INSERT INTO item "
              + NUMBERS.replace("FROM n)", "FROM n LIMIT 24000)")
              + "SELECT hex(zeroblob(200)) || x FROM n;");
    }
    Sql small =
        new Sql(
            large,
            Match.MULTISET,
            Sql.Score.MATCH,
            Sql.Columns.ANY_ORDER,
            OptionalDouble.empty(),
            5,
            24,
            1_000,
            2,
            0,
            Optional.empty(),
            Optional.empty());
    try (OpenSql one = new OpenSql(small, 1)) {
      for (int i = 0; i < 10; i++) {
        String all = "SELECT count(*) FROM item WHERE x > ''";
        Reward reward = one.of(sample("db" + i % 5, "SELECT 24000", all));
        assertEquals(1, value(reward), reward.toString());
      }
    }
  }

  @Test
  void nothingIsWrittenAnywhere() throws Exception {
    Path file = folder.resolve("shop.sqlite");
    byte[] before = Files.readAllBytes(file);
    Set<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.collect(Collectors.toSet());
    }
    List<String> all = new ArrayList<>(refused().toList());
    all.removeIf(query -> query.contains("\0"));
    all.forEach(query -> open.of(sample("shop", "SELECT 3", query)));
    assertArrayEquals(before, Files.readAllBytes(file));
    try (Stream<Path> list = Files.list(folder)) {
      assertEquals(files, list.collect(Collectors.toSet()));
    }
  }

  /** What stands behind the first wall: the process itself, asked directly. */
  @Test
  void theProcessWritesNothingEvenWhenTheFirstWallFalls() throws Exception {
    Database shop = Database.find(folder, "shop");
    try (Sqlite sqlite = new Sqlite(new Limits(1, 64 << 20, 1000, 1 << 20), 1)) {
      for (String query :
          List.of(
              "DELETE FROM item",
              "CREATE TABLE x(y)",
              "ATTACH '" + folder.resolve("new.db") + "' AS o",
              "ATTACH ':memory:' AS o",
              "VACUUM INTO '" + folder.resolve("copy.db") + "'",
              "SELECT load_extension('evil')",
              "backup to " + folder.resolve("stolen.db"),
              "PRAGMA journal_mode = WAL")) {
        sqlite.run(shop, query);
      }
      assertEquals(
          5L, ((Table) sqlite.run(shop, "SELECT count(*) FROM item")).rows().getFirst().get(0));
    }
    try (Stream<Path> list = Files.list(folder)) {
      assertEquals(List.of(), list.filter(f -> !f.endsWith("shop.sqlite")).toList());
    }
  }

  /** Rows of texts with one hash code: String.hashCode of "Aa" and "BB" is the same. */
  @Test
  void rowsThatCollideAreComparedInTime() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 1 << 15; i++) {
      StringBuilder text = new StringBuilder();
      for (int bit = 0; bit < 15; bit++) {
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      rows.add(new Row(text.toString()));
    }
    long start = System.nanoTime();
    assertTrue(new TableMatch(0).multisets(rows, rows.reversed()));
    assertTrue((System.nanoTime() - start) * 1e-9 < 2);
  }

  @Test
  void columnsThatLookAlikeAreNotTriedForEver() {
    // 12 columns of the same values in other orders: more permutations than can be tried
    String reference =
        "SELECT "
            + IntStream.range(0, 12)
                .mapToObj(i -> "(id * " + (i + 1) + ") % 13")
                .collect(Collectors.joining(", "))
            + " FROM (WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id <"
            + " 12) SELECT id FROM n)";
    String other =
        reference.replace("(id * 1) % 13", "(CASE id WHEN 1 THEN 2 WHEN 2 THEN 1 ELSE id END)");
    long start = System.nanoTime();
    Reward reward = open.of(sample("shop", reference, other));
    assertTrue((System.nanoTime() - start) * 1e-9 < 3, reward.toString());
    assertTrue(!(reward instanceof dev.goodhart.Scored scored) || scored.value() == 0);
  }

  @Test
  void aConstantAnswerIsSeenByTheNamesItDoesNotUse() {
    Reward reward =
        open.of(
            sample(
                "shop", "SELECT name FROM item WHERE kind = 'drink'", "VALUES ('milk'), ('tea')"));
    assertEquals(1, value(reward));
    assertEquals(0, part(reward, "tables"));
  }
}
