package dev.goodhart.verify.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which part of a response is the query. */
class SqlBlockTest {
  private static void found(String expected, String response) {
    assertEquals(Optional.of(expected), SqlBlock.of(response), response);
  }

  @Test
  void theLastMarkedBlockCounts() {
    found("SELECT 2", "First:\n```sql\nSELECT 1\n```\nBetter:\n```sql\nSELECT 2\n```\nDone.");
    found("SELECT 1", "```sql\nSELECT 1\n```\nIts output:\n```\n1\n```");
    found("SELECT 1", "```SQL\r\nSELECT 1\r\n```");
    found("SELECT 1", "- so:\n  ```sqlite\n  SELECT 1\n  ```");
    found("SELECT 1", "```\nSELECT 1\n```");
    found("SELECT 1", "```sql SELECT 1 ```");
    found("SELECT 1", "~~~sql\nSELECT 1\n~~~");
    found("SELECT 1", "```sql\nSELECT 1"); // cut off
  }

  @Test
  void aBlockInAnotherLanguageIsNone() {
    assertEquals(Optional.empty(), SqlBlock.of("```python\nprint(1)\n```"));
  }

  @Test
  void withoutABlockTheLastStatementCounts() {
    found("SELECT a\nFROM t", "SELECT a\nFROM t");
    found("SELECT a FROM t;", "Here it is:\nSELECT a FROM t; It lists all a.");
    found("SELECT b", "SELECT a\n\nOr rather:\n\nselect b".replace("select", "SELECT"));
    found("WITH x AS (\nSELECT 1\n)\nSELECT * FROM x", "WITH x AS (\nSELECT 1\n)\nSELECT * FROM x");
    found("SELECT ';\n\n' FROM t;", "SELECT ';\n\n' FROM t;");
    found("SELECT a FROM t", "The answer is SELECT a FROM t");
    found("VALUES (1)", "VALUES (1)");
  }

  @Test
  void proseIsNoStatement() {
    for (String prose : List.of("", "I do not know.", "With this in mind, no.", "selection bias")) {
      assertEquals(Optional.empty(), SqlBlock.of(prose), prose);
    }
  }

  @Test
  void whatWasThoughtDoesNotCount() {
    found("SELECT 2", "<think>\n```sql\nSELECT 1\n```\n</think>\n<answer>SELECT 2</answer>");
    assertEquals(Optional.empty(), SqlBlock.of("<think>```sql\nSELECT 1\n```</think> no idea"));
    found("SELECT 2", "```sql\nSELECT 1\n```\n<answer>\n```sql\nSELECT 2\n```\n</answer>");
  }

  @Test
  void severalStatementsStayTogetherToBeRefused() {
    String response = "SELECT 1; DROP TABLE t";
    assertTrue(Query.of(SqlBlock.of(response).orElseThrow()).refusal().isPresent());
  }

  /** Each within the test's time: nothing here is more than linear, or nearly. */
  @Test
  void aLongResponseIsReadInTime() {
    long start = System.nanoTime();
    for (String piece :
        List.of(
            "`",
            "```",
            "```sql\n",
            "SELECT ",
            "\nSELECT",
            "WITH x AS (",
            "'",
            "<answer>",
            ";",
            "\n\n",
            "\nSELECT 1;",
            "-- ")) {
      SqlBlock.of(piece.repeat(300_000 / piece.length()));
    }
    assertTrue((System.nanoTime() - start) * 1e-9 < 10, "too slow");
  }
}
