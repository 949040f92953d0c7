package dev.goodhart.serve.journal;

import dev.goodhart.GoodhartException;
import dev.goodhart.Sample;
import dev.goodhart.audit.Finding;
import dev.goodhart.run.IoReason;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Digests;
import dev.goodhart.serve.scoring.Listener;
import dev.goodhart.serve.scoring.Refusal;
import dev.goodhart.serve.scoring.Scoring;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Every sample that was scored, on the disk before its client gets the reward: who asked, for which
 * run and step, the sample itself, its reward and parts or why there is none, how long each signal
 * took, and the version of what scored. One JSON object a line, in files that rotate by size:
 *
 * <pre>{@code
 * {"time":"2026-11-21T09:00:00.000001Z","kind":"sample","request":"1f","client":"anyone","key":null,"protocol":"openrlhf",
 *  "run":"r7","step":12,"index":0,"batch":8,"digest":"…","reward":1.0,"reason":null,"deviation":null,"scale":null,
 *  "parts":{"correct":1.0},"reasons":{},"nanos":{"correct":8500},"cached":[],"version":"…",
 *  "sample":{"id":"a","prompt":[{"role":"user","content":"1 + 1?"}],"response":"2","reference":"2","columns":{}}}
 * {"time":"…","kind":"alarm","run":"r7","step":12,"alarm":"length-drift","level":"ALARM","says":"…","figures":{…}}
 * }</pre>
 *
 * <p>Killed at any moment it holds every answered batch once: a batch stands in it whole before it
 * is answered, one that stands there in part is cut off by the next server, and one whose {@code
 * Idempotency-Key} it holds is not written again, but {@link #recall recalled}. When the disk is
 * full, requests are refused until there is room.
 *
 * <p>One server at a time writes to a folder. Reading it meanwhile is fine.
 */
public final class Journal implements Listener, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Journal.class.getName());

  /** Keeps a second server out. */
  private static final String LOCK = ".lock";

  /** When a client may try again after the disk was full, in seconds. */
  private static final int RETRY_AFTER = 5;

  private final Path folder;
  private final Lines lines;
  private final InstantSource clock;
  private final Keys keys = new Keys();
  private final FileChannel lock;
  private final Appender appender;
  private final AtomicLong complained = new AtomicLong();

  /**
   * Goes on with the journal of a folder, or begins one.
   *
   * @throws GoodhartException if it cannot be written, another server writes there, or it is
   *     damaged elsewhere than at its end
   */
  public Journal(Path folder, Keeping keeping) {
    this(folder, keeping, InstantSource.system());
  }

  Journal(Path folder, Keeping keeping, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
    lines = new Lines(keeping.texts());
    try {
      Files.createDirectories(folder);
      lock = lock(folder);
      try {
        appender = open(keeping);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new GoodhartException(folder + ": no journal there: " + IoReason.of(e), e);
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // held by this very process
    } finally {
      if (lock == null) channel.close();
    }
    if (lock == null) {
      throw new GoodhartException(
          folder + ": another server writes its journal there; give this one its own folder");
    }
    return channel;
  }

  private Appender open(Keeping keeping) throws IOException {
    List<Segment> segments = Segment.in(folder);
    if (segments.isEmpty()) return new Appender(new Segment(folder, 1), 0, keeping, keys);
    // A client repeats what it was not answered, so the last two files have the keys that matter.
    if (segments.size() > 1) keys.putAll(Recovery.of(segments.get(segments.size() - 2)).keys());
    Recovery last = Recovery.of(segments.getLast());
    keys.putAll(last.keys());
    if (last.end() < last.length()) {
      LOG.log(
          Level.INFO,
          "{0}: cut off the last {1} bytes, of a batch that was never answered",
          segments.getLast().file(),
          last.length() - last.end());
    }
    return new Appender(segments.getLast(), last.end(), keeping, keys);
  }

  /**
   * Returns when the batch is written.
   *
   * @throws Refusal 503 if it cannot be; 409 if there is a batch of that {@code Idempotency-Key}
   */
  @Override
  public List<Finding> scored(Asked asked, List<Scoring> scorings, String version) {
    if (!scorings.isEmpty()) {
      append(
          lines.of(clock.instant().toString(), asked, scorings, version),
          asked.key() == null ? null : Keys.of(asked.client(), asked.key()));
    }
    return List.of();
  }

  /**
   * Writes an alarm down.
   *
   * @throws Refusal 503 if it cannot be written
   */
  public void alarm(String run, @Nullable Long step, Finding finding) {
    append(Lines.alarm(clock.instant().toString(), run, step, finding), null);
  }

  private void append(byte[] bytes, @Nullable String key) {
    boolean written;
    try {
      written = appender.append(bytes, key);
    } catch (IOException e) {
      complain(IoReason.of(e));
      throw new Refusal(503, "the journal cannot be written: " + IoReason.of(e), RETRY_AFTER);
    }
    if (!written) {
      throw new Refusal(
          409, "another request with this Idempotency-Key was answered at the same time", 1);
    }
  }

  /** Not for each of the thousands of requests that a full disk refuses. */
  private void complain(String reason) {
    long now = clock.instant().getEpochSecond();
    long before = complained.get();
    if (now >= before + RETRY_AFTER && complained.compareAndSet(before, now)) {
      LOG.log(
          Level.ERROR,
          "{0}: the journal cannot be written, requests are refused: {1}",
          folder,
          reason);
    }
  }

  /** Whether a batch of this client and {@code Idempotency-Key} is written. */
  public boolean has(String client, String key) {
    return keys.get(Keys.of(client, key)) != null;
  }

  /**
   * What a client was told, or was about to be told when the server was killed, for a request that
   * it repeats with its {@code Idempotency-Key}. Signals' times are not recalled.
   *
   * @return empty if there is no key or it is not written
   * @throws Refusal 422 if that key was used for other samples, 503 if the journal cannot be read
   */
  @Override
  public Optional<List<Scoring>> recall(Asked asked, List<Sample> samples) {
    if (asked.key() == null) return Optional.empty();
    Keys.Place place = keys.get(Keys.of(asked.client(), asked.key()));
    if (place == null) return Optional.empty();
    List<Line> batch;
    try {
      batch = read(place);
    } catch (IOException e) {
      throw new Refusal(503, "the journal cannot be read: " + IoReason.of(e), RETRY_AFTER);
    }
    List<String> digests = samples.stream().map(Digests::of).toList();
    if (!digests.equals(batch.stream().map(Line::digest).toList())) {
      throw new Refusal(
          422, "the Idempotency-Key was used for other samples; take a new one for these");
    }
    List<Scoring> scorings = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      String digest = digests.get(i);
      scorings.add(new Scoring(samples.get(i), digest, batch.get(i).reward(), Map.of()));
    }
    return Optional.of(scorings);
  }

  private static List<Line> read(Keys.Place place) throws IOException {
    byte[] bytes = new byte[place.length()];
    try (var file = new RandomAccessFile(place.segment().file().toFile(), "r")) {
      file.seek(place.offset());
      file.readFully(bytes);
    }
    List<Line> batch = new ArrayList<>();
    LineScan lines = new LineScan(new ByteArrayInputStream(bytes));
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      Line.of(line).ifPresent(batch::add);
    }
    return batch;
  }

  @Override
  public void close() {
    try {
      appender.close();
      lock.close();
    } catch (IOException e) {
      throw new GoodhartException(folder + ": cannot be closed: " + IoReason.of(e), e);
    }
  }
}
