package dev.goodhart.serve;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Rewards over HTTP: what a trainer that is not on the JVM talks to.
 *
 * <pre>{@code
 * POST /v1/rewards  {"samples": [{"id": "a", "prompt": "1 + 1?", "response": "2", "reference": "2"}]}
 *              200  {"rewards": [{"id": "a", "reward": 1.0, "parts": {"correct": 1.0}, "deviation": null, "unscored": null}]}
 *              400  {"error": "samples[0]: response: is missing"}
 * GET  /health 200  {"status": "ok"}
 * }</pre>
 *
 * <p>There is one reward a sample, in the order of the request. A sample that could not be scored
 * has {@code "reward": null} and the reason; what becomes of it is the trainer's choice, never a
 * zero.
 */
public final class RewardServer implements AutoCloseable {
  /** Enough for a batch of 1,024 samples of 32 kB; more is refused before it fills the memory. */
  public static final int BODY_LIMIT = 32 << 20;

  private static final System.Logger LOG = System.getLogger(RewardServer.class.getName());

  private final Function<List<Sample>, List<Reward>> rewards;
  private final int bodyLimit;
  private final WebServer server;

  /**
   * Starts listening.
   *
   * @param rewards one reward a sample, in order; called from several threads at once, for instance
   *     {@code scorer::score}
   * @param host the address to listen on: {@code localhost}, or {@code 0.0.0.0} for the network
   * @param port 0 for any free one
   * @param bodyLimit the largest request in bytes
   * @throws GoodhartException if the address cannot be listened on
   */
  public RewardServer(
      Function<List<Sample>, List<Reward>> rewards, String host, int port, int bodyLimit) {
    this.rewards = rewards;
    this.bodyLimit = bodyLimit;
    server = WebServer.builder().host(host).port(port).routing(this::routing).build().start();
    // Helidon logs what went wrong, and returns all the same.
    if (!server.isRunning()) {
      throw new GoodhartException(
          host + ":" + port + ": cannot listen there; is another program using the port?");
    }
  }

  public int port() {
    return server.port();
  }

  /** Waits for requests under way, then stops. */
  @Override
  public void close() {
    server.stop();
  }

  private void routing(HttpRouting.Builder routing) {
    routing
        .get("/health", (request, response) -> send(response, 200, Map.of("status", "ok")))
        .post("/v1/rewards", this::rewards)
        .error(Exception.class, (request, response, e) -> failed(response, e));
  }

  private void rewards(ServerRequest request, ServerResponse response) throws IOException {
    byte[] body = body(request);
    List<Sample> samples = RewardJson.samples(body);
    List<Reward> scored = rewards.apply(samples);
    send(response, 200, RewardJson.rewards(samples, scored));
  }

  private byte[] body(ServerRequest request) throws IOException {
    if (request.headers().contentLength().orElse(0) > bodyLimit) throw tooLarge();
    try (InputStream in = request.content().inputStream()) {
      byte[] body = in.readNBytes(bodyLimit + 1);
      if (body.length > bodyLimit) throw tooLarge();
      return body;
    }
  }

  private BadRequest tooLarge() {
    return new BadRequest(
        Status.REQUEST_ENTITY_TOO_LARGE_413.code(),
        "the body is larger than " + bodyLimit + " bytes; send fewer samples at a time");
  }

  private static void failed(ServerResponse response, Exception e) {
    switch (e) {
      case BadRequest bad -> send(response, bad.status, Map.of("error", bad.message));
      // Helidon's own: no such path, a broken request.
      case HttpException http ->
          send(response, http.status().code(), Map.of("error", message(http)));
      case GoodhartException ours -> {
        LOG.log(Level.WARNING, message(ours));
        send(response, 500, Map.of("error", message(ours)));
      }
      default -> {
        LOG.log(Level.ERROR, "a request failed", e);
        send(response, 500, Map.of("error", "internal error; the server's log says more"));
      }
    }
  }

  private static void send(ServerResponse response, int status, Object body) {
    response
        .status(status)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .send(RewardJson.bytes(body));
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
