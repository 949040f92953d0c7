package dev.goodhart.serve.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * HTTP/1.1 with an end to patience: a connection is closed on which for some time no request was
 * finished, nothing of a body arrived and nobody computed. Helidon's own time-out counts only
 * between two requests, and channels know none, so that a client that stops in the middle of a head
 * or a body would hold its connection and thread for ever.
 */
public final class SlowClients implements ServerConnectionSelector, AutoCloseable {
  private static final ScopedValue<Watched> HERE = ScopedValue.newInstance();
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  private final Http1ConnectionSelector http1;
  private final long patience;
  private final Set<Watched> connections = ConcurrentHashMap.newKeySet();
  private final Thread watch;

  public SlowClients(Http1Config config, Duration patience) {
    http1 = Http1ConnectionSelector.builder().config(config).build();
    this.patience = patience.toNanos();
    Duration look = patience.dividedBy(4);
    watch =
        Thread.ofPlatform()
            .daemon()
            .name("slow-clients")
            .start(() -> watch(look.compareTo(LONGEST_LOOK) < 0 ? look : LONGEST_LOOK));
  }

  /** Something of a body has arrived on this thread's connection. */
  static void heard() {
    if (HERE.isBound()) HERE.get().heard = System.nanoTime();
  }

  /** This thread's client waits for us from now on, or no longer. */
  static void works(boolean works) {
    if (!HERE.isBound()) return;
    Watched here = HERE.get();
    synchronized (here) {
      here.works = works;
      here.heard = System.nanoTime();
    }
  }

  private void watch(Duration look) {
    try {
      while (true) {
        Thread.sleep(look);
        for (Watched each : connections) each.closeIfSilent();
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http1.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Watched(http1.connection(context));
  }

  @Override
  public void close() {
    watch.interrupt();
  }

  private final class Watched implements ServerConnection, InterruptableTask<Void> {
    private final ServerConnection connection;
    private final Thread thread = Thread.currentThread();
    private volatile long heard = System.nanoTime();
    private boolean works;

    Watched(ServerConnection connection) {
      this.connection = connection;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      connections.add(this);
      try {
        ScopedValue.where(HERE, this)
            .<Void, InterruptedException>call(
                () -> {
                  connection.handle(limit);
                  return null;
                });
      } finally {
        connections.remove(this);
      }
    }

    /** Interrupting a thread that reads from its channel or writes to it closes the channel. */
    synchronized void closeIfSilent() {
      long silent = Math.min(System.nanoTime() - heard, connection.idleTime().toNanos());
      if (!works && silent > patience) thread.interrupt();
    }

    @Override
    public Duration idleTime() {
      return connection.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      connection.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
      return connection instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    @Override
    public Void call() {
      return null;
    }
  }
}
