package dev.goodhart.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: a sequence of framed {@code Event} messages of protobuf.
 *
 * <p>Each sitting of a run writes a file of its own, named so that TensorBoard reads them in order,
 * and begins it by saying at which step it takes over: TensorBoard then drops the scalars and
 * histograms that an earlier file has from that step on, also while it is watching. So nothing that
 * was written is ever changed.
 *
 * <p>The messages and field numbers are those of TensorFlow's {@code event.proto}, {@code
 * summary.proto} and {@code tensor.proto}, the framing is that of TFRecord.
 */
final class EventFile implements AutoCloseable {
  private static final Pattern NAME =
      Pattern.compile("events\\.out\\.tfevents\\.(\\d{10})\\.goodhart\\.\\d+");
  private static final int BUCKETS = 30;
  private static final int SESSION_START = 1;
  private static final int STRING = 7;

  private final FileChannel channel;
  private final InstantSource clock;

  /**
   * @param step the first that this file speaks of
   */
  EventFile(Path folder, long step, InstantSource clock) throws IOException {
    this.clock = clock;
    channel = create(folder);
    append(new Protobuf().real(1, now()).text(3, "brain.Event:2"));
    append(event(step).message(7, new Protobuf().number(1, SESSION_START)));
  }

  /** TensorBoard goes by the names: a clock that was set back must not bring a file forward. */
  private FileChannel create(Path folder) throws IOException {
    long second = clock.millis() / 1000;
    try (Stream<Path> files = Files.list(folder)) {
      second =
          files
              .map(f -> NAME.matcher(f.getFileName().toString()))
              .filter(Matcher::matches)
              .mapToLong(m -> Long.parseLong(m.group(1)) + 1)
              .reduce(second, Math::max);
    }
    for (; ; second++) {
      String name =
          "events.out.tfevents.%010d.goodhart.%d".formatted(second, ProcessHandle.current().pid());
      try {
        return FileChannel.open(
            folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } catch (FileAlreadyExistsException taken) {
        // The next second is free.
      }
    }
  }

  void scalars(long step, Map<String, Double> metrics) throws IOException {
    Protobuf summary = new Protobuf();
    metrics.forEach(
        (tag, value) ->
            summary.message(1, new Protobuf().text(1, tag).real32(2, value.floatValue())));
    append(event(step).message(5, summary));
  }

  void text(long step, String tag, String text) throws IOException {
    Protobuf plugin = new Protobuf().message(1, new Protobuf().text(1, "text"));
    Protobuf shape = new Protobuf().message(2, new Protobuf().number(1, 1));
    Protobuf tensor = new Protobuf().number(1, STRING).message(2, shape).text(8, text);
    Protobuf value = new Protobuf().text(1, tag).message(8, tensor).message(9, plugin);
    append(event(step).message(5, new Protobuf().message(1, value)));
  }

  /** Thirty buckets of one width; each counts what lies above the limit before, up to its own. */
  void histogram(long step, String tag, double[] values) throws IOException {
    double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    if (finite.length == 0) return;
    double min = Arrays.stream(finite).min().orElseThrow();
    double max = Arrays.stream(finite).max().orElseThrow();
    int buckets = min == max ? 1 : BUCKETS;
    double[] limits = new double[buckets];
    for (int i = 0; i < buckets; i++) {
      double share = (i + 1.0) / buckets;
      limits[i] = i == buckets - 1 ? max : min * (1 - share) + max * share;
    }
    double[] counts = new double[buckets];
    for (double v : finite) {
      int at = Arrays.binarySearch(limits, v);
      counts[at >= 0 ? at : -at - 1]++;
    }
    Protobuf histogram =
        new Protobuf()
            .real(1, min)
            .real(2, max)
            .real(3, finite.length)
            .real(4, Arrays.stream(finite).sum())
            .real(5, Arrays.stream(finite).map(v -> v * v).sum())
            .reals(6, limits)
            .reals(7, counts);
    Protobuf value = new Protobuf().text(1, tag).message(5, histogram);
    append(event(step).message(5, new Protobuf().message(1, value)));
  }

  void sync() throws IOException {
    channel.force(true);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Each event was written on its own: nothing waits here.
    }
  }

  private Protobuf event(long step) {
    return new Protobuf().real(1, now()).number(2, step);
  }

  private double now() {
    return clock.millis() / 1000.0;
  }

  private void append(Protobuf event) throws IOException {
    byte[] data = event.bytes();
    ByteBuffer frame = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(data.length);
    frame.putInt(maskedCrc(frame.array(), 8));
    frame.put(data);
    frame.putInt(maskedCrc(data, data.length));
    MetricsLog.write(channel, frame.flip());
  }

  /** CRC-32C, turned and shifted: a checksum of data that holds checksums would be too weak. */
  static int maskedCrc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }
}
