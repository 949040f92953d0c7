package dev.goodhart.serve.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.serve.Served;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The short version of {@link Hostile}. {@code -Dgoodhart.hostile=100000} makes a long test of it.
 */
class HostileRequestsTest {
  private static final int REQUESTS = Integer.getInteger("goodhart.hostile", 3000);

  @Test
  void everyHostileRequestIsRefusedRightAndTheNextGoodOneIsAnswered() throws Exception {
    try (Served server = Hostile.server()) {
      Hostile hostile = new Hostile(server.port());

      hostile.send(REQUESTS, 1);

      assertEquals(Map.of(), hostile.wrong);
      // It can only fail if it reaches the handlers as well as their errors.
      assertTrue(hostile.statuses.getOrDefault(200, 0) > REQUESTS / 20, "" + hostile.statuses);
      assertTrue(hostile.statuses.getOrDefault(400, 0) > REQUESTS / 10, "" + hostile.statuses);
    }
  }
}
