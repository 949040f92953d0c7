package dev.goodhart.serve.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.combine.Combine;
import dev.goodhart.serve.Served;
import dev.goodhart.serve.http.Limits;
import dev.goodhart.serve.journal.Journal;
import dev.goodhart.serve.journal.Keeping;
import dev.goodhart.serve.scoring.Load;
import dev.goodhart.signal.Pace;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signals and judges that fail in every way that they can, asked over HTTP, with a journal. */
class FaultySignalsTest {
  private static final Limits LIMITS = new Limits(1 << 20, 1000, Duration.ofMillis(300));

  @TempDir Path folder;

  /** Does what the response says. */
  record Faulty(Pace pace) implements Signal {
    @Override
    public Reward of(Sample sample) {
      return switch (sample.response()) {
        case "throw" -> throw new IllegalStateException("on purpose");
        case "overflow" -> Reward.of(deep(1));
        case "memory" -> throw new OutOfMemoryError("Java heap space");
        case "nan" -> Reward.of(Double.NaN);
        case "infinity" -> Reward.of(Double.POSITIVE_INFINITY);
        case "null" -> nothing();
        default -> Reward.of(sample.response().length());
      };
    }

    @SuppressWarnings("NullAway")
    private static Reward nothing() {
      return null;
    }

    @SuppressWarnings("InfiniteRecursion")
    private static double deep(double x) {
      return 1 + deep(x);
    }
  }

  /** One reward too few. */
  record TooFew(Pace pace) implements Signal {
    @Override
    public Reward of(Sample sample) {
      return Reward.of(1);
    }

    @Override
    public List<Reward> of(List<Sample> batch) {
      return batch.stream().skip(1).map(this::of).toList();
    }
  }

  /** Never comes back, and does not listen to interruptions. */
  record Hangs() implements Signal {
    private static final CountDownLatch until = new CountDownLatch(1);

    @Override
    public Reward of(Sample sample) {
      if (!sample.response().equals("hang")) return Reward.of(1);
      while (until.getCount() > 0) {
        try {
          until.await();
        } catch (InterruptedException e) {
          // on purpose
        }
      }
      return Reward.of(1);
    }
  }

  /** The reward of the signal that may hang. */
  record Hanging() implements Combine {
    @Override
    public Reward of(Map<String, Reward> parts) {
      return java.util.Objects.requireNonNull(parts.get("hangs"));
    }

    @Override
    public Set<String> parts() {
      return Set.of("hangs", "length");
    }
  }

  @ParameterizedTest
  @EnumSource(Pace.class)
  void whateverASignalDoesItsSampleHasNoRewardAndTheOthersHaveTheirs(Pace pace) throws Exception {
    try (Journal journal = new Journal(folder, Keeping.USUAL);
        Served server =
            new Served(RewardSpec.of("faulty", new Faulty(pace)), LIMITS, Load.USUAL, journal)) {
      List<String> faults = List.of("throw", "overflow", "memory", "nan", "infinity", "null");
      for (String fault : faults) {
        List<?> rewards = rewards(server, "fine", fault, "abc");
        assertEquals(null, reward(rewards, 1), fault);
        assertTrue(reason(rewards, 1).startsWith("faulty failed: "), reason(rewards, 1));
        // Without memory nobody looks for the sample at fault.
        if (fault.equals("memory") && pace == Pace.INSTANT) continue;
        assertEquals(4.0, reward(rewards, 0), fault);
        assertEquals(3.0, reward(rewards, 2), fault);
      }
      assertEquals(
          3 * faults.size(), Files.readAllLines(folder.resolve("journal-00000001.jsonl")).size());
    }
  }

  @ParameterizedTest
  @EnumSource(Pace.class)
  void aWrongNumberOfRewardsIsNoReward(Pace pace) throws Exception {
    try (Served server = new Served(RewardSpec.of("few", new TooFew(pace)), LIMITS)) {
      List<?> rewards = rewards(server, "a", "b");
      assertEquals(null, reward(rewards, 0));
      assertEquals(null, reward(rewards, 1));
      assertTrue(reason(rewards, 1).contains("gave 0 rewards for 1 samples"), reason(rewards, 1));
    }
  }

  @Test
  void aSignalThatHangsCostsTheDeadlineAndLeavesTheOthersAlone() throws Exception {
    Map<String, Signal> signals = new LinkedHashMap<>();
    signals.put("hangs", new Hangs());
    signals.put("length", new Faulty(Pace.SLOW));
    RewardSpec spec = new RewardSpec(signals, Map.of(), Optional.of(new Hanging()), List.of());
    Load small = new Load(64, Duration.ofMillis(2), 2, 8, 0, Optional.empty());
    try (Served server = new Served(spec, LIMITS, small)) {
      long start = System.nanoTime();
      List<?> rewards = rewards(server, "hang", "fine");
      assertTrue(System.nanoTime() - start < 5e9, "the deadline was 0.3 s");
      assertEquals(null, reward(rewards, 0));
      assertTrue(reason(rewards, 0).startsWith("timeout"), reason(rewards, 0));
      assertEquals(4.0, ((Map<?, ?>) ((Map<?, ?>) rewards.get(0)).get("parts")).get("length"));
      assertEquals(1.0, reward(rewards, 1));

      // Every worker hangs, and then their spares; what is told is still the truth.
      for (int i = 0; i < 8; i++) {
        var response = server.post("/v1/rewards", body("hang", "hang", "fine"));
        assertTrue(response.statusCode() == 200 || response.statusCode() == 429, response.body());
        if (response.statusCode() == 429) {
          assertTrue(response.headers().firstValue("retry-after").isPresent());
          continue;
        }
        List<?> more = (List<?>) Served.object(response).get("rewards");
        assertEquals(null, reward(more, 0));
        assertTrue(reward(more, 2) == null || reward(more, 2).equals(1.0));
      }
    } finally {
      Hangs.until.countDown();
    }
  }

  @Test
  void aJudgeThatRefusesStallsOrTalksNonsenseGivesNoReward() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (Judge judge =
            new Judge(
                (exchange, question) -> {
                  if (question.contains("REFUSE")) {
                    exchange.getResponseHeaders().set("Retry-After", "30");
                    answer(exchange, 429, "{\"error\": \"too many\"}");
                  } else if (question.contains("STALL")) {
                    over.await();
                  } else if (question.contains("BREAK")) {
                    exchange.sendResponseHeaders(200, 1000);
                    exchange
                        .getResponseBody()
                        .write("{\"choices\"".getBytes(StandardCharsets.UTF_8));
                  } else if (question.contains("HTML")) {
                    answer(exchange, 200, "<html>busy</html>");
                  } else {
                    answer(exchange, 500, "no");
                  }
                });
        Served server =
            new Served(
                RewardSpec.parse(
                    """
                    signals:
                      helpful:
                        judge:
                          server: { base-url: "%s", model: m, retries: 1, backoff: 0.01, timeout: 30 }
                    """
                        .formatted(judge.url()),
                    "reward.yaml",
                    Path.of(".")),
                LIMITS)) {
      long start = System.nanoTime();
      List<?> rewards = rewards(server, "REFUSE", "STALL", "BREAK", "HTML", "FAIL");
      assertTrue(System.nanoTime() - start < 10e9, "the deadline was 0.3 s");
      for (int i = 0; i < 5; i++) {
        assertEquals(null, reward(rewards, i));
        assertTrue(!reason(rewards, i).isBlank());
      }
    } finally {
      over.countDown();
    }
  }

  /** A real HTTP server that plays a judge, badly. */
  private static final class Judge implements AutoCloseable {
    private interface Play {
      void on(HttpExchange exchange, String question) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final java.util.concurrent.ExecutorService threads =
        Executors.newVirtualThreadPerTaskExecutor();

    Judge(Play play) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
      server.setExecutor(threads);
      server.createContext(
          "/v1/chat/completions",
          exchange -> {
            try (exchange) {
              play.on(
                  exchange,
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @Override
    public void close() {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static String body(String... responses) {
    List<String> samples = new ArrayList<>();
    for (String response : responses) samples.add("{\"response\":\"" + response + "\"}");
    return "{\"samples\":[" + String.join(",", samples) + "]}";
  }

  private static List<?> rewards(Served server, String... responses) throws Exception {
    var response = server.post("/v1/rewards", body(responses));
    assertEquals(200, response.statusCode(), response.body());
    return (List<?>) Served.object(response).get("rewards");
  }

  private static Object reward(List<?> rewards, int i) {
    return ((Map<?, ?>) rewards.get(i)).get("reward");
  }

  private static String reason(List<?> rewards, int i) {
    return String.valueOf(((Map<?, ?>) rewards.get(i)).get("reason"));
  }
}
