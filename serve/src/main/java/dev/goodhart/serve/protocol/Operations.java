package dev.goodhart.serve.protocol;

import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.scoring.Refusal;
import io.helidon.http.HeaderNames;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What those who run a server ask of it: whether it lives, whether it takes requests, its metrics,
 * its description.
 *
 * @param ready whether requests are taken
 * @param names of the spec's signals
 */
public record Operations(BooleanSupplier ready, Set<String> names, PrometheusRegistry registry)
    implements Protocol {
  private static final PrometheusTextFormatWriter TEXT =
      PrometheusTextFormatWriter.builder().build();

  @Override
  public String id() {
    return "operations";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of(
        "GET /health",
        exchange -> health(),
        "GET /ready",
        exchange -> readiness(),
        "GET /metrics",
        this::metrics,
        "GET /openapi.yaml",
        Operations::description);
  }

  /** Probes and scrapers seldom have keys; nothing here tells of a sample. */
  @Override
  public Set<String> open() {
    return routes().keySet();
  }

  /** In the words that eval-protocol and open-instruct wait for. */
  private Object health() {
    Map<String, Object> health = new LinkedHashMap<>();
    health.put("status", "healthy");
    health.put("reward_function", String.join("+", names));
    return health;
  }

  private Object readiness() {
    if (!ready.getAsBoolean()) {
      throw new Refusal(503, "shutting down");
    }
    return Map.of("status", "ready");
  }

  private @Nullable Object metrics(Exchange exchange) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    TEXT.write(text, registry.scrape());
    exchange
        .response()
        .header(HeaderNames.CONTENT_TYPE, TEXT.getContentType())
        .send(text.toByteArray());
    return null;
  }

  private static @Nullable Object description(Exchange exchange) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Operations.class.getResourceAsStream("openapi.yaml"))) {
      exchange
          .response()
          .header(HeaderNames.CONTENT_TYPE, "application/yaml")
          .send(in.readAllBytes());
    }
    return null;
  }
}
