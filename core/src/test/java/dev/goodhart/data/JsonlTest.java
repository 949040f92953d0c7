package dev.goodhart.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

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
