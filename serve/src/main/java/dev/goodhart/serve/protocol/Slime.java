package dev.goodhart.serve.protocol;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Protocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The remote reward of slime and miles, {@code --rm-type remote_rm --rm-url …}: one sample a
 * request.
 *
 * <pre>{@code
 * POST /slime          {"prompt": "1 + 1?", "response": "2", "label": "2"}
 *                 200  {"reward": 1.0, "parts": {"correct": 1.0}, "valid": true, "reason": null}
 * POST /slime/number   the same
 *                 200  1.0
 * }</pre>
 *
 * <p>With the first goes {@code --reward-key reward}; a trainer without a key takes the second.
 * {@code prompt} is text, plain or rendered, or messages; {@code label} is the reference. {@code
 * valid} is false where the number is the one that the spec tells in place of "not scored".
 */
public final class Slime implements Protocol {
  @Override
  public String id() {
    return "slime";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of("POST /slime", Slime::reward, "POST /slime/number", Slime::number);
  }

  private static Object number(Exchange exchange) {
    return Numbers.raw(exchange, List.of(sample(exchange.body()))).values().getFirst();
  }

  static Object reward(Exchange exchange) {
    Numbers numbers = Numbers.raw(exchange, List.of(sample(exchange.body())));
    Reward reward = numbers.scorings().getFirst().reward();
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    reward
        .parts()
        .forEach((name, part) -> parts.put(name, part instanceof Scored s ? s.value() : null));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("reward", numbers.values().getFirst());
    answer.put("parts", parts);
    answer.put("valid", reward instanceof Scored);
    answer.put("reason", reward instanceof Unscored u ? u.reason() : null);
    return answer;
  }

  private static Sample sample(Fields body) {
    return Received.sample(
        0,
        Received.prompt(body.get("prompt"), "prompt"),
        SpecialTokens.beforeTrailing(body.text("response")),
        body.get("label"));
  }
}
