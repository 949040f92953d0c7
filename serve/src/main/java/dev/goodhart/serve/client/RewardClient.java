package dev.goodhart.serve.client;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Signal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rewards from a {@code goodhart serve} elsewhere, in its own protocol. A signal as any other: a
 * spec can weigh it, a test can hold it against one that scores here.
 *
 * <pre>{@code
 * try (var remote = new RewardClient(URI.create("http://localhost:8000"))) {
 *   List<Reward> rewards = remote.of(samples);
 * }
 * }</pre>
 *
 * <p>What the server did not score is {@link Unscored} with its reason; so is everything, with the
 * reason {@code remote: …}, when it cannot be reached. A request is sent again when the connection
 * fails and on 429, 502, 503 and 504, after what {@code Retry-After} asks for, and always under the
 * same {@code Idempotency-Key}, so that a sample counts once. Safe for several threads.
 */
public final class RewardClient implements Signal {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<Integer> AGAIN = Set.of(429, 502, 503, 504);
  private static final int BATCH = 512;
  private static final int TRIES = 6;
  private static final long FIRST_PAUSE = 500;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final URI rewards;
  private final String key;
  private final String run;
  private final Duration timeout;

  /** Without a key, for the run {@code default}, with two minutes for each 512 samples. */
  public RewardClient(URI server) {
    this(server, "", "default", Duration.ofMinutes(2));
  }

  /**
   * @param server its address: {@code http://host:8000}
   * @param key the bearer key; empty for none
   * @param run what journal, monitors and dashboard call the run
   * @param timeout for each 512 samples, all tries together; the server is told
   */
  public RewardClient(URI server, String key, String run, Duration timeout) {
    if (server.getHost() == null || !String.valueOf(server.getScheme()).startsWith("http")) {
      throw new GoodhartException(server + ": expected the address of a server, http://host:port");
    }
    rewards = URI.create(server.toString().replaceFirst("/+$", "") + "/v1/rewards");
    this.key = key;
    this.run = run;
    this.timeout = timeout;
  }

  @Override
  public Reward of(Sample sample) {
    return of(List.of(sample)).getFirst();
  }

  /**
   * @throws GoodhartException if the server refuses the request for good: its key, its form
   */
  @Override
  public List<Reward> of(List<Sample> batch) {
    List<Reward> all = new ArrayList<>(batch.size());
    for (int from = 0; from < batch.size(); from += BATCH) {
      all.addAll(ask(batch.subList(from, Math.min(batch.size(), from + BATCH))));
    }
    return all;
  }

  private List<Reward> ask(List<Sample> samples) {
    byte[] body =
        JSON.writeValueAsBytes(
            Map.of("run", run, "samples", samples.stream().map(RewardClient::json).toList()));
    String problem;
    try {
      HttpResponse<byte[]> response = post(body);
      if (response.statusCode() == 200) {
        return read(response.body(), samples.size());
      }
      problem = "HTTP " + response.statusCode() + ": " + says(response.body());
      if (!AGAIN.contains(response.statusCode())) {
        throw new GoodhartException(rewards + ": " + problem);
      }
    } catch (IOException | JacksonException e) {
      problem = e.getClass().getSimpleName() + ": " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problem = "interrupted";
    }
    Reward unscored = new Unscored("remote: " + rewards + ": " + problem);
    return samples.stream().map(sample -> unscored).toList();
  }

  private HttpResponse<byte[]> post(byte[] body) throws IOException, InterruptedException {
    long ends = System.nanoTime() + timeout.toNanos();
    String once = UUID.randomUUID().toString();
    for (int attempt = 1; ; attempt++) {
      Duration left = Duration.ofNanos(Math.max(1_000_000, ends - System.nanoTime()));
      var request =
          HttpRequest.newBuilder(rewards)
              .timeout(left)
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", once)
              .header("Goodhart-Timeout", Double.toString(left.toMillis() / 1000.0))
              .POST(BodyPublishers.ofByteArray(body));
      if (!key.isEmpty()) {
        request.header("Authorization", "Bearer " + key);
      }
      long pause = FIRST_PAUSE << (attempt - 1);
      try {
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        pause = asked(response, pause);
        if (!AGAIN.contains(response.statusCode()) || isLast(attempt, pause, ends)) {
          return response;
        }
      } catch (IOException e) {
        if (isLast(attempt, pause, ends)) throw e;
      }
      Thread.sleep(pause);
    }
  }

  private static boolean isLast(int attempt, long pause, long ends) {
    return attempt == TRIES || System.nanoTime() + pause * 1_000_000 >= ends;
  }

  private static long asked(HttpResponse<?> response, long otherwise) {
    String after = response.headers().firstValue("Retry-After").orElse("");
    return after.matches("\\d{1,6}") ? 1000 * Long.parseLong(after) : otherwise;
  }

  private static Map<String, @Nullable Object> json(Sample sample) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>(sample.columns());
    json.put("id", sample.id());
    json.remove("prompt");
    if (!sample.prompt().messages().isEmpty()) {
      json.put(
          "prompt",
          sample.prompt().messages().stream()
              .map(turn -> Map.of("role", turn.role(), "content", turn.content()))
              .toList());
    }
    json.put("response", sample.response());
    json.put("reference", sample.reference());
    return json;
  }

  private static List<Reward> read(byte[] body, int samples) throws IOException {
    if (!(JSON.readValue(body, Object.class) instanceof Map<?, ?> answer)
        || !(answer.get("rewards") instanceof List<?> list)
        || list.size() != samples) {
      throw new IOException("the server gave no reward for each of " + samples + " samples");
    }
    List<Reward> all = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Map<?, ?> reward)) throw new IOException("a reward is no object");
      all.add(reward(reward));
    }
    return all;
  }

  private static Reward reward(Map<?, ?> json) {
    Map<String, Reward> parts = new LinkedHashMap<>();
    if (json.get("parts") instanceof Map<?, ?> map) {
      map.forEach(
          (name, part) ->
              parts.put(
                  String.valueOf(name),
                  part instanceof Number value
                      ? Reward.of(value.doubleValue())
                      : new Unscored("remote: not scored")));
    }
    if (json.get("reward") instanceof Number value) {
      return new Scored(
          value.doubleValue(),
          json.get("deviation") instanceof Number deviation
              ? OptionalDouble.of(deviation.doubleValue())
              : OptionalDouble.empty(),
          parts);
    }
    return new Unscored(
        json.get("reason") instanceof String reason && !reason.isBlank()
            ? reason
            : "remote: no reason was given",
        parts);
  }

  private static String says(byte[] body) {
    try {
      return JSON.readValue(body, Object.class) instanceof Map<?, ?> map
              && map.get("error") instanceof String text
          ? text
          : "no reason was given";
    } catch (JacksonException e) {
      return "no reason was given";
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
