package dev.goodhart.data.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Example;
import dev.goodhart.data.Layout;
import dev.goodhart.data.Row;
import dev.goodhart.data.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTest {
  @TempDir Path folder;

  private Path parquet(String name, String select) throws SQLException {
    Path file = folder.resolve(name);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
    }
    return file;
  }

  @Test
  void nestedColumnsArriveAsListsAndMaps() throws SQLException {
    Path file =
        parquet(
            "nested.parquet",
            """
            SELECT 1::BIGINT AS i, 0.5::FLOAT AS f, 2.25::DECIMAL(9,2) AS d, true AS b, NULL::VARCHAR AS n, 'ü😀' AS t,
              [1, 2] AS numbers, ['a', NULL] AS texts, [[1], [2, 3]] AS deep,
              {'style': 'rule', 'ground_truth': '4', 'list': [{'x': 1}]} AS reward_model,
              MAP {'k': 'v'} AS m, DATE '2024-02-29' AS day, 'hi'::BLOB AS bytes
            """);
    Row row = (Row) Rows.open(file).toList().getFirst();
    assertEquals(1L, row.line());
    assertEquals(1L, row.at("i"));
    assertEquals(0.5, row.at("f"));
    assertEquals(2.25, row.at("d"));
    assertEquals(true, row.at("b"));
    assertTrue(row.columns().containsKey("n"));
    assertEquals("ü😀", row.at("t"));
    assertEquals(List.of(1, 2), row.at("numbers"));
    assertEquals(Arrays.asList("a", null), row.at("texts"));
    assertEquals(List.of(List.of(1), List.of(2, 3)), row.at("deep"));
    assertEquals("4", row.at("reward_model.ground_truth"));
    assertEquals(1, row.at("reward_model.list.0.x"));
    assertEquals(Map.of("k", "v"), row.at("m"));
    assertEquals("2024-02-29", row.at("day"));
    assertEquals("aGk=", row.at("bytes"));
  }

  @Test
  void verlRowsAreQuestionsWithTheirAnswer() throws SQLException {
    Path file =
        parquet(
            "verl [a]*.parquet", // brackets and stars in a name are no pattern
            """
            SELECT 'gsm8k' AS data_source, [{'role': 'user', 'content': 'q' || i}] AS prompt, 'math' AS ability,
              {'style': 'rule', 'ground_truth': i::VARCHAR} AS reward_model, {'split': 'train', 'index': i} AS extra_info
            FROM range(5000) t(i)
            """);
    Dataset data = Dataset.open(file);
    assertEquals(Layout.QUESTION_ANSWER, data.layout());
    List<Example> tasks = data.examples().toList();
    assertEquals(5000, tasks.size());
    for (int i = 0; i < tasks.size(); i++) {
      Example.Task task = (Example.Task) tasks.get(i);
      assertEquals(Prompt.of("q" + i), task.prompt());
      assertEquals(Integer.toString(i), task.reference());
      assertEquals(Integer.toString(i), task.id());
    }
  }

  @Test
  void aFileThatOnlyBeginsLikeParquetIsOneClearLine() throws IOException {
    Path file = Files.writeString(folder.resolve("cut.parquet"), "PAR1 and then nothing");
    String message =
        assertThrows(GoodhartException.class, () -> Rows.open(file).toList()).getMessage();
    assertTrue(message.startsWith(file + ": cannot be read as Parquet: "), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void closingEarlyIsFine() throws SQLException {
    Path file = parquet("many.parquet", "SELECT 'q' AS prompt FROM range(100000)");
    try (Rows rows = Rows.open(file)) {
      rows.next();
      rows.next();
    }
    assertEquals(100_000, Rows.open(file).toList().size());
  }

  /** One thousand prompts, says the file's description, in two parts. */
  @Test
  void aPublishedFileIsRead() {
    int prompts = 0;
    for (String part : List.of("train", "test")) {
      Path file = shared().resolve("hf-tiny/llama-digits/" + part + ".parquet");
      Assumptions.assumeTrue(Files.exists(file), () -> file + " is not there: set GOODHART_DATA");
      Dataset data = Dataset.open(file);
      assertEquals(Layout.PROMPT_ONLY, data.layout());
      prompts += data.examples().toList().size();
    }
    assertEquals(1000, prompts);
  }

  private static Path shared() {
    String given = System.getProperty("goodhart.data", System.getenv("GOODHART_DATA"));
    return given == null ? Path.of("../../shared/data") : Path.of(given);
  }
}
