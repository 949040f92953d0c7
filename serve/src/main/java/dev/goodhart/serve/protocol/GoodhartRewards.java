package dev.goodhart.serve.protocol;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.data.SampleColumns;
import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.scoring.Answer;
import dev.goodhart.serve.scoring.Refusal;
import dev.goodhart.serve.scoring.Scoring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goodhart's own protocol, the only one that can say everything: which samples were not scored and
 * why, the parts, the deviation, the alarms of the run.
 *
 * <pre>{@code
 * POST /v1/rewards  {"run": "r7", "step": 12, "samples": [{"id": "a", "prompt": "1 + 1?", "response": "2", "reference": "2"}]}
 *              200  {"rewards": [{"id": "a", "reward": 1.0, "parts": {"correct": 1.0}, "deviation": null, "valid": true,
 *                     "reason": null}], "version": "…", "alarms": []}
 *              400  {"error": "samples[0]: response: is missing"}
 * }</pre>
 */
public final class GoodhartRewards implements Protocol {
  @Override
  public String id() {
    return "goodhart";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of("POST /v1/rewards", GoodhartRewards::rewards);
  }

  private static Object rewards(Exchange exchange) {
    Fields body = exchange.body();
    List<?> list = body.list("samples");
    List<Sample> samples = new ArrayList<>(list.size());
    for (Object each : list) {
      String where = "samples[" + samples.size() + "]";
      try {
        samples.add(SampleColumns.sample(Fields.of(where, each).values()));
      } catch (GoodhartException e) {
        throw Refusal.bad(where + ": " + e.getMessage());
      }
    }
    Answer answer = exchange.score(samples);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rewards", answer.scorings().stream().map(GoodhartRewards::json).toList());
    json.put("version", answer.version());
    json.put("alarms", answer.alarms());
    return json;
  }

  private static Map<String, @Nullable Object> json(Scoring scoring) {
    Reward reward = scoring.reward();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", scoring.sample().id());
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
    return json;
  }

  private static @Nullable Double value(Reward reward) {
    return switch (reward) {
      case Scored scored -> scored.value();
      case Unscored unscored -> null;
    };
  }
}
