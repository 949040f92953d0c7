package dev.goodhart.score;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Entries;
import dev.goodhart.data.Entry;
import dev.goodhart.run.IoReason;
import dev.goodhart.run.Progress;
import dev.goodhart.spec.Scorer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Scores a data file row by row: one {@link ScoredRow} a row, in the order of the file, in constant
 * memory. Batches of rows are scored on all cores and written in order.
 *
 * @param scorer what scores
 * @param data what is scored
 */
public record ScoreFile(Scorer scorer, Dataset data) {
  /**
   * Rows of one batch: enough to feed a model, few enough that little is scored in vain when a run
   * is killed.
   */
  private static final int BATCH = 256;

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * What came of it.
   *
   * @param rows in the file, of which the first {@code resumed} were scored by an earlier run
   * @param unscored rows of this run without a reward, by the kind of reason
   */
  public record Tally(long rows, long resumed, Map<String, Long> unscored) {}

  /** Writes to a stream, which stays open. */
  public Tally to(OutputStream out, Progress progress) throws IOException {
    return write(out, 0, progress);
  }

  /**
   * Writes to a file that appears under its name when all rows are scored. Until then they are in
   * {@code <out>.partial}, which {@code resume} goes on from: no row is lost and none is scored
   * twice.
   *
   * @param fingerprint of all that decides the rewards; a partial file of another one is not
   *     resumed
   * @throws GoodhartException if the file cannot be written, or the partial file is of other data
   *     or another spec
   */
  public Tally to(Path out, boolean resume, String fingerprint, Progress progress) {
    PartialOutput partial = new PartialOutput(out, fingerprint);
    long done = resume ? partial.resume() : partial.start();
    try (OutputStream stream = partial.open()) {
      Tally tally = write(stream, done, progress);
      stream.flush();
      partial.sync();
      partial.finish();
      return tally;
    } catch (IOException e) {
      throw new GoodhartException(
          out
              + ": cannot be written: "
              + IoReason.of(e)
              + "; what was scored is kept in "
              + partial.file().getFileName()
              + ", go on with --resume",
          e);
    }
  }

  private Tally write(OutputStream out, long done, Progress progress) throws IOException {
    Map<String, Long> unscored = new LinkedHashMap<>();
    int threads = Runtime.getRuntime().availableProcessors();
    ArrayDeque<Future<List<ScoredRow>>> pending = new ArrayDeque<>();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, task -> Thread.ofPlatform().daemon().name("goodhart-score").unstarted(task));
    progress.start("scoring " + data.file().getFileName() + ", kB", kilobytes());
    try (Entries entries = data.entries()) {
      long before = 0;
      List<Entry> batch = new ArrayList<>();
      while (entries.hasNext()) {
        Entry entry = entries.next();
        if (entry.number() > done) {
          batch.add(entry);
        }
        if (batch.size() == BATCH || (!batch.isEmpty() && !entries.hasNext())) {
          List<Entry> rows = batch;
          batch = new ArrayList<>();
          pending.add(pool.submit(() -> ScoredRow.score(scorer, rows)));
          if (pending.size() > 4 * threads) {
            emit(pending.remove(), out, unscored);
          }
        }
        long now = entries.bytesRead() >> 10;
        if (now > before) {
          progress.advance(now - before);
          before = now;
        }
      }
      while (!pending.isEmpty()) {
        emit(pending.remove(), out, unscored);
      }
      if (entries.count() < done) {
        throw new GoodhartException(
            data.file()
                + ": holds "
                + entries.count()
                + " rows, but "
                + done
                + " were scored before");
      }
      return new Tally(entries.count(), done, unscored);
    } finally {
      pool.shutdownNow();
      progress.done();
    }
  }

  private static void emit(
      Future<List<ScoredRow>> scored, OutputStream out, Map<String, Long> unscored)
      throws IOException {
    List<ScoredRow> rows;
    try {
      rows = scored.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GoodhartException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
    out.write(
        rows.stream()
            .map(row -> JSON.writeValueAsString(row.json()) + "\n")
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8));
    out.flush();
    for (ScoredRow row : rows) {
      if (row.unscored() != null) {
        unscored.merge(new dev.goodhart.Unscored(row.unscored()).kind(), 1L, Long::sum);
      }
    }
  }

  private long kilobytes() {
    try {
      return Files.size(data.file()) >> 10;
    } catch (IOException e) {
      return -1;
    }
  }
}
