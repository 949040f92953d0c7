package dev.goodhart.serve.protocol;

import dev.goodhart.Sample;
import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.scoring.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A reward model as SGLang serves it; verl's reward loop with its engine {@code sglang} asks at
 * {@code /v1/embeddings}.
 *
 * <pre>{@code
 * POST, PUT /classify  {"text": "<|im_start|>user\n1 + 1?<|im_end|>…"}        or a list of them
 *                 200  {"embedding": [1.0], "meta_info": {…}}                 or a list of them
 * POST /v1/embeddings  {"model": "m", "input": "…"}
 *                 200  {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [1.0]}], …}
 * POST /v1/classify    as vLLM's /classify
 * POST /v1/rerank      {"query": "1 + 1?", "documents": ["3", "2"], "instruct": ""}
 *                 200  [{"score": 1.0, "document": "2", "index": 1, "meta_info": {…}}, …]
 * POST /v1/score       {"query": "1 + 1?", "items": ["2", "3"]}
 *                 200  {"scores": [[1.0], [0.0]], "model": "goodhart", "usage": {…}, "object": "scoring"}
 *                 400  {"error": {"message": "…"}}
 * }</pre>
 *
 * <p>Rewards are as the spec gives them, never activated, except at {@code /v1/classify}: the
 * softmax of SGLang's would make every reward of one label 1, so that the sigmoid of vLLM is used,
 * and {@code use_activation} heeded. {@code /v1/rerank} is vLLM's where neither {@code instruct}
 * stands in the body nor {@code ?server=sglang} in the address. Empty text is refused, as there.
 */
public final class Sglang implements Protocol {
  @Override
  public String id() {
    return "sglang";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of(
        "PUT /classify", Sglang::classify,
        "POST /v1/classify", Vllm::classify,
        "POST /v1/embeddings", Sglang::embeddings);
  }

  @Override
  public Object error(Refusal refusal) {
    return Map.of("error", Map.of("message", refusal.says()));
  }

  static Object classify(Exchange exchange) {
    Fields body = exchange.body();
    if (body.has("input_ids") && !body.has("text")) {
      throw Refusal.bad(
          "input_ids: token ids mean nothing here, since a reward spec knows no tokenizer of the"
              + " caller's; send text");
    }
    List<Object> answers = new ArrayList<>();
    for (double value : Numbers.raw(exchange, written(body, "text")).values()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("embedding", List.of(value));
      each.put("meta_info", meta(exchange, answers.size()));
      answers.add(each);
    }
    return body.get("text") instanceof String ? answers.getFirst() : answers;
  }

  /** Conversations, none of which may be blank. */
  private static List<Sample> written(Fields body, String name) {
    List<Sample> samples = Received.texts(body, name);
    List<String> texts = body.textOrTexts(name);
    for (int i = 0; i < texts.size(); i++) {
      if (texts.get(i).isBlank()) throw Refusal.bad(name + ": text " + i + " is blank");
    }
    if (texts.isEmpty()) throw Refusal.bad(name + ": is empty");
    return samples;
  }

  private static Map<String, Object> meta(Exchange exchange, int index) {
    return Map.of("id", exchange.asked().id() + "-" + index, "prompt_tokens", 0);
  }

  private static Object embeddings(Exchange exchange) {
    Fields body = exchange.body();
    Encoding encoding = Encoding.of(body);
    List<Object> data = new ArrayList<>();
    for (double value : Numbers.raw(exchange, written(body, "input")).values()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("object", "embedding");
      each.put("index", data.size());
      each.put("embedding", encoding.write(value));
      data.add(each);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("object", "list");
    answer.put("model", Vllm.MODEL);
    answer.put("data", data);
    answer.put("usage", Vllm.usage());
    return answer;
  }

  static Object rerank(Exchange exchange) {
    Fields body = exchange.body();
    List<String> documents = body.texts("documents");
    if (documents.isEmpty()) throw Refusal.bad("documents: is empty");
    Ranking ranking = Ranking.of(exchange, body, documents, false);
    boolean told = body.flag("return_documents", true);
    List<Object> results = new ArrayList<>();
    double top = body.number("top_n").orElse(documents.size());
    for (int i : ranking.best((int) Math.max(0, top))) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("score", ranking.score(i));
      if (told) each.put("document", documents.get(i));
      each.put("index", i);
      each.put("meta_info", meta(exchange, i));
      results.add(each);
    }
    return results;
  }

  static Object score(Exchange exchange) {
    Fields body = exchange.body();
    if (body.optionalList("label_token_ids").size() > 1 || body.flag("apply_softmax", false)) {
      throw Refusal.bad(
          "label_token_ids, apply_softmax: a reward is one number, not the probabilities of"
              + " tokens");
    }
    String prompt = body.text("query");
    List<Sample> samples = new ArrayList<>();
    for (String item : body.textOrTexts("items")) {
      samples.add(Received.pair(samples.size(), prompt, item));
    }
    List<List<Double>> scores = new ArrayList<>();
    for (double value : Numbers.raw(exchange, samples).values()) scores.add(List.of(value));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("scores", scores);
    answer.put("model", Vllm.MODEL);
    answer.put("usage", Vllm.usage());
    answer.put("object", "scoring");
    return answer;
  }
}
