package dev.goodhart.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowsTest {
  private static final String JSONL = "{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2, \"b\": \"y\"}\n";

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static List<RowResult> read(Path file) {
    return Rows.open(file).toList();
  }

  private static void assertTwoRows(Path file) {
    List<RowResult> rows = read(file);
    assertEquals(2, rows.size(), file.toString());
    assertEquals("x", ((Row) rows.get(0)).at("b"));
    assertEquals("y", ((Row) rows.get(1)).at("b"));
  }

  private static byte[] gz(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static byte[] zstd(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static void assertSays(String expected, Path file) {
    String message = message(file);
    assertTrue(message.contains(expected), message);
  }

  private static String message(Path file) {
    String message = assertThrows(GoodhartException.class, () -> read(file)).getMessage();
    assertFalse(message.contains("\n"), message);
    assertTrue(message.startsWith(file.toString()), message);
    return message;
  }

  @Test
  void everyFormatOfTheSameRowsReadsTheSame() throws IOException {
    byte[] jsonl = JSONL.getBytes(StandardCharsets.UTF_8);
    assertTwoRows(file("rows.jsonl", JSONL));
    assertTwoRows(file("rows", JSONL));
    assertTwoRows(file("rows.json", JSONL));
    assertTwoRows(file("rows.json", "[{\"a\": 1, \"b\": \"x\"}, {\"a\": 2, \"b\": \"y\"}]"));
    assertTwoRows(
        file(
            "rows.json",
            "{\"version\": [1], \"data\": [{\"b\": \"x\"}, {\"b\": \"y\"}], \"n\": 2}"));
    assertTwoRows(file("rows.json", "{\n  \"b\": \"x\"\n}\n{\n  \"b\": \"y\"\n}\n"));
    assertTwoRows(file("rows.csv", "a,b\n1,x\n2,y\n"));
    assertTwoRows(file("rows.csv", "a;b\r\n1;x\r\n2;y"));
    assertTwoRows(file("rows.tsv", "a\tb\n1\tx\n2\ty\n"));
    assertTwoRows(file("rows.txt", "a\tb\n1\tx\n2\ty\n"));
    assertTwoRows(file("rows.jsonl.gz", gz(jsonl)));
    assertTwoRows(file("rows.jsonl.zst", zstd(jsonl)));
    assertTwoRows(file("misnamed.jsonl", gz(jsonl)));
    assertTwoRows(file("misnamed.csv", zstd("a,b\n1,x\n2,y\n".getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstColumn() throws IOException {
    assertTwoRows(file("bom.jsonl", "\ufeff" + JSONL));
    assertTwoRows(file("bom.csv", "\ufeffb,a\nx,1\ny,2\n"));
    assertTwoRows(file("bom.json", "\ufeff[{\"b\": \"x\"}, {\"b\": \"y\"}]"));
  }

  @Test
  void severalPackedPiecesOneAfterTheOtherAreOneFile() throws IOException {
    byte[] one = "{\"b\": \"x\"}\n".getBytes(StandardCharsets.UTF_8);
    byte[] other = "{\"b\": \"y\"}\n".getBytes(StandardCharsets.UTF_8);
    assertTwoRows(file("two.gz", joined(gz(one), gz(other))));
    assertTwoRows(file("two.zst", joined(zstd(one), zstd(other))));
  }

  /** Packed by the zstd program, not by the library that unpacks it here. */
  @Test
  void readsWhatTheZstdProgramPacked() throws IOException {
    byte[] packed =
        Base64.getDecoder().decode("KLUv/QRo8QAAeyJwcm9tcHQiOiJwIiwicmVzcG9uc2UiOiJyIn0KOGpzbg==");
    List<RowResult> rows = read(file("one.zst", packed));
    assertEquals(Map.of("prompt", "p", "response", "r"), ((Row) rows.getFirst()).columns());
  }

  @Test
  void valuesKeepTheirJsonTypes() throws IOException {
    Row row =
        (Row)
            read(file(
                    "types.jsonl",
                    "{\"i\":1,\"d\":0.5,\"t\":true,\"n\":null,\"l\":[1,\"a\"],\"m\":{\"k\":{\"z\":\"deep\"}},\"a.b\":\"dotted\",\"list\":[{\"t\":\"first\"},{\"t\":\"second\"}]}\n"))
                .getFirst();
    assertEquals(1, row.at("i"));
    assertEquals(0.5, row.at("d"));
    assertEquals(true, row.at("t"));
    assertTrue(row.columns().containsKey("n"));
    assertEquals(List.of(1, "a"), row.at("l"));
    assertEquals("deep", row.at("m.k.z"));
    assertEquals("dotted", row.at("a.b"));
    assertEquals("second", row.at("list.1.t"));
    assertEquals(null, row.at("list.2.t"));
    assertEquals(null, row.at("i.x"));
  }

  @Test
  void aBadLineNeverDisturbsTheNext() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write("{\"b\": \"x\"}\n".getBytes(StandardCharsets.UTF_8));
    bytes.write("{\"b\": \n\n".getBytes(StandardCharsets.UTF_8)); // line 2 broken, line 3 blank
    bytes.write("{\"b\": \"".getBytes(StandardCharsets.UTF_8));
    bytes.write(new byte[] {(byte) 0xc3, (byte) 0x28}); // line 4: no UTF-8
    bytes.write("\"}\n[1, 2]\n\"text\"\n{\"b\": 1, \"b\": 2}\n".getBytes(StandardCharsets.UTF_8));
    bytes.write("{\"b\": \"\u0000\"}\n{\"b\": 1} {\"b\": 2}\n".getBytes(StandardCharsets.UTF_8));
    bytes.write(("[".repeat(5000) + "\n").getBytes(StandardCharsets.UTF_8));
    bytes.write("{\"b\": \"y\"}".getBytes(StandardCharsets.UTF_8));
    List<RowResult> rows = read(file("bad.jsonl", bytes.toByteArray()));

    Map<Long, String> reasons = new HashMap<>();
    rows.forEach(r -> reasons.put(r.line(), r instanceof BadRow bad ? bad.reason() : "good"));
    assertEquals("good", reasons.get(1L));
    assertTrue(reasons.get(2L).startsWith("is broken JSON"), reasons.get(2L));
    assertEquals(null, reasons.get(3L));
    assertEquals("is not UTF-8", reasons.get(4L));
    assertEquals("is not an object {…}", reasons.get(5L));
    assertEquals("is not an object {…}", reasons.get(6L));
    assertTrue(reasons.get(7L).contains("b"), reasons.get(7L)); // one of two values would be lost
    assertTrue(reasons.get(8L).startsWith("is broken JSON"), reasons.get(8L)); // a NUL byte
    assertTrue(reasons.get(9L).startsWith("is broken JSON"), reasons.get(9L)); // two in one line
    assertTrue(reasons.get(10L).startsWith("is broken JSON"), reasons.get(10L)); // too deep
    assertEquals("good", reasons.get(11L));
    BadRow notUtf8 = (BadRow) rows.stream().filter(r -> r.line() == 4).findFirst().orElseThrow();
    assertEquals("{\"b\": \"\\xc3(\"}", notUtf8.text());
    reasons.values().forEach(reason -> assertFalse(reason.contains("\n"), reason));
  }

  @Test
  void aHugeLineIsOneBadRow() throws IOException {
    String huge = "{\"b\": \"" + "z".repeat(300_000) + "\"}\n";
    Path file = file("huge.jsonl", "{\"b\": \"x\"}\n" + huge + "{\"b\": \"y\"}\n");
    try (Rows rows = Rows.open(file, 100_000)) {
      assertEquals("x", ((Row) rows.next()).at("b"));
      BadRow bad = (BadRow) rows.next();
      assertEquals("is 300009 bytes long, more than the limit of 100000", bad.reason());
      assertTrue(bad.text().length() < 10_000);
      assertEquals("y", ((Row) rows.next()).at("b"));
      assertFalse(rows.hasNext());
    }
    Path list = file("huge.json", "[{\"b\": \"x\"},\n" + huge.strip() + ",\n{\"b\": \"y\"}]");
    try (Rows rows = Rows.open(list, 100_000)) {
      rows.next();
      assertTrue(rows.next() instanceof BadRow bad && bad.line() == 2);
      assertEquals("y", ((Row) rows.next()).at("b"));
    }
  }

  @Test
  void aBrokenElementOfAJsonListIsBadAndTheNextIsRead() throws IOException {
    List<RowResult> rows =
        read(
            file(
                "list.json",
                """
                [
                 {"b": "x"},
                 {"b" "]"},
                 3,
                 null,
                 {"b": "y", "m": [{"q": "}\\"]"}]}
                ]
                """));
    assertEquals(5, rows.size());
    assertEquals(List.of(2L, 3L, 4L, 5L, 6L), rows.stream().map(RowResult::line).toList());
    assertTrue(rows.get(1) instanceof BadRow);
    assertTrue(rows.get(2) instanceof BadRow);
    assertTrue(rows.get(3) instanceof BadRow);
    assertEquals("y", ((Row) rows.get(4)).at("b"));
    assertEquals("}\"]", ((Row) rows.get(4)).at("m.0.q"));
  }

  @Test
  void oneObjectWithMessagesIsOneRow() throws IOException {
    List<RowResult> rows =
        read(
            file(
                "one.json",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"label\": true}"));
    assertEquals(1, rows.size());
    assertEquals(true, ((Row) rows.getFirst()).at("label"));
  }

  @Test
  void everyUnreadableFileIsOneClearLine() throws IOException {
    byte[] packed = gz(JSONL.repeat(5000).getBytes(StandardCharsets.UTF_8));
    byte[] zpacked = zstd(JSONL.repeat(50_000).getBytes(StandardCharsets.UTF_8));
    byte[] junk = new byte[5000];
    new java.util.Random(1).nextBytes(junk);

    assertSays("no such file", folder.resolve("missing.jsonl"));
    assertSays("is a folder, expected a data file", folder);
    assertSays("is empty", file("empty.jsonl", ""));
    assertSays("is empty", file("blank.jsonl", " \n\n"));
    assertSays("is empty", file("empty.gz", gz(new byte[0])));
    assertSays("damaged or ends early", file("cut.gz", Arrays.copyOf(packed, packed.length / 2)));
    assertSays(
        "damaged or ends early", file("cut.zst", Arrays.copyOf(zpacked, zpacked.length / 2)));
    assertSays("damaged or ends early", file("head.gz", Arrays.copyOf(packed, 5)));
    packed[packed.length / 2] ^= 0x55;
    assertSays("damaged or ends early", file("flipped.gz", packed));
    assertSays("is none of JSONL", file("junk.bin", junk));
    assertSays("is none of JSONL", file("nul.txt", "a,b\n\0,c\n"));
    assertSays("is none of JSONL", file("words.txt", "just words\n"));
    assertSays("UTF-16", file("wide.csv", JSONL.getBytes(StandardCharsets.UTF_16)));
    assertSays("ends inside the row", file("open.json", "[{\"a\": 1}, {\"a\": "));
    assertSays("ends inside the list", file("cut.json", "[{\"a\": 1}"));
    assertSays("after the end of the list", file("more.json", "[{\"a\": 1}] x"));
    assertSays("second list", file("two.json", "{\"a\": [{\"x\": 1}], \"b\": [{\"x\": 1}]}"));
    assertSays("two columns are called 'a'", file("twice.csv", "a,a\n1,2\n"));
  }

  @Test
  void binaryJunkUnderATextNameIsBadRows() throws IOException {
    byte[] junk = new byte[20_000];
    new java.util.Random(2).nextBytes(junk);
    junk[0] = 'x'; // no mark of a packed file
    List<RowResult> rows = read(file("junk.jsonl", junk));
    assertTrue(rows.size() > 10);
    assertTrue(rows.stream().allMatch(BadRow.class::isInstance));
  }

  @Test
  void parquetWithoutItsEngineSaysWhatToAdd() throws IOException {
    Path file = file("x.parquet", "PAR1....PAR1");
    String message = assertThrows(GoodhartException.class, () -> Rows.open(file)).getMessage();
    assertTrue(message.contains("add goodhart-data to the class path"), message);
  }

  @Test
  void bytesReadReachesTheFilesSize() throws IOException {
    Path file = file("size.gz", gz(JSONL.repeat(3000).getBytes(StandardCharsets.UTF_8)));
    try (Rows rows = Rows.open(file)) {
      rows.forEachRemaining(row -> {});
      assertEquals(Files.size(file), rows.bytesRead());
    }
  }
}
