package dev.goodhart.serve.scoring;

import dev.goodhart.GoodhartException;
import dev.goodhart.Scored;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Rewards in an SQLite file. A cache that fails is no cache: it is logged once and left alone, and
 * rewards are computed.
 */
final class DiskCache implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DiskCache.class.getName());

  private final Path file;
  private final Connection database;
  private final PreparedStatement select;
  private final PreparedStatement insert;
  // Not synchronized: who waits on a virtual thread gives its carrier back.
  private final ReentrantLock lock = new ReentrantLock();
  private boolean broken;

  DiskCache(Path file) {
    this.file = file;
    try {
      database = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = database.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = OFF"); // what a power cut loses is computed again
        statement.execute("PRAGMA busy_timeout = 2000");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS rewards (key TEXT PRIMARY KEY, reward TEXT) WITHOUT ROWID");
      }
      select = database.prepareStatement("SELECT reward FROM rewards WHERE key = ?");
      insert = database.prepareStatement("INSERT OR REPLACE INTO rewards VALUES (?, ?)");
    } catch (SQLException e) {
      throw new GoodhartException(file + ": cannot be used as a cache: " + e.getMessage(), e);
    }
  }

  @Nullable Scored get(String key) {
    lock.lock();
    try {
      select.setString(1, key);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? RewardText.read(row.getString(1)) : null;
      }
    } catch (SQLException | JacksonException | ClassCastException | ArithmeticException e) {
      failed(e);
      return null;
    } finally {
      lock.unlock();
    }
  }

  void put(String key, Scored reward) {
    lock.lock();
    try {
      insert.setString(1, key);
      insert.setString(2, RewardText.write(reward));
      insert.executeUpdate();
    } catch (SQLException e) {
      failed(e);
    } finally {
      lock.unlock();
    }
  }

  private void failed(Exception e) {
    if (!broken) {
      broken = true;
      LOG.log(System.Logger.Level.WARNING, file + ": the cache fails: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      database.close();
    } catch (SQLException e) {
      failed(e);
    } finally {
      lock.unlock();
    }
  }
}
