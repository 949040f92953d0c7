package dev.goodhart.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.goodhart.GoodhartException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class JsonlTest {
  /** Any text, in any compression, comes back; one JSON list of the same rows reads the same. */
  @Property(tries = 200)
  void rowsReadBackAsTheyWereWritten(
      @ForAll @Size(min = 1, max = 5) List<String> texts, @ForAll("packers") Packer packer)
      throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String wellFormed =
          new String(texts.get(i).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      rows.add(Map.of("text", wellFormed, "number", i));
    }
    String lines = String.join("\n", rows.stream().map(Json::write).toList());
    assertEquals(rows, readBack(packer.pack(lines.getBytes(StandardCharsets.UTF_8))));
    assertEquals(rows, readBack(packer.pack(Json.write(rows).getBytes(StandardCharsets.UTF_8))));
  }

  /**
   * A file cut anywhere gives whole rows and at most one bad one, or one clear error; never a wrong
   * row.
   */
  @Property(tries = 200)
  void aFileCutAnywhereNeverGivesAWrongRow(@ForAll @IntRange(min = 1, max = 98) int percent)
      throws IOException {
    String line = "{\"prompt\": \"wie heißt du?\", \"response\": \"Éva 😀\"}\n";
    byte[] whole = line.repeat(4).getBytes(StandardCharsets.UTF_8);
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length * percent / 100);
    Path file = Files.createTempFile("goodhart", ".jsonl");
    try {
      Files.write(file, cut);
      List<RowResult> rows = Rows.open(file).toList();
      long bad = rows.stream().filter(BadRow.class::isInstance).count();
      assertTrue(bad <= 1);
      for (RowResult row : rows) {
        if (row instanceof Row good) {
          assertEquals("Éva 😀", good.at("response"));
        }
      }
    } finally {
      Files.delete(file);
    }
  }

  /**
   * Long enough that lines are parsed on several threads: the rows come in order, bad ones in their
   * places, and what was whole before the compressed data ends early comes before the error.
   */
  @Test
  void rowsThatAreParsedAheadComeInTheirOrder() throws IOException {
    StringBuilder lines = new StringBuilder();
    Random random = new Random(1); // what does not pack well, and is longer than a look at the head
    for (int i = 1; i <= 5000; i++) {
      String noise = new BigInteger(4000, random).toString(36);
      lines.append(
          switch (i % 100) {
            case 7 -> "{\"number\": " + i + ", broken\n";
            case 50 -> "{\"number\": " + i + ", \"text\": \"" + "é".repeat(3000) + "\"}\n";
            default -> "{\"number\": " + i + ", \"text\": \"" + noise + "\"}\n";
          });
    }
    byte[] packed = gz(lines.toString().getBytes(StandardCharsets.UTF_8));
    Path file = Files.createTempFile("goodhart", ".jsonl.gz");
    try {
      Files.write(file, packed);
      List<RowResult> rows = Rows.open(file).toList();
      assertEquals(5000, rows.size());
      for (int i = 1; i <= 5000; i++) {
        RowResult row = rows.get(i - 1);
        assertEquals(i, row.line());
        if (i % 100 == 7) {
          assertInstanceOf(BadRow.class, row);
        } else {
          assertEquals(i, ((Row) row).at("number"));
        }
      }
      Files.write(file, Arrays.copyOf(packed, packed.length * 3 / 4));
      int whole = 0;
      try (Rows cut = Rows.open(file)) {
        while (cut.next().line() == whole + 1) {
          whole++;
        }
        fail("the end is missing");
      } catch (GoodhartException e) {
        assertTrue(e.getMessage().contains("ends early"), e.getMessage());
      }
      assertTrue(whole > 3000, whole + " rows before the error");
    } finally {
      Files.delete(file);
    }
  }

  private static byte[] gz(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packing = new GZIPOutputStream(out)) {
      packing.write(bytes);
    }
    return out.toByteArray();
  }

  /** One flipped byte spoils its own line at most. */
  @Property(tries = 200)
  void oneWrongByteSpoilsOneLineAtMost(
      @ForAll @IntRange(min = 0, max = 400) int at, @ForAll byte wrong) throws IOException {
    String line = "{\"prompt\": \"wie heißt du?\", \"response\": \"Éva\"}\n";
    byte[] bytes = line.repeat(10).getBytes(StandardCharsets.UTF_8);
    if (bytes[at] == '\n' || wrong == '\n' || at < 4) {
      return; // joins or splits lines, or makes it another format: not what is tested here
    }
    bytes[at] = wrong;
    Path file = Files.createTempFile("goodhart", ".jsonl");
    try {
      Files.write(file, bytes);
      List<RowResult> rows = Rows.open(file).toList();
      assertEquals(10, rows.size());
      assertTrue(
          rows.stream()
                  .filter(
                      r ->
                          r instanceof Row row
                              && "Éva".equals(row.at("response"))
                              && "wie heißt du?".equals(row.at("prompt")))
                  .count()
              >= 9);
    } finally {
      Files.delete(file);
    }
  }

  interface Packer {
    byte[] pack(byte[] bytes) throws IOException;
  }

  @Provide
  Arbitrary<Packer> packers() {
    Packer plain = bytes -> bytes;
    Packer gz =
        bytes -> {
          ByteArrayOutputStream packed = new ByteArrayOutputStream();
          try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
          }
          return packed.toByteArray();
        };
    Packer zstd =
        bytes -> {
          ByteArrayOutputStream packed = new ByteArrayOutputStream();
          try (OutputStream out = new io.airlift.compress.zstd.ZstdOutputStream(packed)) {
            out.write(bytes);
          }
          return packed.toByteArray();
        };
    return Arbitraries.of(plain, gz, zstd);
  }

  private static List<Map<String, Object>> readBack(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("goodhart", ".json");
    try {
      Files.write(file, bytes);
      List<Map<String, Object>> rows = new ArrayList<>();
      Rows.open(file).toList().forEach(row -> rows.add(((Row) row).columns()));
      return rows;
    } finally {
      Files.delete(file);
    }
  }
}
