package dev.goodhart.serve.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.goodhart.GoodhartException;
import dev.goodhart.audit.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class WebhookTest {
  private static final Alarm ALARM =
      new Alarm(
          "exp7",
          41,
          42L,
          Instant.parse("2026-01-01T00:00:00Z"),
          new Finding(
              "length-drift", Finding.Level.ALARM, "Responses grow.", Map.of("ratio", 1.5)));

  /** Answers with one status after the other, the last one for ever. */
  private static final class Hook implements AutoCloseable {
    final List<String> bodies = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    Hook(int... statuses) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            bodies.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            int status = statuses[Math.min(bodies.size(), statuses.length) - 1];
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      server.start();
    }

    URI uri() {
      return URI.create(
          "http://localhost:" + server.getAddress().getPort() + "/secret-path?key=s3cr3t");
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private static List<String> deliver(Hook hook) throws InterruptedException {
    try (Webhook webhook = new Webhook(hook.uri(), Duration.ofMillis(1))) {
      webhook.accept(ALARM);
    }
    return hook.bodies;
  }

  @Test
  void anAlarmIsPostedAsJson() throws Exception {
    try (Hook hook = new Hook(204)) {
      List<String> bodies = deliver(hook);
      assertEquals(1, bodies.size());
      assertEquals(
          Map.of(
              "text", "Run exp7: Responses grow.",
              "run", "exp7",
              "step", 42,
              "at", "2026-01-01T00:00:00Z",
              "alarm",
                  Map.of(
                      "name", "length-drift",
                      "level", "alarm",
                      "says", "Responses grow.",
                      "figures", Map.of("ratio", 1.5))),
          JsonMapper.shared().readValue(bodies.getFirst(), Object.class));
    }
  }

  @Test
  void itIsTriedAgainWhenTheOtherSideIsInTrouble() throws Exception {
    try (Hook hook = new Hook(503, 429, 200)) {
      assertEquals(3, deliver(hook).size());
    }
    try (Hook hook = new Hook(500)) {
      assertEquals(5, deliver(hook).size());
    }
  }

  @Test
  void aRefusalIsNotAskedAgain() throws Exception {
    try (Hook hook = new Hook(404)) {
      assertEquals(1, deliver(hook).size());
    }
  }

  @Test
  void nothingOfTheAddressButTheHostIsLogged() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line.getMessage() + " " + line.getThrown());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(Webhook.class.getName());
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    URI gone;
    try (Hook hook = new Hook(404)) {
      deliver(hook);
      gone = hook.uri();
    }
    try (Webhook webhook = new Webhook(gone, Duration.ofMillis(1))) {
      webhook.accept(ALARM);
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    assertEquals(2, lines.size(), lines.toString());
    assertTrue(lines.getFirst().contains("localhost: an alarm was not delivered: answered 404"));
    assertFalse(lines.toString().contains("s3cr3t") || lines.toString().contains("secret-path"));
  }

  @Test
  void anAddressIsOfTheWeb() {
    assertThrows(GoodhartException.class, () -> new Webhook(URI.create("file:///etc/passwd")));
    assertThrows(GoodhartException.class, () -> new Webhook(URI.create("hook")));
  }
}
