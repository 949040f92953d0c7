package dev.goodhart.verify.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Unscored;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A server that fails in every way that servers fail. */
class FaultsTest {
  private static final Sample TEA = Sample.of("How is tea made?", "With hot water.");

  private static void right(HttpExchange exchange, tools.jackson.databind.JsonNode body)
      throws IOException {
    PlayedServer.send(
        exchange,
        200,
        PlayedServer.completion(PlayedServer.mark(PlayedServer.question(body)) + ": 7"));
  }

  private static void unscored(String kind, int requests, PlayedServer.Play play)
      throws IOException {
    try (PlayedServer server = new PlayedServer(play)) {
      unscored(kind, requests, server, server.chat(2, 0.4, 5, Optional.empty()));
    }
  }

  private static void unscored(String kind, int requests, PlayedServer server, ChatServer chat) {
    try (OpenJudge open = JudgesTest.judge(chat).open()) {
      Unscored missing = assertInstanceOf(Unscored.class, open.of(TEA));
      assertEquals(kind, missing.kind(), missing.reason());
      assertEquals(requests, server.requests.get(), missing.reason());
      assertEquals(requests, open.usage().requests());
      assertEquals(Math.max(0, requests - 1), open.usage().retries());
      assertEquals(Map.of(kind, 1L), open.usage().unscored());
      assertTrue(missing.reason().length() < 400, missing.reason());
    }
  }

  /** The fault passes after one request: the second is right. */
  private static void passes(PlayedServer.Play fault) throws IOException {
    try (PlayedServer server =
        new PlayedServer(
            (e, body, number) -> {
              if (number == 1) {
                fault.on(e, body, number);
              } else {
                right(e, body);
              }
            })) {
      Reward reward = JudgesTest.judge(server.chat(2, 0.4, 5, Optional.empty())).of(TEA);
      assertEquals(7, JudgesTest.part(reward, "rating"));
      assertEquals(2, JudgesTest.part(reward, "requests"));
    }
  }

  @Test
  void whatMayPassIsAskedAgain() throws IOException {
    for (int status : new int[] {408, 429, 500, 502, 503, 504, 529}) {
      PlayedServer.Play fault = (e, b, n) -> PlayedServer.send(e, status, Map.of("error", "busy"));
      passes(fault);
      unscored(status == 429 ? "judge rate limited" : "judge server error", 3, fault);
    }
  }

  @Test
  void whatWillNotPassIsNot() throws IOException {
    unscored("judge request rejected", 1, (e, b, n) -> PlayedServer.send(e, 400, "too long"));
    unscored("judge request rejected", 1, (e, b, n) -> PlayedServer.send(e, 404, "no model"));
    unscored("judge request rejected", 1, (e, b, n) -> PlayedServer.send(e, 204, "text/plain", ""));
    unscored("judge not authorised", 1, (e, b, n) -> PlayedServer.send(e, 401, "no key"));
  }

  @Test
  void retryAfterIsHonoured() throws IOException {
    Instant start = Instant.now();
    passes(
        (e, b, n) -> {
          e.getResponseHeaders().set("Retry-After", "1");
          PlayedServer.send(e, 429, Map.of());
        });
    assertTrue(Duration.between(start, Instant.now()).toMillis() >= 1000);
  }

  @Test
  void aWaitBeyondTheTimeThereIsIsNotBegun() throws IOException {
    Instant start = Instant.now();
    for (String wait : List.of("3600", "999999999", "Tue, 31 Dec 2999 23:59:59 GMT")) {
      unscored(
          "judge rate limited",
          1,
          (e, b, n) -> {
            e.getResponseHeaders().set("Retry-After", wait);
            PlayedServer.send(e, 429, Map.of());
          });
    }
    assertTrue(Duration.between(start, Instant.now()).toSeconds() < 3);
  }

  @Test
  void retryAfterIsReadInBothForms() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    assertEquals(Duration.ofSeconds(7), Backoff.asked("7", now));
    assertEquals(Duration.ofMillis(1500), Backoff.asked("1.5", now));
    assertEquals(Duration.ofSeconds(60), Backoff.asked("Thu, 01 Jan 2026 00:01:00 GMT", now));
    for (String nothing :
        List.of("", "-5", "soon", "Thu, 01 Jan 2025 00:01:00 GMT", "1e9", "NaN")) {
      assertEquals(Duration.ZERO, Backoff.asked(nothing, now), nothing);
    }
  }

  @Test
  void waitsDoubleUpToAHalfMinute() {
    for (int attempt = 0; attempt < 200; attempt++) {
      double most = Math.min(30, 0.5 * Math.pow(2, attempt));
      double drawn = Backoff.wait(Duration.ofMillis(500), attempt, "").toNanos() / 1e9;
      assertTrue(drawn >= most / 2 - 1e-6 && drawn <= most, attempt + ": " + drawn);
    }
  }

  @Test
  void slownessIsATimeOut() throws IOException {
    PlayedServer.Play silent = (e, b, n) -> sleep(2000);
    PlayedServer.Play trickling =
        (e, b, n) -> {
          e.sendResponseHeaders(200, 0);
          for (int i = 0; i < 40; i++) {
            e.getResponseBody().write(' ');
            e.getResponseBody().flush();
            sleep(50);
          }
        };
    passes(silent);
    passes(trickling); // a byte now and then does not keep the clock from running
    Instant start = Instant.now();
    try (PlayedServer server = new PlayedServer(silent)) {
      unscored("judge timed out", 2, server, server.chat(9, 0.3, 0.5, Optional.empty()));
    }
    assertTrue(Duration.between(start, Instant.now()).toMillis() < 1500, "patience bounds it all");
  }

  @Test
  void brokenRepliesAreCutOffOrMalformed() throws IOException {
    PlayedServer.Play cut =
        (e, b, n) -> {
          e.sendResponseHeaders(200, 1000);
          e.getResponseBody().write("{\"choices\": [".getBytes(StandardCharsets.UTF_8));
          e.getResponseBody().flush();
          throw new IOException("the connection breaks here");
        };
    passes(cut);
    unscored("judge reply cut off", 3, cut);
    for (String text :
        List.of(
            "{\"choices\": [{\"message\": {\"content\": \"x",
            "<html>busy</html>",
            "[]",
            "null",
            "{}",
            "{\"choices\": []}",
            "{\"choices\": [{\"message\": {\"content\": 7}}]}",
            "{\"error\": {\"message\": \"overloaded\"}}",
            "[".repeat(100_000),
            "")) {
      PlayedServer.Play bad = (e, b, n) -> PlayedServer.send(e, 200, "text/html", text);
      unscored("judge reply malformed", 3, bad);
    }
    passes((e, b, n) -> PlayedServer.send(e, 200, "text/html", "<html>one moment</html>"));
  }

  @Test
  void aHugeReplyIsLeftUnread() throws IOException {
    long[] written = {0};
    unscored(
        "judge reply too large",
        1,
        (e, b, n) -> {
          e.sendResponseHeaders(200, 0);
          byte[] chunk = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
          while (written[0] < 1L << 30) {
            e.getResponseBody().write(chunk);
            written[0] += chunk.length;
          }
        });
    assertTrue(written[0] < 1L << 29, "the rest was not taken: " + written[0]);
  }

  @Test
  void aRedirectIsNotFollowed() throws IOException {
    try (PlayedServer elsewhere = new PlayedServer((e, b, n) -> right(e, b))) {
      for (int status : new int[] {301, 302, 307, 308}) {
        unscored(
            "judge redirected",
            1,
            (e, b, n) -> {
              e.getResponseHeaders().set("Location", elsewhere.url() + "/chat/completions");
              PlayedServer.send(e, status, Map.of());
            });
      }
      assertEquals(0, elsewhere.requests.get());
    }
  }

  @Test
  void noServerIsUnreachable() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    ChatServer nobody =
        new ChatServer(
            "http://127.0.0.1:" + port + "/v1",
            "m",
            Optional.empty(),
            0,
            9,
            Map.of(),
            1,
            1,
            0.01,
            1,
            2,
            OptionalDouble.empty(),
            OptionalInt.empty(),
            1000,
            Optional.empty());
    String reason = JudgesTest.reason(JudgesTest.judge(nobody).of(TEA));
    assertTrue(reason.startsWith("judge unreachable: ") && reason.endsWith("2 attempts"), reason);
    assertTrue(
        JudgesTest.reason(JudgesTest.judge(nobody).of(Sample.of("p", "x".repeat(2000))))
            .startsWith("too long for the judge: "));
  }

  @Test
  void refusalsAndCutOffRepliesAreNoVerdicts() throws IOException {
    unscored(
        "judge refused",
        1,
        (e, b, n) ->
            PlayedServer.send(
                e,
                200,
                PlayedServer.completion(
                    PlayedServer.mark(PlayedServer.question(b)) + ": 7", "content_filter")));
    unscored(
        "judge reply cut off",
        1,
        (e, b, n) ->
            PlayedServer.send(
                e,
                200,
                PlayedServer.completion(
                    PlayedServer.mark(PlayedServer.question(b)) + ": 1", "length")));
    unscored(
        "judge refused",
        1,
        (e, b, n) ->
            PlayedServer.send(
                e,
                200,
                "application/json",
                "{\"choices\": [{\"message\": {\"content\": null, \"refusal\": \"No.\"}}]}"));
  }

  @Test
  void aRunEndsWithItsTimeAndItsCalls() throws IOException {
    try (PlayedServer server =
        new PlayedServer(
            (e, b, n) -> {
              sleep(60);
              right(e, b);
            })) {
      List<Sample> batch = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        batch.add(Sample.of("p" + i, "r"));
      }
      ChatServer quick = limited(server, OptionalDouble.of(0.4), OptionalInt.empty());
      try (OpenJudge open = JudgesTest.judge(quick).open()) {
        List<Reward> rewards = open.of(batch);
        long scored = rewards.stream().filter(r -> !(r instanceof Unscored)).count();
        assertTrue(scored > 0 && scored < 30, scored + " scored");
        assertEquals(
            30 - scored, open.usage().unscored().values().stream().mapToLong(n -> n).sum());
      }
      try (OpenJudge open =
          JudgesTest.judge(limited(server, OptionalDouble.empty(), OptionalInt.of(3))).open()) {
        List<Reward> rewards = open.of(batch.subList(0, 5));
        assertEquals(Map.of("judge not asked", 2L), open.usage().unscored());
        assertEquals(3, rewards.stream().filter(r -> !(r instanceof Unscored)).count());
      }
    }
  }

  private static ChatServer limited(
      PlayedServer server, OptionalDouble seconds, OptionalInt calls) {
    return new ChatServer(
        server.url(),
        "m",
        Optional.empty(),
        0,
        99,
        Map.of(),
        2,
        0,
        0.01,
        5,
        5,
        seconds,
        calls,
        1000,
        Optional.empty());
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
