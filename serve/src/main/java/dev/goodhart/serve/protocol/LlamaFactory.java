package dev.goodhart.serve.protocol;

import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.scoring.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * LLaMA-Factory's reward model behind an API, {@code --reward_model_type api}, and the path of its
 * own server.
 *
 * <pre>{@code
 * POST /v1/score/evaluation  {"model": "model", "messages": ["<|im_start|>user\n1 + 1?<|im_end|>…"]}
 *                       200  {"id": "scoreval-8", "object": "score.evaluation", "model": "model", "scores": [1.0]}
 *                       400  {"detail": "Invalid request"}
 * }</pre>
 *
 * <p>{@code messages} are whole conversations, rendered. The client neither looks at the status nor
 * waits for a limited time; an error has no {@code scores}, so that it stops there.
 */
public final class LlamaFactory implements Protocol {
  @Override
  public String id() {
    return "llama-factory";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of("POST /v1/score/evaluation", LlamaFactory::scores);
  }

  @Override
  public Object error(Refusal refusal) {
    return Map.of("detail", refusal.says());
  }

  static Object scores(Exchange exchange) {
    Fields body = exchange.body();
    if (body.list("messages").isEmpty()) {
      throw Refusal.bad("Invalid request");
    }
    Numbers numbers = Numbers.raw(exchange, Received.texts(body, "messages"));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", "scoreval-" + exchange.asked().id());
    answer.put("object", "score.evaluation");
    answer.put("model", body.optionalText("model").orElse(Vllm.MODEL));
    answer.put("scores", numbers.values());
    return answer;
  }
}
