package dev.goodhart.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.serve.http.Keys;
import dev.goodhart.serve.http.Limits;
import dev.goodhart.serve.scoring.Load;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;
import dev.goodhart.spec.RewardSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FrontTest {
  /** How many characters the response has. */
  record Characters() implements Verifier {
    @Override
    public Reward of(Sample sample) {
      return Reward.of(sample.response().length());
    }
  }

  /** Says when it is at work, and when it was told to stop. */
  record Waits() implements Signal {
    static final CountDownLatch BEGUN = new CountDownLatch(1);
    static final CountDownLatch STOPPED = new CountDownLatch(1);

    @Override
    public Reward of(Sample sample) {
      BEGUN.countDown();
      try {
        Thread.sleep(30_000);
      } catch (InterruptedException e) {
        STOPPED.countDown();
      }
      return Reward.of(0);
    }
  }

  /** Takes as many milliseconds as the response says, and counts. */
  record Takes() implements Signal {
    static final AtomicInteger CALLS = new AtomicInteger();

    @Override
    public Reward of(Sample sample) {
      CALLS.incrementAndGet();
      try {
        Thread.sleep(Long.parseLong(sample.response()));
      } catch (InterruptedException e) {
        return Reward.unscored("interrupted");
      }
      return Reward.of(1);
    }
  }

  private static final String ONE = "{\"samples\":[{\"response\":\"abc\"}]}";

  private static Served served(Signal signal, ServeOptions options) {
    return new Served(RewardSpec.of("s", signal), options);
  }

  private static ServeOptions options() {
    return ServeOptions.on("localhost", 0);
  }

  private static HttpResponse<String> ask(Served server, String body, String... headers)
      throws Exception {
    return Served.CLIENT.send(
        HttpRequest.newBuilder(server.uri("/v1/rewards"))
            .headers(headers)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static Map<?, ?> first(HttpResponse<String> response) {
    return (Map<?, ?>) ((List<?>) Served.object(response).get("rewards")).getFirst();
  }

  @Test
  void onlyWhoHasAKeyMayAskHoweverItComes(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys");
    String key = Keys.add(file, "trainer");
    String second = Keys.add(file, "other");
    String basic =
        Base64.getEncoder().encodeToString(("me:" + key).getBytes(StandardCharsets.UTF_8));

    assertFalse(Files.readString(file).contains(key), "kept in the clear");
    assertEquals("rw-------", perms(file));
    try (Served server = served(new Characters(), options().with(Keys.read(file)))) {
      assertEquals(401, server.post("/v1/rewards", ONE).statusCode());
      assertEquals(
          "Bearer",
          server.post("/v1/rewards", ONE).headers().firstValue("WWW-Authenticate").orElse(""));
      assertEquals(401, ask(server, ONE, "Authorization", "Bearer " + key + "x").statusCode());
      assertEquals(401, ask(server, ONE, "Authorization", "Bearer").statusCode());
      assertEquals(401, ask(server, ONE, "Authorization", "Basic !!!").statusCode());
      assertEquals(200, ask(server, ONE, "Authorization", "Bearer " + key).statusCode());
      assertEquals(200, ask(server, ONE, "authorization", "bearer " + second).statusCode());
      assertEquals(200, ask(server, ONE, "X-Api-Key", key).statusCode());
      assertEquals(200, ask(server, ONE, "Authorization", "Basic " + basic).statusCode());
      assertEquals(200, server.get("/health").statusCode());
    }
  }

  private static String perms(Path file) throws IOException {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file));
  }

  @Test
  void aKeyFileIsCheckedLineByLine(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys");
    Files.writeString(file, "# ours\n\ntrainer not-a-digest\n");

    var e = assertThrows(GoodhartException.class, () -> Keys.read(file));

    assertTrue(
        e.getMessage().startsWith(file + ":3: expected a name and a SHA-256"), e.getMessage());
    Files.writeString(file, "# none\n");
    assertThrows(GoodhartException.class, () -> Keys.read(file));
    assertThrows(GoodhartException.class, () -> Keys.add(file, "a b"));
  }

  @Test
  void runAndStepComeFromTheAddressTheHeadersOrTheBody(@TempDir Path folder) throws Exception {
    try (Served server = served(new Characters(), options().withJournal(folder))) {
      server.post("/v1/rewards?run=address&step=3", ONE);
      ask(server, ONE, "Goodhart-Run", "header", "Goodhart-Step", "4");
      server.post(
          "/v1/rewards?run=address",
          "{\"run\":\"body\",\"step\":5,\"samples\":[{\"response\":\"\"}]}");
      assertEquals(400, server.post("/v1/rewards?step=x", ONE).statusCode());
    }
    String journal = read(folder);
    assertTrue(journal.contains("\"run\":\"address\",\"step\":3"), journal);
    assertTrue(journal.contains("\"run\":\"header\",\"step\":4"), journal);
    assertTrue(journal.contains("\"run\":\"body\",\"step\":5"), journal);
  }

  private static String read(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        if (file.toString().endsWith(".jsonl")) all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  @Test
  void linesAreAnsweredByLinesInOrderWhateverIsWrongWithOne() throws Exception {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      body.append("{\"id\":\"").append(i).append("\",\"response\":\"").append("x".repeat(i % 7));
      body.append("\"}\n");
      if (i == 500) body.append("{broken\n\n"); // the empty line is none
    }
    try (Served server = served(new Characters(), options())) {
      var response = ask(server, body.toString(), "Content-Type", "application/x-ndjson");
      List<String> lines = response.body().lines().toList();

      assertEquals(200, response.statusCode());
      assertEquals(1001, lines.size());
      assertTrue(lines.get(3).contains("\"id\":\"3\",\"reward\":3.0"), lines.get(3));
      assertTrue(lines.get(501).contains("\"valid\":false,\"reason\":\"bad sample: line 502"));
      assertTrue(lines.get(1000).contains("\"id\":\"999\",\"reward\":5.0"), lines.get(1000));
    }
  }

  @Test
  void theFirstLinesAreAnsweredWhileTheRestStillArrives() throws Exception {
    try (Served server = served(new Characters(), options());
        Socket socket = new Socket("localhost", server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          """
          POST /v1/rewards HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/x-ndjson\r
          Transfer-Encoding: chunked\r
          \r
          """
              .getBytes(StandardCharsets.UTF_8));
      String lines = "{\"response\":\"abc\"}\n".repeat(256);
      out.write((Integer.toHexString(lines.length()) + "\r\n" + lines + "\r\n").getBytes());
      out.flush();
      socket.setSoTimeout(20_000);
      byte[] some = new byte[4000];
      int read = socket.getInputStream().readNBytes(some, 0, some.length);

      assertTrue(new String(some, 0, read, StandardCharsets.UTF_8).contains("\"reward\":3.0"));
      out.write("0\r\n\r\n".getBytes());
      out.flush();
    }
  }

  @Test
  void aRequestThatIsRepeatedWithItsKeyIsAnsweredAsBeforeAndNotScoredAgain(@TempDir Path folder)
      throws Exception {
    Takes.CALLS.set(0);
    Load uncached = new Load(1, Duration.ZERO, 4, 100, 0, java.util.Optional.empty());
    ServeOptions options = options().with(uncached).withJournal(folder);
    String body = "{\"samples\":[{\"response\":\"300\"}]}";
    String other = "{\"samples\":[{\"response\":\"1\"}]}";
    try (Served server = served(new Takes(), options)) {
      var one = CompletableFuture.supplyAsync(() -> unchecked(server, body));
      var same = CompletableFuture.supplyAsync(() -> unchecked(server, body));

      assertEquals(200, one.get().statusCode());
      assertEquals(one.get().body(), same.get().body());
      assertEquals(1, Takes.CALLS.get());
      assertEquals(422, ask(server, other, "Idempotency-Key", "k").statusCode());
      assertEquals(200, ask(server, other, "Idempotency-Key", "l").statusCode());
    }
    try (Served again = served(new Takes(), options)) { // the journal remembers
      assertEquals(1.0, first(ask(again, body, "Idempotency-Key", "k")).get("reward"));
      assertEquals(2, Takes.CALLS.get());
    }
    assertEquals(2, read(folder).lines().filter(l -> l.contains("\"kind\":\"sample\"")).count());
  }

  private static HttpResponse<String> unchecked(Served server, String body) {
    try {
      return ask(server, body, "Idempotency-Key", "k");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aClientSaysHowLongItWaits() throws Exception {
    try (Served server = served(new Takes(), options())) {
      long start = System.nanoTime();
      var response =
          ask(server, "{\"samples\":[{\"response\":\"20000\"}]}", "Goodhart-Timeout", "0.3");

      assertTrue(System.nanoTime() - start < 10e9);
      assertNull(first(response).get("reward"));
      assertTrue(
          String.valueOf(first(response).get("reason")).startsWith("timeout"), response.body());
      assertEquals(400, ask(server, ONE, "Goodhart-Timeout", "-1").statusCode());
    }
  }

  @Test
  void whenAClientLeavesNobodyWorksForIt() throws Exception {
    try (Served server = served(new Waits(), options())) {
      try (Socket socket = new Socket("localhost", server.port())) {
        send(socket, ONE, ONE.length());
        assertTrue(Waits.BEGUN.await(20, TimeUnit.SECONDS));
      }
      assertTrue(Waits.STOPPED.await(20, TimeUnit.SECONDS));
    }
  }

  private static void send(Socket socket, String body, int length) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        ("POST /v1/rewards HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8));
    out.write(body.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Test
  void aBodyThatTricklesInIsNotWaitedFor() throws Exception {
    Limits usual = Limits.USUAL;
    Limits strict =
        new Limits(
            usual.body(),
            usual.batch(),
            usual.patience(),
            Duration.ofMillis(500),
            usual.bodies(),
            usual.connections(),
            Duration.ofSeconds(5));
    try (Served server = served(new Characters(), options().with(strict));
        Socket socket = new Socket("localhost", server.port())) {
      send(socket, "{", 1000);
      InputStream in = socket.getInputStream();
      socket.setSoTimeout(100);
      String answer = "";
      for (int i = 0; i < 200 && answer.isEmpty(); i++) {
        try {
          socket.getOutputStream().write(' ');
          answer = new String(in.readNBytes(12), StandardCharsets.UTF_8);
        } catch (java.net.SocketTimeoutException e) {
          // goes on trickling
        }
      }

      assertEquals("HTTP/1.1 408", answer);
      assertEquals(200, server.post("/v1/rewards", ONE).statusCode());
    }
  }

  @Test
  void largeBodiesAtATimeAreBoundedTogether() throws Exception {
    Limits usual = Limits.USUAL;
    Limits strict =
        new Limits(
            1 << 20,
            usual.batch(),
            usual.patience(),
            usual.arrival(),
            1_000_000,
            usual.connections(),
            usual.idle());
    try (Served server = served(new Characters(), options().with(strict));
        Socket holds = new Socket("localhost", server.port())) {
      send(holds, "{", 900_000); // and sends no more
      String large = "{\"samples\":[{\"response\":\"" + "x".repeat(500_000) + "\"}]}";
      HttpResponse<String> refused = server.post("/v1/rewards", large);
      for (int i = 0; i < 100 && refused.statusCode() == 200; i++) {
        Thread.sleep(20); // the first may still be on its way
        refused = server.post("/v1/rewards", large);
      }

      assertEquals(429, refused.statusCode());
      assertEquals("1", refused.headers().firstValue("Retry-After").orElse(""));
      holds.close();
      HttpResponse<String> taken = refused;
      for (int i = 0; i < 100 && taken.statusCode() != 200; i++) {
        Thread.sleep(50);
        taken = server.post("/v1/rewards", large);
      }
      assertEquals(200, taken.statusCode());
    }
  }

  @Test
  void aStopAnswersWhatItTookAndTakesNoMore() throws Exception {
    Served server = served(new Takes(), options());
    int port = server.port();
    var slow =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return server.post("/v1/rewards", "{\"samples\":[{\"response\":\"1500\"}]}");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    Takes.CALLS.set(0);
    while (Takes.CALLS.get() == 0) Thread.sleep(5);
    var stop = CompletableFuture.runAsync(server::close);
    int ready = 200;
    for (int i = 0; i < 100 && ready == 200; i++) {
      ready = server.get("/ready").statusCode();
    }

    assertEquals(503, ready);
    assertEquals(503, server.post("/v1/rewards", ONE).statusCode());
    assertEquals(1.0, first(slow.get()).get("reward"));
    stop.get(20, TimeUnit.SECONDS);
    assertThrows(IOException.class, () -> new Socket("localhost", port).close());
  }

  @Test
  void metricsTellOfSignalsRewardsAndWhatWasNotScored() throws Exception {
    try (Served server = served(new Characters(), options())) {
      server.post("/v1/rewards", "{\"samples\":[{\"response\":\"abc\"},{\"response\":\"\"}]}");
      String metrics = server.get("/metrics").body();

      assertTrue(metrics.contains("goodhart_samples_total{protocol=\"goodhart\"} 2.0"), metrics);
      assertTrue(metrics.contains("goodhart_reward_bucket{le=\"2.0\"} 1"), metrics);
      assertTrue(metrics.contains("goodhart_reward_sum 3.0"), metrics);
      assertTrue(metrics.contains("goodhart_signal_seconds_count{signal=\"s\"} 2"), metrics);
      assertTrue(metrics.contains("jvm_memory"), metrics);
    }
  }

  @Test
  void theVersionIsInEveryAnswerAndChangesWithTheSpec() throws Exception {
    try (Served one = Served.yaml("signals: { a: { length: { unit: words } } }");
        Served two = Served.yaml("signals: { a: { length: { unit: characters } } }")) {
      assertNotEquals(
          first(one.post("/v1/rewards", ONE)).get("version"),
          first(two.post("/v1/rewards", ONE)).get("version"));
    }
  }
}
