package dev.goodhart.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
  @TempDir Path folder;

  private List<RowResult> read(String text) throws IOException {
    return Rows.open(Files.writeString(folder.resolve("t.csv"), text)).toList();
  }

  private static List<Object> values(RowResult row) {
    return new ArrayList<>(assertInstanceOf(Row.class, row).columns().values());
  }

  @Test
  void quotesHoldDelimitersBreaksAndQuotes() throws IOException {
    List<RowResult> rows =
        read("a,b\n\"x, \"\"y\"\"\",\"line 1\nline 2\r\n\nline 4\"\nplain,\n\"\",\"z\"\r\n");
    assertEquals(List.of("x, \"y\"", "line 1\nline 2\r\n\nline 4"), values(rows.get(0)));
    assertEquals(Arrays.asList("plain", null), values(rows.get(1)));
    assertEquals(List.of("", "z"), values(rows.get(2)));
    assertEquals(List.of(2L, 6L, 7L), rows.stream().map(RowResult::line).toList());
  }

  @Test
  void aQuoteThatShouldHaveBeenDoubledIsMeantAsWritten() throws IOException {
    List<RowResult> rows = read("a,b\n\"said \"yes\" twice\",2\n");
    assertEquals(List.of("said \"yes\" twice", "2"), values(rows.getFirst()));
  }

  @Test
  void aQuoteThatNeverClosesCostsItsOwnLineOnly() throws IOException {
    List<RowResult> rows = read("a,b\n1,x\n2,\"open\n3,\"y\"\n4,z\n");
    assertEquals(List.of("1", "x"), values(rows.get(0)));
    assertEquals(3, assertInstanceOf(BadRow.class, rows.get(1)).line());
    assertEquals(List.of("3", "y"), values(rows.get(2)));
    assertEquals(List.of("4", "z"), values(rows.get(3)));

    rows = read("a,b\n2,\"open\n4,z\n");
    assertEquals("a quote is opened and never closed", ((BadRow) rows.get(0)).reason());
    assertEquals(List.of("4", "z"), values(rows.get(1)));
  }

  @Test
  void aRowWithAnotherNumberOfFieldsIsBad() throws IOException {
    List<RowResult> rows = read("a,b\n1,2,3\n1\n1,2\n");
    assertEquals("has 3 fields, the header has 2", ((BadRow) rows.get(0)).reason());
    assertEquals("has 1 fields, the header has 2", ((BadRow) rows.get(1)).reason());
    assertEquals(List.of("1", "2"), values(rows.get(2)));
  }

  /** Whatever text is written in the way of RFC 4180 is read back as it was. */
  @Property(tries = 300)
  void everyTableReadsBackAsItWasWritten(@ForAll("tables") List<List<String>> table)
      throws IOException {
    Path file = Files.createTempFile("goodhart", ".csv");
    try {
      StringBuilder text = new StringBuilder("first,second,third\n");
      for (List<String> row : table) {
        List<String> quoted = row.stream().map(v -> '"' + v.replace("\"", "\"\"") + '"').toList();
        text.append(String.join(",", quoted)).append("\r\n");
      }
      Files.writeString(file, text);
      List<List<Object>> back = Rows.open(file).toList().stream().map(CsvTest::values).toList();
      assertEquals(table, back);
    } finally {
      Files.delete(file);
    }
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    Arbitrary<String> value =
        Arbitraries.strings()
            .withChars(
                "ab\",;\n\r\t é€😀"
                    .chars()
                    .mapToObj(c -> (char) c)
                    .filter(c -> !Character.isSurrogate(c))
                    .map(String::valueOf)
                    .reduce("", String::concat)
                    .toCharArray())
            .ofMaxLength(8);
    return value.list().ofSize(3).list().ofMinSize(1).ofMaxSize(6);
  }
}
