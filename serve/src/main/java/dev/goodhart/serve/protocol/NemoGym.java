package dev.goodhart.serve.protocol;

import dev.goodhart.Message;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A resources server of NeMo Gym: rewards recorded or fresh rollouts in the form of OpenAI's
 * Responses.
 *
 * <pre>{@code
 * POST /seed_session  {…}  200 {}, with a signed session cookie that every path takes back
 * POST /verify        {"responses_create_params": {"input": "1 + 1?"}, "expected_answer": "2",
 *                      "response": {"output": [{"type": "message", "role": "assistant",
 *                                               "content": [{"type": "output_text", "text": "2"}]}]}}
 *                200  the request, and "reward": 1.0, "reward_components": {"correct": 1.0}, "parts": {"correct": 1.0}
 * POST /aggregate_metrics {"verify_responses": […]}
 *                200  {"group_level_metrics": […], "agent_metrics": {"mean/reward": 0.5}, "key_metrics": {…}}
 * GET  /reverify_mode 200 "stateless"
 * }</pre>
 *
 * <p>The response is the text of the assistant's messages, one after the other; the reference is
 * the row's {@code expected_answer} (or {@code reference}, {@code ground_truth}, {@code answer},
 * {@code target}), and all other fields of the row are columns.
 *
 * <p>A sample that was not scored fails the request. Where the spec gives a value for it, that is
 * the reward, and the row says so in NeMo Gym's own way, {@code _ng_failure_class}, which keeps it
 * out of the rollouts.
 */
final class NemoGym implements Protocol {
  private static final List<String> REFERENCES =
      List.of("expected_answer", "reference", "ground_truth", "answer", "target");

  /** What is no property of the task: it would make every rollout another sample. */
  private static final Set<String> OTHER =
      Set.of("responses_create_params", "response", "agent_ref");

  private static final String OWN = "_ng_";

  private final SessionCookie session = new SessionCookie("Goodhart___rewards");

  @Override
  public String id() {
    return "nemo-gym";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of(
        "POST /seed_session", FastApi.strict(this::seed),
        "POST /verify", FastApi.strict(this::verify),
        "POST /aggregate_metrics", FastApi.strict(NemoGym::aggregate),
        "GET /reverify_mode", exchange -> "stateless");
  }

  @Override
  public Object error(Refusal refusal) {
    return FastApi.error(refusal);
  }

  private Object seed(Exchange exchange) {
    exchange.body();
    session.renew(exchange);
    return Map.of();
  }

  private Object verify(Exchange exchange) {
    Fields row = exchange.body();
    Scoring scoring = exchange.score(List.of(sample(row))).scorings().getFirst();
    Map<String, @Nullable Object> json = new LinkedHashMap<>(row.values());
    json.put("reward", exchange.number(scoring, 0));
    switch (scoring.reward()) {
      case Scored scored ->
          json.put("reward_components", Contributions.of(exchange.spec(), scored));
      case Unscored unscored -> {
        json.put(OWN + "failure_class", "judge_failed");
        json.put(OWN + "failure_judge_error", unscored.reason());
      }
    }
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    scoring.reward().parts().forEach((name, part) -> parts.put(name, value(part)));
    json.put("parts", parts);
    session.renew(exchange);
    return json;
  }

  private static @Nullable Double value(Reward reward) {
    return reward instanceof Scored scored ? scored.value() : null;
  }

  private static Sample sample(Fields row) {
    Map<String, Object> columns = new LinkedHashMap<>();
    row.values()
        .forEach(
            (name, value) -> {
              if (value != null && !OTHER.contains(name) && !name.startsWith(OWN))
                columns.put(name, value);
            });
    if (row.get(OWN + "task_index") instanceof Number task) {
      columns.putIfAbsent("group", task.toString());
    }
    return new Sample(
        columns.get("id") instanceof String id ? id : "",
        prompt(row.object("responses_create_params")),
        response(row.object("response")),
        reference(columns),
        columns);
  }

  private static @Nullable String reference(Map<String, Object> columns) {
    for (String name : REFERENCES) {
      switch (columns.get(name)) {
        case String text -> {
          return text;
        }
        case Number number -> {
          return number.toString();
        }
        case List<?> several -> { // any of them: as the verifiers read such a text
          return new String(Json.bytes(several), StandardCharsets.UTF_8);
        }
        case null, default -> {}
      }
    }
    return null;
  }

  private static Prompt prompt(Fields params) {
    List<Message> messages = new ArrayList<>();
    params.optionalText("instructions").ifPresent(t -> messages.add(new Message("system", t)));
    if (params.get("input") instanceof String text) {
      messages.add(Message.user(text));
    } else {
      String where = "responses_create_params.input";
      messages.addAll(Contents.messages(where, params.optionalList("input")));
    }
    return new Prompt(messages);
  }

  private static String response(Fields response) {
    List<?> output = response.list("output");
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < output.size(); i++) {
      String where = "response.output[" + i + "]";
      Fields item = Fields.of(where, output.get(i));
      if ("message".equals(item.get("type"))) {
        texts.add(Contents.text(where + ".content", item.get("content")));
      }
    }
    return String.join("\n", texts);
  }

  private static Object aggregate(Exchange exchange) {
    List<?> responses = exchange.body().list("verify_responses");
    List<Fields> rows = new ArrayList<>();
    for (Object response : responses) {
      rows.add(Fields.of("verify_responses[" + rows.size() + "]", response));
    }
    return NemoGymMetrics.of(rows);
  }
}
