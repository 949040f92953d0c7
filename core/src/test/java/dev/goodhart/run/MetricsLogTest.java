package dev.goodhart.run;

import static dev.goodhart.run.EventFileTest.metrics;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
  @TempDir Path folder;

  @Test
  void aRowIsALineInTheOrderGiven() throws Exception {
    try (var log = MetricsLog.begin(folder)) {
      log.write(0, metrics("loss", 0.5, "eval/accuracy", 0.75));
      log.write(3, metrics("loss", 1e-9));
    }

    assertEquals(
        """
        {"step":0,"loss":0.5,"eval/accuracy":0.75}
        {"step":3,"loss":1.0E-9}
        """,
        rows());
  }

  @Test
  void whatIsNotFiniteIsNull() throws Exception {
    try (var log = MetricsLog.begin(folder)) {
      log.write(1, metrics("loss", Double.NaN, "scale", Double.POSITIVE_INFINITY));
    }

    assertEquals("{\"step\":1,\"loss\":null,\"scale\":null}\n", rows());
  }

  @Test
  void aRowStandsInTheFileBeforeTheLogIsClosed() throws Exception {
    try (var log = MetricsLog.begin(folder)) {
      log.write(1, metrics("loss", 1));
      assertEquals("{\"step\":1,\"loss\":1.0}\n", rows());
    }
  }

  @Test
  void resumingDropsTheRowsOfLaterSteps() throws Exception {
    try (var log = MetricsLog.begin(folder)) {
      for (int step = 1; step <= 9; step++) log.write(step, metrics("loss", step));
    }
    try (var log = MetricsLog.resume(folder, 2)) {
      log.write(3, metrics("loss", 30));
    }

    assertEquals(
        """
        {"step":1,"loss":1.0}
        {"step":2,"loss":2.0}
        {"step":3,"loss":30.0}
        """,
        rows());
  }

  @Test
  void beginningAnewDropsEverything() throws Exception {
    try (var log = MetricsLog.begin(folder)) {
      log.write(1, metrics("loss", 1));
    }
    MetricsLog.begin(folder).close();

    assertEquals("", rows());
  }

  /** Wherever a kill cuts the file, what a resumed run leaves is what an unbroken one leaves. */
  @Property(tries = 60)
  void aKillAnywhereLeavesNoTrace(
      @ForAll @IntRange(min = 0, max = 8) int checkpoint,
      @ForAll @IntRange(min = 0, max = 1000) int cut)
      throws Exception {
    Path run = Files.createTempDirectory("metrics");
    try {
      write(MetricsLog.begin(run), 1, 8);
      byte[] whole = Files.readAllBytes(run.resolve(MetricsLog.FILE));
      int kept = endOfRow(whole, checkpoint);
      // A checkpoint is written after its row: a kill takes nothing of what stands before.
      int end = kept + cut % (whole.length - kept + 1);
      Files.write(run.resolve(MetricsLog.FILE), Arrays.copyOf(whole, end));

      write(MetricsLog.resume(run, checkpoint), checkpoint + 1, 8);

      assertEquals(
          new String(whole, StandardCharsets.UTF_8),
          Files.readString(run.resolve(MetricsLog.FILE)));
    } finally {
      try (var files = Files.list(run)) {
        for (Path file : files.toList()) Files.delete(file);
      }
      Files.delete(run);
    }
  }

  @Test
  void anotherFileUnderTheNameIsRefusedAndLeftAsItIs() throws Exception {
    Files.writeString(folder.resolve(MetricsLog.FILE), "{\"step\":1,\"loss\":1.0}\nhello\n");

    var e = assertThrows(GoodhartException.class, () -> MetricsLog.resume(folder, 5));

    assertTrue(e.getMessage().contains("metrics.jsonl:2: expected the row of a step"));
    assertEquals("{\"step\":1,\"loss\":1.0}\nhello\n", rows());
  }

  @Test
  void stepsGoForward() {
    try (var log = MetricsLog.resume(folder, 4)) {
      var e = assertThrows(IllegalArgumentException.class, () -> log.write(4, metrics("loss", 1)));
      assertEquals("step 4 must come after step 4, whose row is written", e.getMessage());
      assertThrows(IllegalArgumentException.class, () -> log.write(5, metrics("step", 1)));
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws Exception {
    Path file = folder.resolve("taken");
    Files.writeString(file, "", StandardOpenOption.CREATE_NEW);

    var e = assertThrows(GoodhartException.class, () -> MetricsLog.begin(file));

    assertTrue(e.getMessage().contains("taken"), e.getMessage());
  }

  private static void write(MetricsLog log, int from, int to) {
    try (log) {
      for (int step = from; step <= to; step++) {
        log.write(step, metrics("loss", 1.0 / step, "größe", step == 5 ? Double.NaN : step));
      }
    }
  }

  private static int endOfRow(byte[] file, int rows) {
    int at = 0;
    for (int row = 0; row < rows; at++) {
      if (file[at] == '\n') row++;
    }
    return at;
  }

  private String rows() throws Exception {
    return Files.readString(folder.resolve(MetricsLog.FILE));
  }
}
