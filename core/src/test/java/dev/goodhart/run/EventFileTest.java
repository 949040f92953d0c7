package dev.goodhart.run;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_250L));

  @TempDir Path folder;

  @Test
  void theChecksumIsThatOfTheStandard() {
    // RFC 3720, B.4: CRC-32C of 32 zero bytes is 0x8a9136aa; rotated by 15 it is 0x6d551522.
    assertEquals(0x6d551522 + 0xa282ead8, EventFile.maskedCrc(new byte[32], 32));
    // The first length in an event file of TensorFlow is 24, and its checksum "\xa3\x7fK\"".
    byte[] length = {24, 0, 0, 0, 0, 0, 0, 0};
    assertEquals(0x224b7fa3, EventFile.maskedCrc(length, 8));
  }

  /** The resource was written by TensorBoard's own code: {@code bench/tensorboard_events.py}. */
  @Test
  void theBytesAreThoseOfTensorBoardsOwnCode() throws Exception {
    try (var events = new EventFile(folder, 301, CLOCK)) {
      events.scalars(301, metrics("loss", 0.1, "eval/accuracy", Double.NaN));
      events.text(302, "sample", "Grüße, *you*");
      events.histogram(303, "rewards", new double[] {31, 1, Double.NaN, 2.5, 31});
    }

    String expected;
    try (var in = EventFileTest.class.getResourceAsStream("tensorboard-events.txt")) {
      expected = new String(Objects.requireNonNull(in).readAllBytes(), US_ASCII);
    }
    assertEquals(
        expected.replace("\n", ""),
        HexFormat.of().formatHex(Files.readAllBytes(files().getLast())));
  }

  @Test
  void valuesThatAreAllOneFillOneBucketAndNoValuesNone() throws Exception {
    try (var events = new EventFile(folder, 0, CLOCK)) {
      long before = Files.size(files().getLast());
      events.histogram(1, "empty", new double[] {Double.NaN});
      assertEquals(before, Files.size(files().getLast()));
      events.histogram(1, "same", new double[] {2, 2, 2});
    }

    // Of the message: limits (field 6, 8 bytes) 2.0, then counts (field 7, 8 bytes) 3.0.
    assertTrue(
        HexFormat.of()
            .formatHex(Files.readAllBytes(files().getLast()))
            .contains("3208" + "0000000000000040" + "3a08" + "0000000000000840"));
  }

  @Test
  void aLaterFileComesLaterByNameAlsoWhenTheClockWasSetBack() throws Exception {
    InstantSource earlier = InstantSource.fixed(Instant.ofEpochSecond(1_600_000_000));
    new EventFile(folder, 0, CLOCK).close();
    new EventFile(folder, 10, CLOCK).close();
    new EventFile(folder, 20, earlier).close();

    List<Path> files = files();
    assertEquals(3, files.size());
    // The session's start, the second event, carries the step that its file begins with.
    byte[] latest = Files.readAllBytes(files.getLast());
    assertEquals(20, latest[24 + 16 + 12 + 10]);
    assertTrue(new String(latest, UTF_8).contains("brain.Event:2"));
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  static SequencedMap<String, Double> metrics(Object... namesAndValues) {
    SequencedMap<String, Double> metrics = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      metrics.put((String) namesAndValues[i], ((Number) namesAndValues[i + 1]).doubleValue());
    }
    return metrics;
  }
}
