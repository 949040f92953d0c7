package dev.goodhart.verify.sql;

import static dev.goodhart.verify.sql.Databases.part;
import static dev.goodhart.verify.sql.Databases.sample;
import static dev.goodhart.verify.sql.Databases.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Unscored;
import dev.goodhart.spec.RewardSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verdicts on a shop of five items, each worked out by hand. */
class SqlTest {
  @TempDir static Path folder;
  private static OpenSql multiset;
  private static OpenSql spider;
  private static OpenSql bird;

  @BeforeAll
  static void open() throws Exception {
    Databases.write(folder.resolve("shop.sqlite"), Databases.SHOP);
    Databases.write(folder.resolve("deep/deep.sqlite"), Databases.SHOP);
    multiset = new OpenSql(Sql.of(folder, Match.MULTISET), 1);
    spider = new OpenSql(Sql.of(folder, Match.SPIDER), 1);
    bird = new OpenSql(Sql.of(folder, Match.BIRD), 1);
  }

  @AfterAll
  static void close() {
    List.of(multiset, spider, bird).forEach(OpenSql::close);
  }

  private static Reward judge(String reference, String response) {
    return multiset.of(sample("shop", reference, response));
  }

  private static void verdicts(
      String reference, String query, double inMultiset, double inSpider, double inBird) {
    Sample sample = sample("shop", reference, query);
    assertEquals(inMultiset, value(multiset.of(sample)), "multiset: " + query);
    assertEquals(inSpider, value(spider.of(sample)), "spider: " + query);
    assertEquals(inBird, value(bird.of(sample)), "bird: " + query);
  }

  @Test
  void theSameRowsMatchHoweverTheyWereAskedFor() {
    verdicts(
        "SELECT name FROM item WHERE kind = 'food'",
        "SELECT i.name FROM item AS i WHERE i.id > 2 ORDER BY i.price",
        1,
        1,
        1);
  }

  /**
   * Tokens of the reference in twos: select name, name from, from item. The longer query adds item
   * where, where id, id =, = 1; and one column to item and name.
   */
  @Test
  void namesAndPairsOfTokensByTheirJaccardIndex() {
    String reference = "SELECT name FROM item";
    Reward longer = judge(reference, "select NAME\n from item where id = 1");
    assertEquals(3.0 / 7, part(longer, "bigrams"), 1e-15);
    assertEquals(2.0 / 3, part(longer, "schema"), 1e-15);
    assertEquals(1, part(longer, "rows"));
    // its seven pairs share name from and from item with the reference's three
    Reward alias = judge(reference, "SELECT i.name FROM item AS i");
    assertEquals(1, part(alias, "schema"));
    assertEquals(2.0 / 8, part(alias, "bigrams"), 1e-15);
    assertEquals(0, part(judge(reference, "no idea"), "bigrams"));
    assertEquals(0, part(judge(reference, "no idea"), "schema"));
  }

  /** For ranking candidates nobody knows the reference; then there are only its own parts. */
  @Test
  void whetherAQueryRunsNeedsNoReference() {
    RewardSpec spec =
        RewardSpec.parse(
            "signals: { runs: { sql: { databases: ., score: executes } } }", "spec.yaml", folder);
    var runs = java.util.Objects.requireNonNull(spec.signals().get("runs"));
    Map<String, Object> row = Map.of("db_id", "shop");
    Reward two =
        runs.of(new Sample("", Prompt.of("p"), "SELECT id FROM item WHERE id < 3", null, row));
    assertEquals(1, value(two));
    assertEquals(2, part(two, "rows"));
    Reward none = runs.of(new Sample("", Prompt.of("p"), "SELECT no FROM item", null, row));
    assertEquals(0, value(none));
    assertFalse(none.parts().containsKey("schema"));
  }

  @Test
  void lostDuplicatesMatchOnlyForBird() {
    verdicts("SELECT kind FROM item", "SELECT DISTINCT kind FROM item", 0, 0, 1);
  }

  @Test
  void orderMattersWhereTheReferenceOrders() {
    verdicts("SELECT name FROM item ORDER BY name", "SELECT name FROM item", 0, 0, 1);
    verdicts("SELECT name FROM item", "SELECT name FROM item ORDER BY name DESC", 1, 1, 1);
  }

  @Test
  void anOrderWithinParenthesesMattersToSpiderAlone() {
    String reference =
        "SELECT name FROM item WHERE id IN (SELECT id FROM item ORDER BY price LIMIT 9)";
    verdicts(reference, reference + " ORDER BY id DESC", 1, 0, 1);
  }

  @Test
  void rowsThatTheReferenceLeavesTiedMayComeInAnyOrder() {
    // bread and jam both cost 3.0
    String reference = "SELECT name, price FROM item WHERE price > 2 ORDER BY price";
    verdicts(reference, reference + ", name DESC", 1, 0, 1);
    verdicts(reference, reference + " DESC", 0, 0, 1);
  }

  @Test
  void aRightResultByTheOrderOfStorageIsNoMatch() {
    // the items are stored by id
    verdicts("SELECT id FROM item ORDER BY id", "SELECT id FROM item", 0, 1, 1);
    verdicts("SELECT name FROM item ORDER BY id LIMIT 1", "SELECT name FROM item LIMIT 1", 0, 1, 1);
    Reward reward = judge("SELECT min(id) FROM item", "SELECT id FROM item LIMIT 1");
    assertEquals(0, value(reward));
    assertEquals(1, part(reward, "accident"));
    // one row needs no order, and what is tied has none
    verdicts("SELECT min(id) FROM item ORDER BY 1", "SELECT min(id) FROM item", 1, 1, 1);
    // a reference that is as accidental cannot ask for more
    verdicts("SELECT id FROM item LIMIT 1", "SELECT id FROM item LIMIT 1", 1, 1, 1);
  }

  @Test
  void columnsInAnotherOrderMatchForSpiderAndWhenAsked() {
    verdicts("SELECT id, name FROM item", "SELECT name, id FROM item", 0, 1, 0);
    Sample sample = sample("shop", "SELECT id, name FROM item", "SELECT name, id FROM item");
    RewardSpec spec =
        RewardSpec.parse(
            "signals: { s: { sql: { databases: ., columns: any-order } } }", "test", folder);
    try (OpenSql any = (OpenSql) spec.signals().get("s").open()) {
      assertEquals(1, value(any.of(sample)));
      assertEquals(0, value(any.of(sample.withResponse("SELECT name, price FROM item"))));
    }
  }

  @Test
  void aNumberMatchesWithinTheToleranceAndOnlyWithAFraction() {
    verdicts("SELECT 0.3", "SELECT 0.1 + 0.2", 1, 0, 0);
    verdicts("SELECT 1000000.5", "SELECT 1000001.5", 1, 0, 0);
    verdicts("SELECT 2.5", "SELECT 2.50001", 0, 0, 0);
    verdicts("SELECT 1000000", "SELECT 1000001", 0, 0, 0);
    verdicts("SELECT 3", "SELECT 3.0", 1, 1, 1);
  }

  @Test
  void nullsTextsNumbersAndBlobsAreNeverEachOther() {
    verdicts("SELECT NULL", "SELECT NULL", 1, 1, 1);
    verdicts("SELECT NULL", "SELECT 0", 0, 0, 0);
    verdicts("SELECT ''", "SELECT NULL", 0, 0, 0);
    verdicts("SELECT '5'", "SELECT 5", 0, 0, 0);
    verdicts("SELECT 'Tea'", "SELECT 'tea'", 0, 0, 0);
    verdicts("SELECT x'746561'", "SELECT 'tea'", 0, 0, 0);
    verdicts("SELECT x'746561'", "SELECT CAST('tea' AS BLOB)", 1, 1, 1);
  }

  @Test
  void aMatchOfTwoEmptyResultsIsMarked() {
    Reward reward = judge("SELECT name FROM item WHERE price > 9", "SELECT name FROM item LIMIT 0");
    assertEquals(1, value(reward));
    assertEquals(1, part(reward, "empty"));
    assertFalse(judge("SELECT 1", "SELECT 1").parts().containsKey("empty"));
    // not of the same width: no match, and no mark
    assertEquals(0, value(judge("SELECT 1 WHERE 0", "SELECT 1, 2 WHERE 0")));
  }

  @Test
  void partsSayHowFarAWrongQueryCame() {
    // bread, jam, salt against tea, milk, bread: one row of six in common twice, 2 * 1 / 6
    Reward reward =
        judge(
            "SELECT name FROM item WHERE kind = 'food'",
            "SELECT name FROM item WHERE id < 4 ORDER BY sale");
    assertEquals(0, value(reward));
    assertEquals(1, part(reward, "parses"));
    assertEquals(0, part(reward, "executes"));
    assertEquals(1, part(reward, "failed"));

    reward =
        judge(
            "SELECT name FROM item WHERE kind = 'food'",
            "SELECT name FROM item JOIN sale ON item = id WHERE id < 4 AND day <> '2026-01-02'");
    // tea, bread: 2 * 1 / (3 + 2)
    assertEquals(0.4, part(reward, "overlap"), 1e-12);
    // tables {item} and {item, sale}: 2 / 3
    assertEquals(2.0 / 3, part(reward, "tables"), 1e-12);
    // columns {name, kind} and {name, item, id, day}: 2 * 1 / 6
    assertEquals(1.0 / 3, part(reward, "columns"), 1e-12);
    assertEquals(1, part(reward, "executes"));
  }

  @Test
  void whatIsNotSqlDoesNotParse() {
    Reward reward = judge("SELECT 1", "```sql\nSELECT FROM WHERE\n```");
    assertEquals(0, value(reward));
    assertEquals(0, part(reward, "parses"));
    assertEquals(1, part(reward, "syntax-error"));
    assertEquals(1, part(judge("SELECT 1", "I cannot help with that."), "no-sql"));
  }

  @Test
  void anyOfSeveralReferencesIsAccepted() {
    String references = "SELECT name FROM item WHERE id = 1; SELECT id FROM item WHERE id = 1;";
    assertEquals(1, value(judge(references, "SELECT 1")));
    assertEquals(1, value(judge(references, "SELECT 'tea'")));
    assertEquals(0, value(judge(references, "SELECT 'milk'")));
    Sample list =
        new Sample(
            "",
            Prompt.of("p"),
            "SELECT 2",
            null,
            Map.of("db_id", "shop", "SQL", List.of("SELECT 1", "SELECT 2")));
    assertEquals(1, value(multiset.of(list)));
  }

  @Test
  void aReferenceThatFailsLeavesTheSampleUnscoredUnlessAnotherMatches() {
    assertEquals("reference", unscored(judge("SELECT nothing FROM item", "SELECT 1")).kind());
    assertEquals("reference", unscored(judge("DELETE FROM item", "SELECT 1")).kind());
    assertEquals("reference", unscored(judge("SELECT 2; SELECT nope", "SELECT 1")).kind());
    assertEquals(1, value(judge("SELECT 1; SELECT nope", "SELECT 1")));
  }

  @Test
  void aReferenceBeyondTheLimitsLeavesTheSampleUnscored() {
    String all = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) ";
    Unscored rows = unscored(judge(all + "SELECT x FROM n", "SELECT 1"));
    assertEquals("reference: row limit: more than 100000 rows", rows.reason());
    try (OpenSql hasty = open("time-limit: 0.2")) {
      Unscored time =
          unscored(hasty.of(sample("shop", all + "SELECT count(*) FROM n", "SELECT 1")));
      assertEquals("reference: timed out", time.reason());
    }
  }

  private static OpenSql open(String keys) {
    return (OpenSql)
        RewardSpec.parse("signals: { s: { sql: { databases: ., " + keys + " } } }", "test", folder)
            .signals()
            .get("s")
            .open();
  }

  private static Unscored unscored(Reward reward) {
    return assertInstanceOf(Unscored.class, reward);
  }

  @Test
  void databasesAreFoundAsSpiderAndBirdLayThemOut() {
    assertEquals(1, value(multiset.of(sample("deep", "SELECT 1", "SELECT 1"))));
    assertEquals(1, value(multiset.of(sample("deep/deep.sqlite", "SELECT 1", "SELECT 1"))));
  }

  @Test
  void aDatabaseThatIsMissingOrElsewhereLeavesTheSampleUnscored(@TempDir Path other)
      throws Exception {
    Databases.write(other.resolve("secret.sqlite"), Databases.SHOP);
    Files.createSymbolicLink(folder.resolve("link.sqlite"), other.resolve("secret.sqlite"));
    Files.writeString(folder.resolve("text.sqlite"), "this is no database at all, just some text");
    String out = folder.relativize(other.resolve("secret.sqlite")).toString();
    for (String name :
        List.of(
            "none",
            out,
            other.resolve("secret.sqlite").toString(),
            "link",
            "",
            ".",
            "..",
            "text",
            "shop.sqlite?mode=rwc",
            "a\0b",
            "x".repeat(5000),
            "file:shop.sqlite",
            "/etc/passwd")) {
      Reward reward = multiset.of(sample(name, "SELECT 1", "SELECT 1"));
      assertEquals("database", unscored(reward).kind(), name);
    }
    assertEquals("database", unscored(multiset.of(Sample.of("p", "SELECT 1", "SELECT 1"))).kind());
  }

  @Test
  void changesThatAreNotInTheFileYetLeaveTheSampleUnscored() throws Exception {
    Databases.write(folder.resolve("busy.sqlite"), Databases.SHOP);
    Files.writeString(folder.resolve("busy.sqlite-wal"), "x");
    Unscored busy = unscored(multiset.of(sample("busy", "SELECT 1", "SELECT 1")));
    assertTrue(busy.reason().contains("busy.sqlite-wal"), busy.reason());
  }

  @Test
  void aDatabaseThatChangesIsReadAnew() throws Exception {
    Path file = Databases.write(folder.resolve("fresh.sqlite"), "CREATE TABLE t(x)");
    Sample sample = sample("fresh", "SELECT 1", "SELECT count(*) FROM t");
    assertEquals(0, value(multiset.of(sample)));
    Databases.write(file, "INSERT INTO t VALUES (1)");
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(12_345_000));
    assertEquals(1, value(multiset.of(sample)));
  }

  @Test
  void aBatchKeepsItsOrder() {
    List<Sample> batch =
        java.util.stream.IntStream.range(0, 40)
            .mapToObj(i -> sample("shop", "SELECT " + i / 2 * 2, "SELECT " + i))
            .toList();
    List<Reward> rewards = multiset.of(batch);
    for (int i = 0; i < 40; i++) {
      assertEquals(i % 2 == 0 ? 1 : 0, value(rewards.get(i)));
    }
  }

  @Test
  void efficiencyIsTheRootOfTheMeanRatioOfTimes() {
    // mean 2, deviation sqrt(1.5): all within three deviations
    assertEquals(Math.sqrt(2), Efficiency.of(new double[] {1, 1, 4, 2}), 1e-12);
    assertEquals(2, Efficiency.of(new double[] {4, 4, 4}), 1e-12);
    // 19 ones and a hundred: mean 5.95, deviation 21.6, 100 > 5.95 + 64.7 falls out
    double[] outlier = new double[20];
    java.util.Arrays.fill(outlier, 1);
    outlier[7] = 100;
    assertEquals(1, Efficiency.of(outlier), 1e-12);
  }

  @Test
  void aSlowerQueryIsLessEfficient() {
    String slow =
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 50000) "
            + "SELECT count(*) - 49999 FROM n";
    try (OpenSql timed = open("repeats: 3, score: efficiency")) {
      assertTrue(value(timed.of(sample("shop", "SELECT 1", slow))) < 0.5);
      assertTrue(value(timed.of(sample("shop", slow, "SELECT 1"))) > 2);
      assertEquals(0, value(timed.of(sample("shop", "SELECT 2", slow))));
    }
  }

  @Test
  void aPartCanBeTheReward() {
    try (OpenSql overlap = open("score: overlap")) {
      Reward reward = overlap.of(sample("shop", "VALUES (1), (2)", "VALUES (1), (3)"));
      assertEquals(0.5, value(reward));
      assertEquals(0, part(reward, "match"));
    }
  }

  @Test
  void optionsThatMeanNothingAreRefused() {
    for (String keys : List.of("time-limit: 0", "rows: 0", "tolerance: 2", "score: efficiency")) {
      assertThrows(RuntimeException.class, () -> open(keys).close(), keys);
    }
  }
}
