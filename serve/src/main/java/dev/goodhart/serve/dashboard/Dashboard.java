package dev.goodhart.serve.dashboard;

import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.live.Run;
import dev.goodhart.serve.live.Runs;
import dev.goodhart.serve.scoring.Refusal;
import io.helidon.http.HeaderNames;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * The runs in a browser, at {@code /}. Page and scripts are open, so that a browser can ask for the
 * key; what they show is not.
 *
 * <pre>{@code
 * GET /dashboard/api/runs            {"runs": [...], "signals": [...], "heard": 512, "dropped": 0, "unaudited": 0}
 * GET /dashboard/api/run?run=exp7    {"run": "exp7", "points": [...], "raised": [...], "suspicious": [...], "latest": [...]}
 * GET /dashboard/events?run=exp7     both as Server-sent events, whenever something is new
 * }</pre>
 */
public final class Dashboard implements Protocol {
  private final Map<String, Handler> routes = new LinkedHashMap<>();
  private final Set<String> open = new TreeSet<>();

  /**
   * @param ready whether the server takes requests; the streams of events end when it no longer
   *     does
   */
  public Dashboard(Runs runs, BooleanSupplier ready) {
    page("/", Asset.own("index.html"));
    page("/dashboard/charts-library.js", Asset.charts());
    for (String name : new String[] {"app.js", "charts.js", "samples.js", "page.css", "icon.svg"}) {
      page("/dashboard/" + name, Asset.own(name));
    }
    Events events = new Events(runs, ready);
    routes.put("GET /dashboard/events", events::stream);
    routes.put("GET /dashboard/api/runs", exchange -> fresh(exchange, Views.all(runs)));
    routes.put(
        "GET /dashboard/api/run",
        exchange -> {
          String name = exchange.query("run").orElse("default");
          Run run =
              runs.run(name)
                  .orElseThrow(() -> new Refusal(404, "no run of this name has been heard of"));
          return fresh(exchange, Views.run(run, from(exchange)));
        });
  }

  private void page(String path, Asset asset) {
    routes.put("GET " + path, asset::send);
    open.add("GET " + path);
  }

  private static Object fresh(Exchange exchange, Object json) {
    exchange.response().header(HeaderNames.CACHE_CONTROL, "no-store");
    return json;
  }

  /** The number of the first window that is asked for. */
  static long from(Exchange exchange) {
    try {
      return Long.parseLong(exchange.query("from").orElse("0"));
    } catch (NumberFormatException e) {
      throw Refusal.bad("from: expected the number of a window");
    }
  }

  @Override
  public String id() {
    return "dashboard";
  }

  @Override
  public Map<String, Handler> routes() {
    return routes;
  }

  @Override
  public Set<String> open() {
    return open;
  }
}
