package dev.goodhart.serve.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.serve.Served;
import dev.goodhart.serve.http.Limits;
import dev.goodhart.serve.scoring.Load;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that begin and do not go on. */
class SlowClientsTest {
  private static final String HEAD = "POST /v1/rewards HTTP/1.1\r\nHost: x\r\n";
  private static final String BODY = "{\"samples\":[{\"response\":\"%s\"}]}";
  private static Served server;

  /** Longer than a silent connection may last. */
  record Slow() implements Signal {
    @Override
    public Reward of(Sample sample) {
      try {
        Thread.sleep(2500);
      } catch (InterruptedException e) {
        return Reward.unscored("interrupted");
      }
      return Reward.of(1);
    }
  }

  @BeforeAll
  static void start() {
    Limits limits =
        new Limits(
            1 << 20,
            1000,
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            16 << 20,
            1000,
            Duration.ofSeconds(1));
    server = new Served(RewardSpec.of("slow", new Slow()), limits, Load.USUAL);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "POST /v1/rew",
        HEAD + "Conten",
        HEAD + "Content-Length: 99\r\n\r\n",
        HEAD + "Content-Length: 99\r\n\r\n{\"sam",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        HEAD + "Content-Type: application/x-ndjson\r\nContent-Length: 99\r\n\r\n{\"resp"
      })
  void aClientThatDoesNotGoOnIsNotWaitedForForEver(String begun) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      try {
        while (in.read() >= 0) {}
      } catch (java.net.SocketTimeoutException e) {
        throw new AssertionError("still open after 20 s: " + begun, e);
      } catch (java.io.IOException e) {
        // reset: closed as well
      }
    }
  }

  @Test
  void oneThatWaitsForUsIsAnsweredHoweverLongWeTake() throws Exception {
    var response = server.post("/v1/rewards", BODY.formatted("y"));
    assertEquals(200, response.statusCode());
    assertTrue(response.body().contains("\"reward\":1.0"), response.body());
  }

  @Test
  void oneThatSendsSlowlyButSteadilyIsAnswered() throws Exception {
    String body = BODY.formatted("x");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      var out = socket.getOutputStream();
      out.write(
          (HEAD + "Content-Length: " + body.length() + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      for (byte b : body.getBytes(StandardCharsets.US_ASCII)) {
        Thread.sleep(50);
        out.write(b);
      }
      byte[] begin = socket.getInputStream().readNBytes(12);
      assertEquals("HTTP/1.1 200", new String(begin, StandardCharsets.US_ASCII));
    }
  }
}
