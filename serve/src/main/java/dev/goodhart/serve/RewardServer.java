package dev.goodhart.serve;

import dev.goodhart.GoodhartException;
import dev.goodhart.serve.dashboard.Dashboard;
import dev.goodhart.serve.http.Front;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.http.SlowClients;
import dev.goodhart.serve.journal.Journal;
import dev.goodhart.serve.live.Alarm;
import dev.goodhart.serve.live.Runs;
import dev.goodhart.serve.live.Webhook;
import dev.goodhart.serve.protocol.Operations;
import dev.goodhart.serve.protocol.Protocols;
import dev.goodhart.serve.scoring.Listener;
import dev.goodhart.serve.scoring.RewardService;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import io.helidon.http.DirectHandler;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Logger;

/**
 * A reward spec over HTTP, in every protocol at once on one port: what a trainer that is not on the
 * JVM talks to.
 */
public final class RewardServer implements AutoCloseable {
  private static final int HEADERS = 32 << 10;
  private static final Duration IDLE_CHECK = Duration.ofSeconds(5);

  /**
   * What Helidon calls an error of its own is a request that it could not read; ours it never sees.
   */
  private static final DirectHandlers UNREADABLE =
      DirectHandlers.builder()
          .addHandler(
              DirectHandler.EventType.INTERNAL_ERROR,
              (request, type, status, headers, message) ->
                  DirectHandler.TransportResponse.builder()
                      .status(Status.BAD_REQUEST_400)
                      .keepAlive(false)
                      .build())
          .build();

  /** Its warning with a stack trace for each such request is nothing that clients should cause. */
  private static final Logger HELIDON =
      Logger.getLogger("io.helidon.webserver.http1.Http1Connection");

  static {
    HELIDON.setLevel(java.util.logging.Level.SEVERE);
  }

  /** Closed last to first. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private final ServeOptions options;
  private final Front front;
  private final WebServer server;
  private volatile boolean closed;

  /**
   * Opens the spec's signals and the journal, and listens.
   *
   * @throws GoodhartException if a signal lacks something, the journal cannot be written, or the
   *     address cannot be listened on
   */
  public RewardServer(RewardSpec spec, ServeOptions options) {
    this(spec, options, List.of());
  }

  /**
   * @param others who hear of every batch as well, after the journal
   */
  public RewardServer(RewardSpec spec, ServeOptions options, List<Listener> others) {
    this.options = options;
    try {
      PrometheusRegistry registry = new PrometheusRegistry();
      JvmMetrics.builder().register(registry);
      Scorer scorer = opened(new Scorer(spec)); // first: what it lacks leaves no journal behind
      List<Listener> listeners = new ArrayList<>();
      List<Consumer<Alarm>> told = new ArrayList<>();
      options
          .journal()
          .ifPresent(
              at -> {
                Journal journal = opened(new Journal(at, options.keeping()));
                listeners.add(journal);
                told.add(alarm -> journal.alarm(alarm.run(), alarm.step(), alarm.finding()));
              });
      listeners.addAll(others);
      options.webhook().ifPresent(at -> told.add(opened(new Webhook(at))));
      Runs runs = opened(new Runs(spec, told));
      listeners.add(runs);
      RewardService service =
          opened(new RewardService(scorer, options.load(), listeners, registry));
      front = opened(new Front(service, options.limits(), options.keys()));
      List<Protocol> protocols = new ArrayList<>(Protocols.all());
      protocols.forEach(this::opened);
      protocols.add(new Dashboard(runs, front::ready));
      protocols.add(new Operations(front::ready, spec.signals().keySet(), registry));
      server = listen(routing -> protocols.forEach(each -> front.route(routing, each)));
    } catch (RuntimeException e) {
      closeAll(e);
      throw e;
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  private WebServer listen(Consumer<HttpRouting.Builder> routing) {
    if (new InetSocketAddress(options.host(), options.port()).isUnresolved()) {
      throw new GoodhartException(options.host() + ": no such host");
    }
    WebServer made =
        WebServer.builder()
            .host(options.host())
            .port(options.port())
            .shutdownHook(false) // ours drains first
            .maxTcpConnections(options.limits().connections())
            .idleConnectionTimeout(options.limits().idle())
            .idleConnectionPeriod(IDLE_CHECK)
            .protocolsDiscoverServices(false)
            .addConnectionSelector(
                opened(
                    new SlowClients(
                        Http1Config.builder().maxHeadersSize(HEADERS).build(),
                        options.limits().idle())))
            .routing(routing)
            .directHandlers(UNREADABLE)
            .build()
            .start();
    // Helidon logs what went wrong, and returns all the same.
    if (!made.isRunning()) {
      throw new GoodhartException(
          options.host()
              + ":"
              + options.port()
              + ": cannot listen there; is another program using the port?");
    }
    return made;
  }

  public int port() {
    return server.port();
  }

  /** Takes no more requests, answers those under way, then stops. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (!front.drain(options.grace())) {
        System.getLogger(RewardServer.class.getName())
            .log(System.Logger.Level.WARNING, "stopped before every request was answered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop();
    GoodhartException failed = new GoodhartException("the server could not be closed");
    closeAll(failed);
    if (failed.getSuppressed().length > 0) {
      throw failed;
    }
  }

  private void closeAll(RuntimeException to) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        to.addSuppressed(e);
      }
    }
  }
}
