package dev.goodhart.verify.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** SQLite in processes of its own: as many as are asked at a time, started when they are needed. */
final class Sqlite implements AutoCloseable {
  /** There is no SQLite to ask: the message is the reason, in a line. */
  static final class Unavailable extends RuntimeException {
    Unavailable(String message) {
      super(message);
    }
  }

  private final Limits limits;
  private final Semaphore free;
  private final ConcurrentLinkedDeque<SqliteProcess> idle = new ConcurrentLinkedDeque<>();
  private final Path folder;
  private volatile boolean closed;

  Sqlite(Limits limits, int processes) {
    this.limits = limits;
    this.free = new Semaphore(processes);
    try {
      this.folder = Files.createTempDirectory("goodhart-sql");
    } catch (IOException e) {
      throw new Unavailable("sqlite: there is no folder for temporary files: " + e.getMessage());
    }
  }

  /** The result, or why there is none; a crash counts when it happens twice. */
  Outcome run(Database database, String sql) {
    return run(database, sql, false);
  }

  /**
   * @param reversed to give what no {@code ORDER BY} orders the other way round
   */
  Outcome run(Database database, String sql, boolean reversed) {
    Outcome outcome = ask(database, sql, false, reversed);
    return outcome instanceof Outcome.Failure(Trouble trouble, String _)
            && trouble == Trouble.CRASHED
        ? ask(database, sql, false, reversed)
        : outcome;
  }

  /** Runs it and throws the result away, for its time. */
  Outcome time(Database database, String sql) {
    return ask(database, sql, true, false);
  }

  private Outcome ask(Database database, String sql, boolean timeOnly, boolean reversed) {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
    try {
      SqliteProcess process = idle.pollFirst();
      if (process == null || !process.alive()) {
        return ask(new SqliteProcess(folder, limits), database, sql, timeOnly, reversed);
      }
      Outcome outcome = ask(process, database, sql, timeOnly, reversed);
      // What a process holds is in part what earlier queries left behind: no query pays for those.
      return memory(outcome)
          ? ask(new SqliteProcess(folder, limits), database, sql, timeOnly, reversed)
          : outcome;
    } catch (IOException e) {
      throw new Unavailable("sqlite: " + e.getMessage());
    } finally {
      free.release();
    }
  }

  private Outcome ask(
      SqliteProcess process, Database database, String sql, boolean timeOnly, boolean reversed) {
    Outcome outcome = process.ask(database, sql, timeOnly, reversed);
    if (closed || memory(outcome) || !process.alive()) {
      process.close();
    } else {
      idle.addFirst(process);
    }
    return outcome;
  }

  private static boolean memory(Outcome outcome) {
    return outcome instanceof Outcome.Failure(Trouble trouble, String _)
        && trouble == Trouble.MEMORY_LIMIT;
  }

  @Override
  public void close() {
    closed = true;
    for (SqliteProcess process; (process = idle.pollFirst()) != null; ) {
      process.close();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      System.getLogger(Sqlite.class.getName())
          .log(System.Logger.Level.DEBUG, "temporary files stay: " + e.getMessage());
    }
  }
}
