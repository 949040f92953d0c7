package dev.goodhart.serve.http;

import dev.goodhart.GoodhartException;
import dev.goodhart.Sample;
import dev.goodhart.Unscored;
import dev.goodhart.serve.scoring.Answer;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Refusal;
import dev.goodhart.serve.scoring.RewardService;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What stands between the socket and the reward service: limits, keys, errors. */
public final class Front implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Front.class.getName());
  private static final HeaderName RUN = HeaderNames.create("Goodhart-Run");
  private static final HeaderName STEP = HeaderNames.create("Goodhart-Step");
  private static final HeaderName TIMEOUT = HeaderNames.create("Goodhart-Timeout");
  private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
  private static final int LONGEST_NAME = 200;
  private static final int CHUNK = 16 << 10;

  private final RewardService service;
  private final Limits limits;
  private final Keys keys;
  private final Departures departures = new Departures();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong bodies = new AtomicLong();
  private final String start = Long.toString(System.currentTimeMillis(), 36);
  private volatile boolean draining;

  public Front(RewardService service, Limits limits, Keys keys) {
    this.service = service;
    this.limits = limits;
    this.keys = keys;
  }

  /** Adds the paths of a protocol. */
  public void route(HttpRouting.Builder routing, Protocol protocol) {
    protocol
        .routes()
        .forEach(
            (at, handler) -> {
              int space = at.indexOf(' ');
              boolean anyone = protocol.open().contains(at);
              routing.route(
                  Method.create(at.substring(0, space)),
                  at.substring(space + 1),
                  (request, response) -> answer(protocol, handler, anyone, request, response));
            });
  }

  /** Whether new requests are taken. */
  public boolean ready() {
    return !draining;
  }

  private void answer(
      Protocol protocol,
      Handler handler,
      boolean anyone,
      ServerRequest request,
      ServerResponse response) {
    open.incrementAndGet();
    @Nullable Exchange exchange = null;
    try {
      if (draining && !anyone) {
        throw new Refusal(503, "the server is shutting down", 1);
      }
      exchange = new Exchange(this, request, response, asked(protocol, anyone, request));
      // Has said all; what it gets may be a stream of events without end.
      if (request.prologue().method() == Method.GET) SlowClients.works(true);
      Object body = handler.handle(exchange);
      if (body != null) {
        send(response, 200, body);
      }
    } catch (Refusal refusal) {
      refuse(protocol, response, refusal);
    } catch (HttpException e) {
      refuse(protocol, response, new Refusal(e.status().code(), String.valueOf(e.getMessage())));
    } catch (GoodhartException e) {
      LOG.log(Level.WARNING, String.valueOf(e.getMessage()));
      refuse(protocol, response, new Refusal(500, String.valueOf(e.getMessage())));
    } catch (ServerConnectionException e) {
      LOG.log(Level.DEBUG, "a client has left", e);
      throw e;
    } catch (UncheckedIOException | IOException e) {
      LOG.log(Level.DEBUG, "a client has left", e);
      throw e instanceof UncheckedIOException gone
          ? gone
          : new UncheckedIOException((IOException) e);
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      LOG.log(Level.ERROR, "a request failed", e);
      refuse(protocol, response, new Refusal(500, "internal error; the server's log says more"));
    } finally {
      SlowClients.works(false);
      if (exchange != null) bodies.addAndGet(-exchange.reserved);
      open.decrementAndGet();
    }
  }

  private void refuse(Protocol protocol, ServerResponse response, Refusal refusal) {
    if (response.isSent()) {
      return; // a stream that broke off: its end is missing, which its reader sees
    }
    refusal
        .retryAfter()
        .ifPresent(s -> response.header(HeaderNames.RETRY_AFTER, Integer.toString(s)));
    switch (refusal.status()) {
      case 401 -> response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
      case 408, 413 -> response.header(HeaderValues.CONNECTION_CLOSE); // the rest is not read
      default -> {
        if (draining) response.header(HeaderValues.CONNECTION_CLOSE);
      }
    }
    send(response, refusal.status(), protocol.error(refusal));
  }

  private Asked asked(Protocol protocol, boolean anyone, ServerRequest request) {
    var headers = request.headers();
    Optional<String> client = keys.client(headers);
    if (client.isEmpty() && !anyone) {
      throw new Refusal(401, "a key is needed: Authorization: Bearer KEY");
    }
    String run = "default";
    Long step = null;
    if (!request.query().isEmpty()) {
      run = request.query().first("run").orElse(run);
      step = step(request.query().first("step").orElse(""));
    }
    run = name("run", headers.first(RUN).orElse(run));
    step = headers.contains(STEP) ? step(headers.first(STEP).orElse("")) : step;
    long patience = limits.patience().toNanos();
    if (headers.contains(TIMEOUT)) {
      patience = Math.min(patience, seconds(headers.first(TIMEOUT).orElse("")));
    }
    return new Asked(
        start + "-" + Long.toString(requests.incrementAndGet(), 36),
        protocol.id(),
        client.orElse("anyone"),
        run,
        step,
        System.nanoTime() + patience,
        headers.first(IDEMPOTENCY_KEY).map(key -> name("Idempotency-Key", key)).orElse(null));
  }

  RewardService service() {
    return service;
  }

  Limits limits() {
    return limits;
  }

  private static String name(String what, String name) {
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw Refusal.bad(what + ": expected 1 to " + LONGEST_NAME + " characters");
    }
    return name;
  }

  private static @Nullable Long step(String text) {
    try {
      return text.isEmpty() ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw Refusal.bad("step: expected a whole number");
    }
  }

  private static long seconds(String text) {
    try {
      double seconds = Double.parseDouble(text);
      if (seconds > 0) return (long) (seconds * 1e9);
    } catch (NumberFormatException e) {
      // said below
    }
    throw Refusal.bad("Goodhart-Timeout: expected seconds above 0");
  }

  byte[] bytes(Exchange exchange) {
    ServerRequest request = exchange.request();
    long length = request.headers().contentLength().orElse(-1);
    if (length > 2L * limits.body()) throw tooLarge();
    reserve(exchange, Math.max(0, Math.min(length, limits.body())));
    long end = System.nanoTime() + limits.arrival().toNanos();
    try (InputStream in = exchange.in()) {
      if (length >= 0 && length <= CHUNK) {
        byte[] body = new byte[(int) length];
        int at = 0;
        for (int n; at < length && (n = in.read(body, at, (int) length - at)) >= 0; at += n) {
          inTime(end);
        }
        if (at < length) throw Refusal.bad("the body does not arrive as its headers say");
        return body;
      }
      var body = new ByteArrayOutputStream(CHUNK);
      byte[] chunk = new byte[CHUNK];
      for (int n; (n = in.read(chunk)) >= 0; ) {
        body.write(chunk, 0, n);
        if (body.size() > limits.body()) {
          drain(in, chunk, end);
          throw tooLarge();
        }
        reserve(exchange, body.size());
        inTime(end);
      }
      return body.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads on, as much again as a body may have: a client that is still writing when its connection
   * is closed is told of a broken pipe and not of the limit.
   */
  private void drain(InputStream in, byte[] chunk, long end) throws IOException {
    long most = limits.body();
    for (int n; most > 0 && (n = in.read(chunk)) >= 0; most -= n) inTime(end);
  }

  /** What all bodies take together is bounded, or a few large ones at a time fill the memory. */
  private void reserve(Exchange exchange, long bytes) {
    if (bytes > exchange.reserved) {
      long all = bodies.addAndGet(bytes - exchange.reserved);
      exchange.reserved = bytes;
      if (all > limits.bodies()) {
        throw new Refusal(429, "too many large requests at a time; try again later", 1);
      }
    }
  }

  private void inTime(long end) {
    if (System.nanoTime() > end) throw tooSlow();
  }

  private Refusal tooSlow() {
    return new Refusal(
        408, "the body did not arrive within " + limits.arrival().toSeconds() + " s");
  }

  private Refusal tooLarge() {
    return new Refusal(
        413, "the body is larger than " + limits.body() + " bytes; send fewer samples at a time");
  }

  Answer score(ServerRequest request, Asked asked, List<Sample> samples) {
    if (samples.size() > limits.batch()) {
      throw new Refusal(
          413,
          samples.size() + " samples in one request, at most " + limits.batch() + " are taken");
    }
    return service.waits()
        ? whileThere(request, () -> service.score(asked, samples))
        : working(() -> service.score(asked, samples));
  }

  /** Work whose thread is interrupted when the client leaves. */
  <T> T whileThere(ServerRequest request, Supplier<T> work) {
    if (!(request.remotePeer().address() instanceof InetSocketAddress client)) {
      return working(work);
    }
    try (var _ = departures.stay(request.localPeer().port(), client)) {
      return working(work);
    }
  }

  private static <T> T working(Supplier<T> work) {
    SlowClients.works(true);
    try {
      return work.get();
    } finally {
      SlowClients.works(false);
    }
  }

  double instead(Asked asked, Unscored reward, int index) {
    service.countInstead(asked, reward);
    return service
        .spec()
        .unscored()
        .orElseThrow(
            () ->
                new Refusal(
                    503, "sample " + index + " could not be scored: " + reward.reason(), 1));
  }

  static void send(ServerResponse response, int status, Object body) {
    SlowClients.works(false);
    response.status(status).header(HeaderValues.CONTENT_TYPE_JSON).send(Json.bytes(body));
  }

  /**
   * Takes no more requests and waits for those under way.
   *
   * @return whether all were answered in time
   */
  public boolean drain(Duration patience) throws InterruptedException {
    draining = true;
    long end = System.nanoTime() + patience.toNanos();
    while (open.get() > 0 && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    return open.get() == 0;
  }

  @Override
  public void close() {
    departures.close();
  }
}
