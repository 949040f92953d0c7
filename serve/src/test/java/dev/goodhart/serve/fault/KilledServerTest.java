package dev.goodhart.serve.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.serve.Served;
import dev.goodhart.signal.Pace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server killed with SIGKILL in the middle of its work, again and again. Clients repeat what was
 * not answered, with the same {@code Idempotency-Key}.
 *
 * <p>{@code -Dgoodhart.kills=100} makes a long test of it.
 */
class KilledServerTest {
  private static final int KILLS = Integer.getInteger("goodhart.kills", 4);
  private static final int CLIENTS = 8;
  private static final JsonMapper JSON = JsonMapper.shared();

  /** What clients were told: the rewards by key. */
  private final Map<String, List<Double>> answered = new ConcurrentHashMap<>();

  private volatile int port;
  private volatile boolean over;
  private int repeated;

  @Test
  void whatWasAnsweredIsInTheJournalOnceAndNoRewardIsWrong(@TempDir Path folder) throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    Process process = KilledServer.start(folder, Pace.INSTANT);
    List<Future<?>> clients = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
      try {
        port = KilledServer.port(process);
        for (int c = 0; c < CLIENTS; c++) {
          int client = c;
          clients.add(threads.submit(() -> ask(client)));
        }
        for (int kill = 0; kill < KILLS; kill++) {
          awaitAnswers(10 + random.nextInt(100));
          process.destroyForcibly().waitFor();
          process = KilledServer.start(folder, kill % 2 == 0 ? Pace.SLOW : Pace.INSTANT);
          port = KilledServer.port(process);
        }
        awaitAnswers(10);
        over = true;
        for (Future<?> client : clients) client.get(1, TimeUnit.MINUTES);
      } finally {
        over = true;
        process.destroyForcibly().waitFor();
      }
    }

    Map<String, List<Double>> journalled = journalled(folder);
    assertEquals(new TreeMap<>(answered), new TreeMap<>(journalled));
    assertTrue(answered.size() >= 10 * KILLS, "answered: " + answered.size());
    assertTrue(repeated > 0, "no request was ever under way when the server died");
  }

  /** However loaded the machine is, so many more. */
  private void awaitAnswers(int more) throws InterruptedException {
    int enough = answered.size() + more;
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (answered.size() < enough) {
      assertTrue(System.nanoTime() < end, "no answers for a minute");
      Thread.sleep(1);
    }
  }

  /** One request after another, each until it is answered. */
  private void ask(int client) {
    SplittableRandom random = new SplittableRandom(client);
    for (int n = 0; !over; n++) {
      String key = client + "-" + n;
      List<Double> right = new ArrayList<>();
      List<Map<String, String>> samples = new ArrayList<>();
      int batch = 1 + random.nextInt(4);
      for (int i = 0; i < batch; i++) {
        String response = "x".repeat(random.nextInt(200));
        samples.add(Map.of("prompt", key, "response", response));
        right.add((double) response.length());
      }
      String body = JSON.writeValueAsString(Map.of("run", "r", "samples", samples));
      for (boolean done = false; !done; ) {
        try {
          HttpResponse<String> response = post(key, body);
          assertEquals(200, response.statusCode(), response.body());
          List<Double> rewards = new ArrayList<>();
          for (JsonNode each : JSON.readTree(response.body()).get("rewards")) {
            rewards.add(each.get("reward").doubleValue());
          }
          assertEquals(right, rewards);
          answered.put(key, rewards);
          done = true;
        } catch (IOException e) {
          synchronized (this) {
            repeated++;
          }
          pause();
        }
      }
    }
  }

  private HttpResponse<String> post(String key, String body) throws IOException {
    try {
      return Served.CLIENT.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/rewards"))
              .header("Idempotency-Key", key)
              .timeout(Duration.ofSeconds(20))
              .POST(BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The rewards by key; fails if a line is torn or a sample of a key stands there twice. */
  private static Map<String, List<Double>> journalled(Path folder) throws IOException {
    Map<String, List<Double>> rewards = new HashMap<>();
    for (Path file : files(folder)) {
      for (String text : Files.readAllLines(file)) {
        JsonNode line = JSON.readTree(text);
        List<Double> batch =
            rewards.computeIfAbsent(line.get("key").stringValue(), key -> new ArrayList<>());
        assertEquals(batch.size(), line.get("index").intValue(), text);
        batch.add(line.get("reward").doubleValue());
      }
    }
    return rewards;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
  }
}
