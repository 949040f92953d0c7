package dev.goodhart.serve.protocol;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.audit.Finding;
import dev.goodhart.data.SampleColumns;
import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Json;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.scoring.Answer;
import dev.goodhart.serve.scoring.Refusal;
import dev.goodhart.serve.scoring.Scoring;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Goodhart's own protocol, the only one that can say everything: which samples were not scored and
 * why, the parts, the deviation, the alarms of the run.
 *
 * <pre>{@code
 * POST /v1/rewards  {"run": "r7", "step": 12, "samples": [{"id": "a", "prompt": "1 + 1?", "response": "2", "reference": "2"}]}
 *              200  {"rewards": [{"id": "a", "reward": 1.0, "parts": {"correct": 1.0}, "deviation": null, "valid": true,
 *                     "reason": null, "cached": [], "version": "…"}], "version": "…", "alarms": []}
 * }</pre>
 *
 * <p>A sample that is no sample is not scored, as one is that a signal could not judge; the others
 * are. With {@code Content-Type: application/x-ndjson} the body is one sample a line and the answer
 * one reward a line, in order, while the body still arrives.
 */
public final class GoodhartRewards implements Protocol {
  private static final String LINES = "application/x-ndjson";
  private static final int CHUNK = 256;
  private static final int LONGEST_LINE = 8 << 20;

  @Override
  public String id() {
    return "goodhart";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of("POST /v1/rewards", GoodhartRewards::rewards);
  }

  private static @Nullable Object rewards(Exchange exchange) throws IOException {
    if (exchange.header("Content-Type").orElse("").startsWith(LINES)) {
      stream(exchange);
      return null;
    }
    Fields body = exchange.body();
    if (body.has("run") || body.has("step")) {
      exchange.of(run(body, exchange), step(body, exchange));
    }
    List<?> list = body.list("samples");
    if (list.size() > exchange.limits().batch()) {
      throw new Refusal(
          413,
          list.size()
              + " samples in one request, at most "
              + exchange.limits().batch()
              + " are taken; send more as "
              + LINES);
    }
    Batch batch = new Batch();
    for (int i = 0; i < list.size(); i++) {
      batch.add("samples[" + i + "]", list.get(i));
    }
    Answer answer = exchange.score(batch.samples);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rewards", batch.answered(answer));
    json.put("version", answer.version());
    json.put("alarms", answer.alarms().stream().map(GoodhartRewards::alarm).toList());
    return json;
  }

  private static String run(Fields body, Exchange exchange) {
    return body.optionalText("run").orElse(exchange.asked().run());
  }

  private static @Nullable Long step(Fields body, Exchange exchange) {
    OptionalDouble step = body.number("step");
    return step.isPresent() ? (Long) (long) step.getAsDouble() : exchange.asked().step();
  }

  /** The samples of a request, and the places of those that are none. */
  private static final class Batch {
    final List<Sample> samples = new ArrayList<>();

    /** For each place of the request why it holds no sample; null where it holds one. */
    private final List<@Nullable String> problems = new ArrayList<>();

    private final List<String> ids = new ArrayList<>();

    void add(String where, @Nullable Object value) {
      try {
        Fields fields = Fields.of(where, value);
        ids.add(fields.get("id") == null ? "" : String.valueOf(fields.get("id")));
        samples.add(SampleColumns.sample(fields.values()));
        problems.add(null);
      } catch (GoodhartException e) {
        problems.add("bad sample: " + where + ": " + e.getMessage());
      } catch (Refusal e) {
        ids.add("");
        problems.add("bad sample: " + e.says());
      }
    }

    List<Map<String, @Nullable Object>> answered(Answer answer) {
      List<Map<String, @Nullable Object>> all = new ArrayList<>();
      var scorings = answer.scorings().iterator();
      for (int i = 0; i < problems.size(); i++) {
        String problem = problems.get(i);
        all.add(
            problem == null
                ? json(scorings.next(), answer.version())
                : json(ids.get(i), new Unscored(problem), List.of(), answer.version()));
      }
      return all;
    }
  }

  /** Reads, scores and answers so many lines at a time. */
  private static void stream(Exchange exchange) throws IOException {
    exchange.response().header(HeaderNames.CONTENT_TYPE, LINES);
    @Nullable OutputStream out = null;
    try (InputStream in = exchange.in()) {
      Lines lines = new Lines(in, LONGEST_LINE);
      boolean more = true;
      while (more) {
        Batch batch = new Batch();
        for (int i = 0; i < CHUNK && more; i++) {
          byte[] line = lines.next();
          more = line != null;
          if (line != null && line.length > 0) {
            add(batch, "line " + lines.number(), line);
          }
        }
        Answer answer = exchange.score(batch.samples);
        if (out == null) out = exchange.response().outputStream();
        for (var each : batch.answered(answer)) {
          line(out, each);
        }
        out.flush();
      }
    } catch (Refusal refusal) {
      if (out == null) throw refusal;
      line(out, Map.of("error", refusal.says())); // too late for a status
    }
    if (out != null) out.close();
  }

  private static void line(OutputStream out, Object json) throws IOException {
    out.write(Json.bytes(json));
    out.write('\n');
  }

  private static void add(Batch batch, String where, byte[] line) {
    Object value;
    try {
      value = Json.read(line);
    } catch (Refusal e) {
      value = null;
    }
    batch.add(where, value);
  }

  private static Map<String, @Nullable Object> json(Scoring scoring, String version) {
    List<String> cached = new ArrayList<>();
    scoring
        .signals()
        .forEach(
            (signal, took) -> {
              if (took.cached()) cached.add(signal);
            });
    return json(scoring.sample().id(), scoring.reward(), cached, version);
  }

  private static Map<String, @Nullable Object> json(
      String id, Reward reward, List<String> cached, String version) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("reward", value(reward));
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    reward.parts().forEach((name, part) -> parts.put(name, value(part)));
    json.put("parts", parts);
    json.put(
        "deviation",
        reward instanceof Scored s && s.deviation().isPresent()
            ? s.deviation().getAsDouble()
            : null);
    if (reward instanceof Scored s && s.scale() != null) {
      json.put("scale", s.scale().id());
    }
    json.put("valid", reward instanceof Scored);
    json.put("reason", reward instanceof Unscored u ? u.reason() : null);
    json.put("cached", cached);
    json.put("version", version);
    return json;
  }

  private static @Nullable Double value(Reward reward) {
    return switch (reward) {
      case Scored scored -> scored.value();
      case Unscored unscored -> null;
    };
  }

  private static Map<String, Object> alarm(Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", finding.name());
    json.put("level", finding.level().name().toLowerCase(java.util.Locale.ROOT));
    json.put("says", finding.says());
    json.put("figures", finding.figures());
    return json;
  }
}
