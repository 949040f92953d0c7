package dev.goodhart.serve.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.serve.Served;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A few of {@link Hostile}. {@code -Dgoodhart.hostile=100000} makes a long test of it, which looks
 * for leaks as well.
 */
class HostileRequestsTest {
  private static final int REQUESTS = Integer.getInteger("goodhart.hostile", 3000);

  /** From here on it is worth to wait until the server has closed what was left open. */
  private static final int LONG = 50_000;

  private static final long MEBIBYTE = 1 << 10;

  @Test
  void everyHostileRequestIsRefusedRightAndTheNextGoodOneIsAnswered() throws Exception {
    try (Served server = Hostile.server()) {
      Hostile hostile = new Hostile(server.port());

      if (REQUESTS >= LONG) {
        noLeak(hostile);
      } else {
        hostile.send(REQUESTS, 1);
      }

      assertEquals(Map.of(), hostile.wrong);
      // It can only fail if it reaches the handlers as well as their errors.
      assertTrue(hostile.statuses.getOrDefault(200, 0) > REQUESTS / 20, "" + hostile.statuses);
      assertTrue(hostile.statuses.getOrDefault(400, 0) > REQUESTS / 10, "" + hostile.statuses);
    }
  }

  @Test
  void aNameOfManyThousandCharactersIsRefused() throws Exception {
    try (Served server = Hostile.server()) {
      String sample = "{\"response\":\"x\",\"%s\":1}";
      var response =
          server.post(
              "/v1/rewards", "{\"samples\":[" + sample.formatted("n".repeat(20_000)) + "]}");

      assertEquals(400, response.statusCode());
      assertTrue(response.body().length() < 1000, response.body());
    }
  }

  private static void noLeak(Hostile hostile) throws Exception {
    hostile.send(REQUESTS / 10, 1);
    Thread.sleep(10_000);
    Hostile.State before = Hostile.State.now();
    hostile.send(REQUESTS - REQUESTS / 10, 2);
    Thread.sleep(10_000);
    Hostile.State after = Hostile.State.now();
    System.out.println("statuses:      " + hostile.statuses);
    System.out.println("after a tenth: " + before);
    System.out.println("at the end:    " + after);
    assertTrue(after.heap() < before.heap() + 16 * MEBIBYTE, before + ", then " + after);
    assertTrue(after.threads() < before.threads() + 10, before + ", then " + after);
    assertTrue(after.files() < before.files() + 10, before + ", then " + after);
  }
}
