package dev.goodhart.verify.sql;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.sqlite.JDBC;

/** One process of {@link SqliteMain}, asked by one thread at a time. */
final class SqliteProcess implements AutoCloseable {
  /** Kills a process that neither answers nor ends itself. */
  private static final ScheduledExecutorService KILLER =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sql-killer").factory());

  private static final int START_SECONDS = 60;
  private static final int GRACE_MILLIS = 3_000;

  private final Process process;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final Limits limits;
  private volatile boolean killed;

  /**
   * @param folder of its own, for the library's native part and the process's last words
   * @throws IOException saying why it does not start
   */
  SqliteProcess(Path folder, Limits limits) throws IOException {
    this.limits = limits;
    Path errors = Files.createTempFile(folder, "sqlite", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms16m",
            "-Xmx" + (64 + 6 * (limits.resultBytes() >> 20)) + "m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve("hs_err_%p.log"),
            "-Dfile.encoding=UTF-8",
            "-Djava.io.tmpdir=" + folder,
            "-Dorg.sqlite.tmpdir=" + folder,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            source(SqliteMain.class) + System.getProperty("path.separator") + source(JDBC.class),
            SqliteMain.class.getName(),
            Long.toString(limits.memoryBytes()));
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.directory(folder.toFile());
    builder.redirectError(errors.toFile());
    this.process = builder.start();
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 13));
    Future<?> timer = killAfter(START_SECONDS * 1000L);
    try {
      if (in.read() != Answer.READY) {
        process.destroyForcibly();
        throw new IOException("SQLite's process does not start: " + lastLine(errors));
      }
    } finally {
      timer.cancel(false);
    }
  }

  private static Path source(Class<?> type) throws IOException {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static String lastLine(Path errors) throws IOException {
    String text = Files.readString(errors, StandardCharsets.UTF_8).strip();
    return text.substring(text.lastIndexOf('\n') + 1);
  }

  /** Asks; when the process does not survive the question, the answer is a failure. */
  Outcome ask(Database database, String sql, boolean timeOnly, boolean reversed) {
    Ask ask =
        new Ask(
            database.file().toString(),
            database.stamp(),
            sql,
            (int) Math.ceil(limits.seconds() * 1000),
            limits.rows(),
            limits.resultBytes(),
            timeOnly,
            reversed);
    Future<?> timer = killAfter(ask.millis() + GRACE_MILLIS);
    try {
      ask.write(out);
      int length = in.readInt();
      if (length < 0 || length > limits.resultBytes() + (1 << 25)) {
        throw new IOException("an answer of " + length + " bytes");
      }
      return Answer.read(in.readNBytes(length));
    } catch (IOException e) {
      return end();
    } finally {
      timer.cancel(false);
    }
  }

  private Future<?> killAfter(long millis) {
    return KILLER.schedule(
        () -> {
          killed = true;
          process.destroyForcibly();
        },
        millis,
        TimeUnit.MILLISECONDS);
  }

  private Outcome end() {
    if (!killed) {
      try {
        process.waitFor(2, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    boolean alive = process.isAlive();
    process.destroyForcibly();
    int exit = alive ? -1 : process.exitValue();
    return killed || exit == Answer.EXIT_TIME
        ? new Outcome.Failure(Trouble.TIMED_OUT, "")
        : exit == Answer.EXIT_MEMORY
            ? new Outcome.Failure(Trouble.MEMORY_LIMIT, "")
            : new Outcome.Failure(Trouble.CRASHED, "exit status " + exit);
  }

  boolean alive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
