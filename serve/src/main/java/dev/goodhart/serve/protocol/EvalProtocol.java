package dev.goodhart.serve.protocol;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Json;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.scoring.Refusal;
import dev.goodhart.serve.scoring.Scoring;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Eval-protocol (once reward-kit), the one foreign protocol that has a word for "not scored".
 *
 * <pre>{@code
 * POST /evaluate {"messages": [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "2"}],
 *                 "ground_truth": "2", "kwargs": {"level": 1}}
 *            200 {"score": 1.0, "is_score_valid": true, "reason": null, "error": null,
 *                 "metrics": {"correct": {"score": 1.0, "is_score_valid": true, "success": true, "reason": "correct"}},
 *                 "trajectory_info": {"parts": {"correct": 1.0}, "version": "…"}}
 * POST /reward   the same, with what stands in kwargs there beside messages
 * }</pre>
 *
 * <p>{@code metrics} must lie in [0, 1], so that a part outside is in {@code trajectory_info.parts}
 * alone. The client in eval-protocol's own library, which posts to either path, drops {@code
 * is_score_valid}: behind {@code /reward} an unscored sample therefore fails the request where the
 * spec gives no value for it; {@code /evaluate} says {@code is_score_valid: false} with a score of
 * 0.
 */
final class EvalProtocol implements Protocol {
  private static final Set<String> OWN = Set.of("messages", "ground_truth", "kwargs");

  @Override
  public String id() {
    return "eval-protocol";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of(
        "POST /evaluate",
        FastApi.strict(exchange -> evaluate(exchange, true)),
        "POST /reward",
        FastApi.strict(exchange -> evaluate(exchange, false)));
  }

  @Override
  public Object error(Refusal refusal) {
    return FastApi.error(refusal);
  }

  private static Object evaluate(Exchange exchange, boolean mayBeInvalid) {
    Fields body = exchange.body();
    var answer = exchange.score(List.of(sample(body)));
    Scoring scoring = answer.scorings().getFirst();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    boolean stated = exchange.spec().unscored().isPresent();
    switch (scoring.reward()) {
      case Scored scored -> json.put("score", scored.value());
      case Unscored unscored ->
          json.put("score", mayBeInvalid && !stated ? 0.0 : exchange.number(scoring, 0));
    }
    json.put("is_score_valid", scoring.reward() instanceof Scored);
    String reason = scoring.reward() instanceof Unscored unscored ? unscored.reason() : null;
    json.put("reason", reason);
    json.put("error", reason);
    Map<String, Object> metrics = new LinkedHashMap<>();
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    scoring
        .reward()
        .parts()
        .forEach(
            (name, part) -> {
              parts.put(name, part instanceof Scored scored ? scored.value() : null);
              Map<String, Object> metric = metric(name, part);
              if (!metric.isEmpty()) metrics.put(name, metric);
            });
    json.put("metrics", metrics);
    json.put("trajectory_info", Map.of("parts", parts, "version", answer.version()));
    return json;
  }

  /** Empty where the protocol's bounds leave it no place. */
  private static Map<String, Object> metric(String name, Reward part) {
    return switch (part) {
      case Scored scored when scored.value() < 0 || scored.value() > 1 -> Map.of();
      case Scored scored -> metric(scored.value(), true, name);
      case Unscored unscored -> metric(0, false, unscored.reason());
    };
  }

  private static Map<String, Object> metric(double score, boolean valid, String reason) {
    // Its own library reads "success" where its own server writes "is_score_valid".
    return Map.of("score", score, "is_score_valid", valid, "success", valid, "reason", reason);
  }

  private static Sample sample(Fields body) {
    List<?> turns = body.list("messages");
    if (turns.isEmpty()) {
      throw Refusal.bad("messages: is empty, expected the response as the last of them");
    }
    String where = "messages[" + (turns.size() - 1) + "]";
    Fields last = Fields.of(where, turns.getLast());
    if (!last.text("role").equals("assistant")) {
      throw Refusal.bad(where + ".role: expected assistant, the last message is the response");
    }
    Map<String, Object> columns = new LinkedHashMap<>();
    body.values()
        .forEach(
            (name, value) -> {
              if (value != null && !OWN.contains(name)) columns.put(name, value);
            });
    if (body.has("kwargs")) {
      body.object("kwargs")
          .values()
          .forEach(
              (name, value) -> {
                if (value != null) columns.put(name, value);
              });
    }
    Object truth = body.get("ground_truth");
    if (truth == null) truth = columns.remove("reference");
    return new Sample(
        columns.get("id") instanceof String id ? id : "",
        new Prompt(Contents.messages("messages", turns.subList(0, turns.size() - 1))),
        Contents.text(where + ".content", last.get("content")),
        reference(truth),
        columns);
  }

  private static @Nullable String reference(@Nullable Object truth) {
    return switch (truth) {
      case null -> null;
      case String text -> text;
      case Number number -> number.toString();
      default -> new String(Json.bytes(truth), StandardCharsets.UTF_8);
    };
  }
}
