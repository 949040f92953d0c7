package dev.goodhart.serve.journal;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.run.IoReason;
import dev.goodhart.run.Progress;
import dev.goodhart.serve.scoring.Digests;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;

/**
 * Scores a {@link Journal}'s samples again, with a spec and the code as they are now, and says what
 * became of their rewards: whether a verifier's fix touches a run, and which samples.
 *
 * <p>Streams: memory does not grow with the journal. A server may be writing it meanwhile.
 */
public final class Replay {
  private static final int BATCH = 256;

  /** And no more bytes than these at a time, or one line. */
  private static final int BYTES = 4 << 20;

  private final Scorer scorer;
  private final Tally tally = new Tally();

  /** What became of one line; a batch of them is made on a thread of its own. */
  private sealed interface Outcome {
    record Scored(Line line, Reward now) implements Outcome {}

    record Not(String why) implements Outcome {}
  }

  private Replay(Scorer scorer) {
    this.scorer = scorer;
  }

  /**
   * @param journal its folder, or one file of it ({@code .gz} as well)
   * @throws GoodhartException if there is none, or it cannot be read
   */
  public static ReplayReport of(Path journal, RewardSpec spec, Progress progress) {
    try (Scorer scorer = new Scorer(spec)) {
      Replay replay = new Replay(scorer);
      List<Path> files = files(journal);
      long bytes = 0;
      for (Path file : files) bytes += Files.size(file);
      progress.start("replaying " + journal.getFileName() + ", kB", bytes >> 10);
      int threads = Runtime.getRuntime().availableProcessors();
      ExecutorService pool =
          Executors.newFixedThreadPool(
              threads,
              task -> Thread.ofPlatform().daemon().name("goodhart-replay").unstarted(task));
      try {
        Queue<Future<List<Outcome>>> pending = new ArrayDeque<>();
        for (Path file : files) replay.read(file, pool, 2 * threads, pending, progress);
        while (!pending.isEmpty()) replay.take(pending.remove());
      } finally {
        pool.shutdownNow();
        progress.done();
      }
      return replay.tally.report();
    } catch (IOException e) {
      throw new GoodhartException(journal + ": cannot be read: " + IoReason.of(e), e);
    }
  }

  private static List<Path> files(Path journal) throws IOException {
    if (!Files.isDirectory(journal)) return List.of(journal);
    List<Path> files;
    try (var all = Files.list(journal)) {
      files =
          all.filter(file -> file.toString().matches(".*/journal-\\d+\\.jsonl(\\.gz)?"))
              .sorted()
              .toList();
    }
    if (files.isEmpty()) {
      throw new GoodhartException(
          journal + ": no journal there, expected files like journal-00000001.jsonl");
    }
    return files;
  }

  private void read(
      Path file,
      ExecutorService pool,
      int most,
      Queue<Future<List<Outcome>>> pending,
      Progress progress)
      throws IOException {
    Counted counted = new Counted(Files.newInputStream(file));
    try (InputStream in =
        file.toString().endsWith(".gz") ? new GZIPInputStream(counted) : counted) {
      LineScan lines = new LineScan(in);
      boolean more = true;
      while (more) {
        List<byte[]> batch = new ArrayList<>();
        int bytes = 0;
        // A last line without its end is being written just now, or was cut off by a kill.
        while (more && batch.size() < BATCH && bytes < BYTES) {
          byte[] line = lines.next();
          more = line != null;
          if (line != null) {
            batch.add(line);
            bytes += line.length;
          }
        }
        if (!batch.isEmpty()) pending.add(pool.submit(() -> score(batch)));
        if (pending.size() > most) take(pending.remove());
        progress.advance(counted.kilobytes());
      }
    }
  }

  private List<Outcome> score(List<byte[]> lines) {
    List<Outcome> outcomes = new ArrayList<>();
    List<Line> kept = new ArrayList<>();
    List<Sample> samples = new ArrayList<>();
    for (byte[] bytes : lines) {
      try {
        Line.of(bytes)
            .ifPresent(
                line -> {
                  if (line.sample().isEmpty()) {
                    outcomes.add(new Outcome.Not("its texts were left out"));
                  } else if (!Digests.of(line.sample().get()).equals(line.digest())) {
                    outcomes.add(new Outcome.Not("it does not read back as it was scored"));
                  } else {
                    kept.add(line);
                    samples.add(line.sample().get());
                  }
                });
      } catch (IllegalArgumentException e) {
        outcomes.add(new Outcome.Not("not a line of a journal"));
      }
    }
    List<Reward> rewards = samples.isEmpty() ? List.of() : scorer.score(samples);
    for (int i = 0; i < kept.size(); i++) {
      outcomes.add(new Outcome.Scored(kept.get(i), rewards.get(i)));
    }
    return outcomes;
  }

  private void take(Future<List<Outcome>> batch) {
    try {
      for (Outcome outcome : batch.get()) {
        switch (outcome) {
          case Outcome.Scored scored -> tally.replayed(scored.line(), scored.now());
          case Outcome.Not not -> tally.notReplayable(not.why());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GoodhartException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      throw new IllegalStateException(e.getCause());
    }
  }

  /** How far a file is read, as it lies on the disk. */
  private static final class Counted extends FilterInputStream {
    private long bytes;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      if (b >= 0) bytes++;
      return b;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int n = super.read(to, offset, length);
      if (n > 0) bytes += n;
      return n;
    }

    /** Since the last call. */
    long kilobytes() {
      long whole = bytes >> 10;
      bytes &= 1023;
      return whole;
    }
  }
}
