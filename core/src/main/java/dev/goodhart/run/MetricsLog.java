package dev.goodhart.run;

import dev.goodhart.GoodhartException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The numbers of a run, one row a step, where both a script and TensorBoard find them: in the file
 * {@code metrics.jsonl} of the run folder, and beside it in {@code events.out.tfevents.…}.
 *
 * <pre>{@code
 * {"step":1,"loss":0.693,"tokens-per-second":5120.0}
 * {"step":2,"loss":0.612,"tokens-per-second":5093.0}
 * }</pre>
 *
 * <p>A row stands in the file when {@link #write} returns, so a killed process loses none. A run
 * that is resumed at the checkpoint of step s goes on behind row s: later rows, and a last one that
 * was cut off in the middle, are cut away, so that the file is the same as without the kill.
 *
 * <p>A metric that is not finite is {@code null} in JSONL, which has no word for it; TensorBoard
 * shows it as what it is. One thread at a time.
 */
public final class MetricsLog implements AutoCloseable {
  /** The file's name in the run folder. */
  public static final String FILE = "metrics.jsonl";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern ROW = Pattern.compile("\\{\"step\":(\\d{1,18})[,}].*");

  /** Longer than any row that is written here; what is longer is no row. */
  private static final int LONGEST = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private final EventFile events;
  private long last;

  private MetricsLog(Path folder, long last, InstantSource clock) {
    this.file = folder.resolve(FILE);
    this.last = last;
    try {
      Files.createDirectories(folder);
      long end = endOf(last);
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.truncate(end).position(end);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
    try {
      events = new EventFile(folder, last + 1, clock);
    } catch (IOException e) {
      close(channel);
      throw cannotWrite(e);
    }
  }

  /**
   * Begins a run; rows of an earlier run in the same folder are dropped.
   *
   * @throws GoodhartException if the folder cannot be written
   */
  public static MetricsLog begin(Path folder) {
    return new MetricsLog(folder, -1, InstantSource.system());
  }

  /**
   * Goes on with a run after the given step; rows of later steps are dropped.
   *
   * @param step the last one that counts, at least 0
   * @throws GoodhartException if the folder cannot be written, or holds something else under the
   *     file's name
   */
  public static MetricsLog resume(Path folder, long step) {
    return resume(folder, step, InstantSource.system());
  }

  static MetricsLog resume(Path folder, long step, InstantSource clock) {
    if (step < 0) throw new IllegalArgumentException("step must be at least 0, not " + step);
    return new MetricsLog(folder, step, clock);
  }

  /**
   * Adds the row of a step.
   *
   * @param step greater than that of the row before, at least 0
   * @param metrics by name, in the order in which they are to stand; {@code group/name} makes
   *     groups in TensorBoard
   * @throws GoodhartException if the disk is full or the folder is gone
   */
  public void write(long step, SequencedMap<String, Double> metrics) {
    if (step <= last) {
      throw new IllegalArgumentException(
          "step " + step + " must come after step " + last + ", whose row is written");
    }
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("step", step);
    metrics.forEach((name, value) -> row.put(name, Double.isFinite(value) ? value : null));
    if (row.size() == metrics.size()) {
      throw new IllegalArgumentException("a metric cannot be called 'step'");
    }
    byte[] line = (JSON.writeValueAsString(row) + "\n").getBytes(StandardCharsets.UTF_8);
    if (line.length > LONGEST) {
      throw new IllegalArgumentException(
          "the row of step " + step + " is " + line.length + " bytes long, at most " + LONGEST);
    }
    try {
      write(channel, ByteBuffer.wrap(line));
      events.scalars(step, metrics);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
    last = step;
  }

  /** A text at a step, for TensorBoard alone: a sample, the run's spec. Markdown is rendered. */
  public void text(long step, String tag, String text) {
    try {
      events.text(step, tag, text);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** How values are spread at a step, for TensorBoard alone; those not finite are left out. */
  public void histogram(long step, String tag, double[] values) {
    try {
      events.histogram(step, tag, values);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** Everything so far is on the disk, also after a power cut: call it with each checkpoint. */
  public void sync() {
    try {
      channel.force(true);
      events.sync();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  @Override
  public void close() {
    close(channel);
    events.close();
  }

  /** Where the row of the first step after the given one would begin: what follows is dropped. */
  private long endOf(long step) throws IOException {
    if (step < 0 || !Files.exists(file)) return 0;
    long end = 0;
    long before = -1;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      for (long number = 1; ; number++) {
        byte[] line = line(in);
        // A line without an end was cut off by a kill.
        if (line.length == 0 || line[line.length - 1] != '\n') return end;
        String text = new String(line, StandardCharsets.UTF_8).stripTrailing();
        Matcher row = ROW.matcher(text);
        if (!row.matches() || Long.parseLong(row.group(1)) <= before) {
          throw new GoodhartException(
              file
                  + ":"
                  + number
                  + ": expected the row of a step after "
                  + before
                  + "; move the file away to go on without the earlier rows");
        }
        before = Long.parseLong(row.group(1));
        if (before > step) return end;
        end += line.length;
      }
    }
  }

  private static byte[] line(InputStream in) throws IOException {
    var line = new java.io.ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n' || line.size() > LONGEST) break;
    }
    return line.toByteArray();
  }

  static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) channel.write(bytes);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Each row was written on its own: nothing waits here.
    }
  }

  private GoodhartException cannotWrite(IOException e) {
    return new GoodhartException(file + ": cannot be written: " + IoReason.of(e), e);
  }
}
