package dev.goodhart.serve;

import dev.goodhart.GoodhartException;
import dev.goodhart.serve.http.Front;
import dev.goodhart.serve.http.Limits;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.scoring.RewardService;
import io.helidon.webserver.WebServer;
import java.util.List;

/** Rewards over HTTP: what a trainer that is not on the JVM talks to. */
public final class RewardServer implements AutoCloseable {
  private final WebServer server;
  private final List<Protocol> protocols;

  /**
   * Starts listening.
   *
   * @param host the address to listen on: {@code localhost}, or {@code 0.0.0.0} for the network
   * @param port 0 for any free one
   * @throws GoodhartException if the address cannot be listened on
   */
  public RewardServer(
      RewardService service, List<Protocol> protocols, Limits limits, String host, int port) {
    this.protocols = List.copyOf(protocols);
    Front front = new Front(service, limits, service.spec().unscored());
    server =
        WebServer.builder()
            .host(host)
            .port(port)
            .routing(routing -> protocols.forEach(protocol -> front.route(routing, protocol)))
            .build()
            .start();
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
    protocols.forEach(Protocol::close);
  }
}
