package dev.goodhart.serve.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.serve.ServeOptions;
import dev.goodhart.serve.Served;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What the page asks for, without the page. */
class DashboardTest {
  private static Served server;

  @BeforeAll
  static void start() {
    server = new Served(HackedRun.spec(), ServeOptions.on("localhost", 0));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void play(String run, int steps) throws Exception {
    for (int step = 0; step < steps; step++) {
      assertEquals(200, server.post("/v1/rewards", HackedRun.step(run, step, false)).statusCode());
    }
  }

  private static BufferedReader events(Served of, String query) throws Exception {
    HttpResponse<java.io.InputStream> response =
        Served.CLIENT.send(
            HttpRequest.newBuilder(of.uri("/dashboard/events" + query)).build(),
            BodyHandlers.ofInputStream());
    assertEquals(200, response.statusCode());
    assertEquals("text/event-stream", response.headers().firstValue("content-type").orElse(""));
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** The data of the next event whose name begins like that. */
  private static Map<?, ?> next(BufferedReader events, String name) throws Exception {
    for (String line; (line = events.readLine()) != null; ) {
      if (line.startsWith("event: " + name)) {
        return (Map<?, ?>)
            JsonMapper.shared()
                .readValue(events.readLine().substring("data: ".length()), Object.class);
      }
    }
    throw new AssertionError("the stream ended");
  }

  @Test
  void aStreamSaysWhatIsKnownAndThenOnlyWhatIsNew() throws Exception {
    play("streamed", 4);
    try (BufferedReader events = events(server, "?run=streamed")) {
      // The watching thread comes to a run when it comes to it: what is known of its windows may be
      // told before the list of runs has it, in one event or in several. Four steps, of which the
      // last is not over.
      boolean listed = false;
      List<Object> windows = new ArrayList<>();
      while (windows.size() < 3 || !listed) {
        Map<?, ?> told = next(events, "run");
        listed |= String.valueOf(told.get("runs")).contains("streamed");
        if (told.get("points") instanceof List<?> points) {
          for (Object point : points) windows.add(((Map<?, ?>) point).get("window"));
        }
      }
      assertEquals(List.of(0, 1, 2), windows);

      server.post("/v1/rewards", HackedRun.step("streamed", 4, false));
      Map<?, ?> more = next(events, "run");
      while (!(more.get("from") instanceof Integer from && from >= 3)) more = next(events, "run");

      assertEquals(3, more.get("from"));
      assertEquals(1, ((List<?>) more.get("points")).size());
    }
  }

  @Test
  void aRunHasItsPointsPartsAndSamples() throws Exception {
    play("asked", 3);
    Map<?, ?> run = Map.of();
    for (int i = 0; i < 100 && !Integer.valueOf(2).equals(run.get("windows")); i++) {
      Thread.sleep(20);
      var response = server.get("/dashboard/api/run?run=asked");
      if (response.statusCode() == 200) run = Served.object(response);
    }
    assertEquals(96, run.get("samples"));
    List<?> points = (List<?>) run.get("points");
    assertEquals(2, points.size());
    Map<?, ?> point = (Map<?, ?>) points.getFirst();
    assertEquals(32, point.get("samples"));
    Map<?, ?> parts = (Map<?, ?>) point.get("parts");
    double correct = mean(parts.get("correct"));
    double tone = mean(parts.get("tone"));
    // The reward is correct + 2 · tone, of those samples that have both.
    assertEquals(correct + 2 * tone, mean(point.get("reward")), 0.05);
    assertEquals(20, ((List<?>) run.get("latest")).size());
    assertEquals(
        1,
        ((List<?>) Served.object(server.get("/dashboard/api/run?run=asked&from=1")).get("points"))
            .size());
  }

  @Test
  void whatIsNotThereIsSaid() throws Exception {
    assertEquals(404, server.get("/dashboard/api/run?run=nobody").statusCode());
    play("there", 1);
    for (int i = 0;
        server.get("/dashboard/api/run?run=there").statusCode() == 404 && i < 200;
        i++) {
      Thread.sleep(20);
    }
    assertEquals(400, server.get("/dashboard/api/run?run=there&from=y").statusCode());
    assertEquals(404, server.get("/dashboard/nothing.js").statusCode());
    assertEquals(404, server.get("/dashboard/..%2fDashboard.class").statusCode());
  }

  @Test
  void thePageMayLoadNothingFromElsewhereAndRunNothingOfItsOwn() throws Exception {
    for (String path : List.of("/", "/dashboard/app.js", "/dashboard/charts-library.js")) {
      HttpResponse<String> response = server.get(path);
      assertEquals(200, response.statusCode());
      String policy = response.headers().firstValue("content-security-policy").orElse("");
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
      assertTrue(!policy.contains("unsafe"), policy);
      assertEquals("nosniff", response.headers().firstValue("x-content-type-options").orElse(""));
    }
    String page = server.get("/").body();
    assertTrue(!page.contains("style=") && !page.contains("onclick") && !page.contains("http:"));
  }

  @Test
  void openStreamsDoNotHoldUpTheEnd() throws Exception {
    Served other = new Served(HackedRun.spec(), ServeOptions.on("localhost", 0));
    try (BufferedReader events = events(other, "")) {
      next(events, "runs");
      Instant before = Instant.now();
      other.close();
      assertTrue(Duration.between(before, Instant.now()).compareTo(Duration.ofSeconds(15)) < 0);
      while (events.readLine() != null) Thread.onSpinWait();
    }
  }

  private static double mean(Object summary) {
    return ((Number) ((Map<?, ?>) summary).get("mean")).doubleValue();
  }
}
