package dev.goodhart.verify.sql;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteLimits;

/**
 * The process that SQLite runs in: answers one {@link Ask} after the other on its standard streams
 * until they close. A query that cannot be interrupted, that takes the memory or that finds a hole
 * in SQLite ends this process and nothing else.
 *
 * <p>Databases are opened read-only and immutable, {@code ATTACH} and extensions are off, and
 * nothing is ever written to disk. What a query may name is the business of {@link Query}.
 */
public final class SqliteMain {
  private static final int OPEN_DATABASES = 16;

  private final Map<String, SQLiteConnection> open = new LinkedHashMap<>(16, 0.75f, true);
  private final Watch watch;
  private final Answer answer = new Answer();

  private SqliteMain(long memoryBytes) {
    this.watch = new Watch(memoryBytes);
  }

  /**
   * @param arguments the memory limit in bytes
   */
  public static void main(String[] arguments) throws Exception {
    DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(System.in));
    DataOutputStream out = new DataOutputStream(new java.io.BufferedOutputStream(System.out));
    System.setOut(new PrintStream(System.err, true, StandardCharsets.UTF_8));
    SqliteMain main = new SqliteMain(Long.parseLong(arguments[0]));
    // Nested queries recurse in SQLite's parser: a deep stack instead of a crash.
    Thread thread = new Thread(null, () -> main.serve(in, out), "sqlite", 64L << 20);
    thread.start();
    thread.join();
    System.exit(0);
  }

  private void serve(DataInputStream in, DataOutputStream out) {
    try {
      try (Connection warm = new SQLiteConfig().createConnection("jdbc:sqlite::memory:");
          Statement statement = warm.createStatement()) {
        statement.executeQuery("SELECT 1").close();
      }
      watch.start();
      out.writeByte(Answer.READY);
      out.flush();
      while (true) {
        Ask ask = Ask.read(in);
        run(ask);
        answer.send(out);
      }
    } catch (EOFException e) {
      return; // nobody asks any more
    } catch (IOException | SQLException e) {
      System.err.println(e);
    }
  }

  private void run(Ask ask) {
    answer.clear();
    SQLiteConnection connection;
    try {
      connection = connection(ask);
    } catch (SQLException | IOException e) {
      answer.failure(Trouble.NO_DATABASE, String.valueOf(e.getMessage()));
      return;
    }
    watch.begin(connection.getDatabase(), ask.millis());
    boolean parsed = false;
    try {
      long start = System.nanoTime();
      try (PreparedStatement statement = connection.prepareStatement(ask.sql())) {
        parsed = true;
        try (ResultSet result = statement.executeQuery()) {
          if (ask.timeOnly()) {
            while (result.next()) {}
            answer.time(System.nanoTime() - start);
          } else {
            answer.table(result, ask, start);
          }
        }
      }
    } catch (SQLException e) {
      answer.clear();
      failure(e, parsed);
    } catch (OutOfMemoryError e) {
      answer.clear();
      answer.failure(Trouble.SIZE_LIMIT, "the result does not fit");
    } catch (Answer.TooLarge e) {
      answer.clear();
      answer.failure(e.trouble(), String.valueOf(e.getMessage()));
    } finally {
      watch.end();
    }
  }

  private void failure(SQLException e, boolean parsed) {
    String message =
        String.valueOf(e.getMessage()).replaceFirst("^\\[\\w+]\\s+", "").replace('\n', ' ');
    Trouble stopped = watch.stopped();
    SQLiteErrorCode code =
        e instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    if (stopped != null) {
      answer.failure(stopped, "");
    } else if (code == SQLiteErrorCode.SQLITE_NOMEM) {
      answer.failure(Trouble.MEMORY_LIMIT, "");
    } else if (code == SQLiteErrorCode.SQLITE_TOOBIG) {
      answer.failure(Trouble.SIZE_LIMIT, "a value is too long");
    } else if (!parsed && syntax(message.toLowerCase(Locale.ROOT))) {
      answer.failure(Trouble.SYNTAX_ERROR, message);
    } else {
      answer.failure(Trouble.FAILED, message);
    }
  }

  private static boolean syntax(String message) {
    return message.contains("syntax error")
        || message.contains("unrecognized token")
        || message.contains("incomplete input");
  }

  private SQLiteConnection connection(Ask ask) throws SQLException, IOException {
    String key = ask.database() + "|" + ask.stamp() + "|" + ask.resultBytes() + ask.reversed();
    SQLiteConnection known = open.get(key);
    if (known != null) {
      return known;
    }
    if (open.size() >= OPEN_DATABASES) {
      var eldest = open.entrySet().iterator();
      eldest.next().getValue().close();
      eldest.remove();
    }
    SQLiteConnection opened = open(Path.of(ask.database()), ask);
    open.put(key, opened);
    return opened;
  }

  private static SQLiteConnection open(Path file, Ask ask) throws SQLException, IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("it cannot be read");
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.enableLoadExtension(false);
    String uri =
        "file:"
            + URLEncoder.encode(file.toString(), StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/")
            + "?mode=ro&immutable=1";
    SQLiteConnection connection = (SQLiteConnection) config.createConnection("jdbc:sqlite:" + uri);
    try (Statement statement = connection.createStatement()) {
      for (String pragma :
          new String[] {
            "temp_store=MEMORY",
            "cache_size=-8000",
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "query_only=ON",
            "reverse_unordered_selects=" + (ask.reversed() ? "ON" : "OFF")
          }) {
        statement.execute("PRAGMA " + pragma);
      }
      // Reads the header: a file that is no database is found here.
      statement.executeQuery("SELECT count(*) FROM sqlite_master").close();
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, ask.resultBytes());
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH, 4 * Query.LONGEST);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_VDBE_OP, 1_000_000);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_WORKER_THREADS, 0);
    return connection;
  }

  /**
   * Stops the query that runs: at its time limit and when the process has grown by too much. Asks
   * SQLite first; if that does not help within the grace (one endless step of its machine), ends
   * the process.
   */
  private static final class Watch extends Thread {
    private static final long GRACE_MILLIS = 500;
    private static final int POLL_MILLIS = 4;

    private final long memoryBytes;
    private final Memory memory = new Memory();
    private long idleBytes;
    private org.sqlite.core.@Nullable DB running;
    private long deadline;
    private long lastUse;
    private boolean asleep;
    private @Nullable Trouble stopped;

    Watch(long memoryBytes) {
      super("watch");
      setDaemon(true);
      this.memoryBytes = memoryBytes;
    }

    @Override
    public synchronized void start() {
      idleBytes = memory.bytes();
      super.start();
    }

    synchronized void begin(org.sqlite.core.DB database, int millis) {
      running = database;
      stopped = null;
      lastUse = System.nanoTime();
      deadline = lastUse + millis * 1_000_000L;
      if (asleep) {
        notifyAll();
      }
    }

    synchronized void end() {
      running = null;
    }

    synchronized @Nullable Trouble stopped() {
      return stopped;
    }

    @Override
    public void run() {
      try {
        while (true) {
          Thread.sleep(POLL_MILLIS);
          look();
        }
      } catch (InterruptedException | SQLException e) {
        Runtime.getRuntime().halt(Answer.EXIT_BROKEN);
      }
    }

    private synchronized void look() throws InterruptedException, SQLException {
      long now = System.nanoTime();
      while (running == null && now - lastUse > 200_000_000L) {
        asleep = true;
        wait();
        asleep = false;
        now = System.nanoTime();
      }
      if (running == null) {
        return;
      }
      long grown = memory.bytes() - idleBytes;
      if (grown > 2 * memoryBytes) {
        Runtime.getRuntime().halt(Answer.EXIT_MEMORY);
      }
      if (grown > memoryBytes && stopped == null) {
        stopped = Trouble.MEMORY_LIMIT;
        deadline = now;
      } else if (now > deadline && stopped == null) {
        stopped = Trouble.TIMED_OUT;
      }
      if (stopped != null) {
        running.interrupt();
        if (now - deadline > GRACE_MILLIS * 1_000_000) {
          Runtime.getRuntime()
              .halt(stopped == Trouble.TIMED_OUT ? Answer.EXIT_TIME : Answer.EXIT_MEMORY);
        }
      }
    }
  }
}
