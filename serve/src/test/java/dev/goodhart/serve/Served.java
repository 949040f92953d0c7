package dev.goodhart.serve;

import dev.goodhart.serve.http.Limits;
import dev.goodhart.serve.scoring.Listener;
import dev.goodhart.serve.scoring.Load;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A server on a free port, and a client of it. */
public final class Served implements AutoCloseable {
  public static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final RewardServer server;

  public Served(RewardSpec spec, ServeOptions options) {
    server = new RewardServer(spec, options);
  }

  public Served(RewardSpec spec, Limits limits) {
    this(spec, limits, Load.USUAL);
  }

  public Served(RewardSpec spec, Limits limits, Load load, Listener... listeners) {
    server =
        new RewardServer(
            spec, ServeOptions.on("localhost", 0).with(limits).with(load), List.of(listeners));
  }

  public static Served of(RewardSpec spec) {
    return new Served(spec, new Limits(1 << 20, 1000, Duration.ofSeconds(10)));
  }

  public static Served of(Signal signal) {
    return of(RewardSpec.of("reward", signal));
  }

  /** {@code signals: { correct: { match: {} } }}. */
  public static Served yaml(String spec) {
    return of(RewardSpec.parse(spec, "reward.yaml", Path.of(".")));
  }

  public int port() {
    return server.port();
  }

  public URI uri(String path) {
    return URI.create("http://localhost:" + port() + path);
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  public HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return post(path, BodyPublishers.ofString(body));
  }

  public HttpResponse<String> post(String path, BodyPublisher body)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(uri(path))
            .header("content-type", "application/json")
            .POST(body)
            .build(),
        BodyHandlers.ofString());
  }

  /** A body as maps and lists. */
  public static Object json(HttpResponse<String> response) {
    return JsonMapper.shared().readValue(response.body(), Object.class);
  }

  public static Map<?, ?> object(HttpResponse<String> response) {
    return (Map<?, ?>) json(response);
  }

  @Override
  public void close() {
    server.close();
  }
}
