package dev.goodhart.serve.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Puts batches behind one another in the files of a journal, from many threads.
 *
 * <p>Group commit: whoever finds nobody writing writes for all that wait, the others sleep until
 * their batch is written. So the number of system calls (and with {@code force} of waits for the
 * disk) falls as the load grows, and no thread of its own has to be woken when there is none.
 *
 * <p>What cannot be written whole is cut off again at once, or before the next write if the disk
 * does not even let itself be cut.
 */
final class Appender implements AutoCloseable {
  /** Bytes that are written at a time: what is handed to the operating system in one call. */
  private static final int GROUP = 1 << 20;

  /** One batch on its way. */
  private static final class Waiting {
    private final byte[] bytes;
    private final @Nullable String key;
    private final Thread thread = Thread.currentThread();
    private boolean known;
    private @Nullable Throwable failed;
    private volatile boolean done;

    Waiting(byte[] bytes, @Nullable String key) {
      this.bytes = bytes;
      this.key = key;
    }
  }

  private final Keeping keeping;
  private final Keys keys;
  private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean writing = new AtomicBoolean();

  // Of the thread that writes.
  private final byte[] buffer = new byte[GROUP];
  private Segment segment;
  private RandomAccessFile file;
  private long end;
  private boolean torn;
  private boolean closed;

  /**
   * @param segment to go on with
   * @param end where it ends; what is behind is cut off
   */
  Appender(Segment segment, long end, Keeping keeping, Keys keys) throws IOException {
    this.segment = segment;
    this.end = end;
    this.keeping = keeping;
    this.keys = keys;
    file = open(segment, end);
  }

  private static RandomAccessFile open(Segment segment, long end) throws IOException {
    // Not a FileChannel: that is closed under everybody when one client's thread is interrupted.
    var file = new RandomAccessFile(segment.file().toFile(), "rw");
    try {
      if (file.length() > end) file.setLength(end);
      file.seek(end);
      return file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Returns when the batch is written.
   *
   * @param key under which it is to be found again
   * @return false, and writes nothing, if there is a batch of that key already
   * @throws IOException if it cannot be written; nothing of it stays then
   */
  boolean append(byte[] bytes, @Nullable String key) throws IOException {
    Waiting own = new Waiting(bytes, key);
    queue.add(own);
    boolean interrupted = false;
    while (!own.done) {
      if (writing.compareAndSet(false, true)) {
        try {
          writeGroup();
        } finally {
          writing.set(false);
          // Whoever came meanwhile has found somebody writing and sleeps.
          Waiting next = queue.peek();
          if (next != null) LockSupport.unpark(next.thread);
        }
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
    if (own.failed != null) throw new IOException(own.failed.getMessage(), own.failed);
    return !own.known;
  }

  private void writeGroup() {
    List<Waiting> group = new ArrayList<>();
    Throwable failed = null;
    try {
      long bytes = 0;
      for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
        group.add(next);
        bytes += next.bytes.length;
        if (bytes >= GROUP) break;
      }
      write(group);
    } catch (Throwable e) { // an error too must not leave anybody asleep
      failed = e;
    }
    for (Waiting each : group) {
      each.failed = failed;
      each.done = true;
      LockSupport.unpark(each.thread);
    }
  }

  private void write(List<Waiting> group) throws IOException {
    if (closed) throw new IOException("the journal is closed");
    if (torn) cut();
    if (end >= keeping.segment()) rotate();
    Map<String, Keys.Place> places = new HashMap<>();
    long position = end;
    int filled = 0;
    try {
      for (Waiting each : group) {
        if (each.key != null) {
          var place = new Keys.Place(segment, position, each.bytes.length);
          each.known = keys.get(each.key) != null || places.putIfAbsent(each.key, place) != null;
          if (each.known) continue;
        }
        position += each.bytes.length;
        if (filled + each.bytes.length > buffer.length) {
          file.write(buffer, 0, filled);
          filled = 0;
        }
        if (each.bytes.length > buffer.length) {
          file.write(each.bytes);
        } else {
          System.arraycopy(each.bytes, 0, buffer, filled, each.bytes.length);
          filled += each.bytes.length;
        }
      }
      file.write(buffer, 0, filled);
      if (keeping.force()) file.getFD().sync();
      end = position;
      keys.putAll(places);
    } catch (Throwable e) {
      torn = true;
      try {
        cut();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private void cut() throws IOException {
    file.setLength(end);
    file.seek(end);
    torn = false;
  }

  private void rotate() throws IOException {
    Segment next = segment.next();
    RandomAccessFile opened = open(next, 0);
    try {
      // Otherwise the disk takes it when it likes: waiting for a whole file holds up every request.
      if (keeping.force()) file.getFD().sync();
      file.close();
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    file = opened;
    segment = next;
    end = 0;
    if (keeping.segments() > 0) {
      for (Segment old : Segment.in(segment.folder())) {
        if (old.number() > segment.number() - keeping.segments()) break;
        keys.forget(old);
        Files.deleteIfExists(old.file());
      }
    }
  }

  /** Waits for what is being written; what comes later is refused. */
  @Override
  public void close() throws IOException {
    while (!writing.compareAndSet(false, true)) LockSupport.parkNanos(100_000);
    try {
      if (closed) return;
      closed = true;
      file.getFD().sync();
      file.close();
    } finally {
      writing.set(false);
      Waiting next = queue.peek();
      if (next != null) LockSupport.unpark(next.thread);
    }
  }
}
