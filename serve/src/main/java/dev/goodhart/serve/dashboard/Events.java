package dev.goodhart.serve.dashboard;

import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Json;
import dev.goodhart.serve.live.Run;
import dev.goodhart.serve.live.Runs;
import dev.goodhart.serve.scoring.Refusal;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is new, as Server-sent events, once a second at most: {@code runs} with all that {@code GET
 * /dashboard/api/runs} says, {@code run} with what {@code GET /dashboard/api/run} says of the run
 * that is watched, its points only from the last one sent on, alarms and suspicious samples only
 * when there are others than before.
 */
final class Events {
  private static final int STREAMS = 64;
  private static final long PAUSE = 1000; // milliseconds
  private static final int SILENCE = 15; // pauses, until a sign of life is due

  /** What is left out while it is what it was. */
  private static final List<String> SELDOM = List.of("raised", "suspicious");

  private final Runs runs;
  private final BooleanSupplier open;
  private final Semaphore streams = new Semaphore(STREAMS);

  /**
   * @param open whether the server takes requests; the streams end when it no longer does
   */
  Events(Runs runs, BooleanSupplier open) {
    this.runs = runs;
    this.open = open;
  }

  @Nullable Object stream(Exchange exchange) throws IOException {
    if (!streams.tryAcquire()) {
      throw new Refusal(503, STREAMS + " browsers are watching already", 10);
    }
    try (OutputStream out =
        Asset.secure(exchange.response())
            .header(HeaderNames.CONTENT_TYPE, "text/event-stream")
            .header(HeaderNames.CACHE_CONTROL, "no-store")
            .outputStream()) {
      write(exchange.query("run"), Dashboard.from(exchange), out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      streams.release();
    }
    return null;
  }

  private void write(Optional<String> watched, long from, OutputStream out)
      throws IOException, InterruptedException {
    Map<String, @Nullable Object> told = Map.of();
    Map<String, @Nullable Object> sent = new HashMap<>();
    long version = -1;
    long next = from;
    int silent = 0;
    while (open.getAsBoolean()) {
      Map<String, @Nullable Object> all = Views.all(runs);
      silent++;
      if (!all.equals(told)) {
        event(out, "runs", all);
        told = all;
        silent = 0;
      }
      Run run = watched.flatMap(runs::run).orElse(null);
      if (run != null && run.totals().version() != version) {
        version = run.totals().version();
        Map<String, @Nullable Object> whole = Views.run(run, next);
        Map<String, @Nullable Object> news = new LinkedHashMap<>(whole);
        for (String seldom : SELDOM) {
          if (Objects.equals(whole.get(seldom), sent.put(seldom, whole.get(seldom)))) {
            news.remove(seldom);
          }
        }
        event(out, "run", news);
        if (whole.get("windows") instanceof Long windows) next = windows;
        silent = 0;
      }
      if (silent >= SILENCE) {
        out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        silent = 0;
      }
      Thread.sleep(PAUSE);
    }
  }

  private static void event(OutputStream out, String name, Object json) throws IOException {
    out.write(("event: " + name + "\ndata: ").getBytes(StandardCharsets.UTF_8));
    out.write(Json.bytes(json)); // JSON has no line ends of its own
    out.write("\n\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
