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
import org.jspecify.annotations.Nullable;

/**
 * A reward model as vLLM serves it, for whoever asks vLLM today; verl's reward loop with its engine
 * {@code vllm} is one of them.
 *
 * <pre>{@code
 * POST /classify  {"model": "m", "input": ["<|im_start|>user\n1 + 1?<|im_end|>…"], "use_activation": false}
 *            200  {"id": "classify-8", "object": "list", "created": 1, "model": "goodhart",
 *                  "data": [{"index": 0, "label": "LABEL_0", "probs": [1.0], "num_classes": 1}], "usage": {…}}
 * POST /score     {"text_1": "1 + 1?", "text_2": ["2", "3"]}        also /v1/score
 *            200  {…, "data": [{"index": 0, "object": "score", "score": 0.731}, …], "usage": {…}}
 * POST /rerank    {"query": "1 + 1?", "documents": ["3", "2"], "top_n": 1}      also /v1, /v2
 *            200  {"id": "rerank-9", "model": "goodhart", "usage": {…},
 *                  "results": [{"index": 1, "document": {"text": "2"}, "relevance_score": 0.731}]}
 * POST /pooling   {"input": "2"}
 *            200  {…, "data": [{"index": 0, "object": "pooling", "data": [0.731]}], "usage": {…}}
 * GET  /v1/models
 *            200  {"object": "list", "data": [{"id": "goodhart", …}]}
 *            400  {"error": {"message": "…", "type": "BadRequestError", "param": null, "code": 400}}
 * }</pre>
 *
 * <p>As there, a reward goes through the sigmoid unless {@code use_activation} is false; a reward
 * that is a probability already never does. {@link Numbers} tells in headers what was done.
 *
 * <p>{@code input} is a rendered conversation ({@link RenderedChat}), {@code messages} one that is
 * not. Of two texts the first is the prompt, the second the response. Tokens are not counted.
 *
 * <p>Bodies with the fields of SGLang ({@code text}; {@code query} and {@code items}; {@code
 * instruct}) and of TEI ({@code texts}) are answered in their words at these paths.
 */
public final class Vllm implements Protocol {
  /** What every answer calls the spec, whatever model was asked for. */
  static final String MODEL = "goodhart";

  static final String LABEL = "LABEL_0";

  private final Protocol sglang = new Sglang();
  private final Protocol tei = new Tei();

  @Override
  public String id() {
    return "vllm";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.ofEntries(
        Map.entry("GET /v1/models", Vllm::models),
        Map.entry("POST /classify", this::classifyOrText),
        Map.entry("POST /score", this::score),
        Map.entry("POST /v1/score", this::score),
        Map.entry("POST /rerank", this::rerank),
        Map.entry("POST /v1/rerank", this::rerank),
        Map.entry("POST /v2/rerank", this::rerank),
        Map.entry("POST /pooling", Vllm::pooling),
        Map.entry("POST /tokenize", Vllm::tokenize));
  }

  @Override
  public Object error(Refusal refusal) {
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("message", refusal.says());
    error.put("type", type(refusal.status()));
    error.put("param", null);
    error.put("code", refusal.status());
    return Map.of("error", error);
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "AuthenticationError";
      case 403 -> "PermissionDeniedError";
      case 404 -> "NotFoundError";
      case 429 -> "RateLimitError";
      case 503 -> "ServiceUnavailableError";
      default -> status < 500 ? "BadRequestError" : "InternalServerError";
    };
  }

  private static Object models(Exchange exchange) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("id", MODEL);
    model.put("object", "model");
    model.put("created", now());
    model.put("owned_by", MODEL);
    model.put("root", MODEL);
    model.put("version", exchange.version());
    return Map.of("object", "list", "data", List.of(model));
  }

  private @Nullable Object classifyOrText(Exchange exchange) throws Exception {
    Fields body = exchange.body();
    return body.has("text") || body.has("input_ids")
        ? OtherWords.answer(sglang, exchange, Sglang::classify)
        : classify(exchange);
  }

  static Object classify(Exchange exchange) {
    Fields body = exchange.body();
    Numbers numbers = Numbers.of(exchange, inputs(body), Numbers.wantsActivation(body));
    List<Object> data = new ArrayList<>();
    for (double value : numbers.values()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("index", data.size());
      each.put("label", LABEL);
      each.put("probs", List.of(value));
      each.put("num_classes", 1);
      data.add(each);
    }
    return listed(exchange, "classify", data);
  }

  private static List<Sample> inputs(Fields body) {
    return body.has("messages")
        ? List.of(Received.messages(body, "messages"))
        : Received.texts(body, "input");
  }

  private @Nullable Object score(Exchange exchange) throws Exception {
    Fields body = exchange.body();
    if (body.has("query") && body.has("items")) {
      return OtherWords.answer(sglang, exchange, Sglang::score);
    }
    Numbers numbers = Numbers.of(exchange, pairs(body), Numbers.wantsActivation(body));
    List<Object> data = new ArrayList<>();
    for (double value : numbers.values()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("index", data.size());
      each.put("object", "score");
      each.put("score", value);
      data.add(each);
    }
    return listed(exchange, "score", data);
  }

  /** One prompt with each response, or each prompt with the response at its place. */
  private static List<Sample> pairs(Fields body) {
    String first = "text_1";
    String second = "text_2";
    if (body.has("queries")) {
      first = "queries";
      second = body.has("items") ? "items" : "documents";
    } else if (body.has("data_1")) {
      first = "data_1";
      second = "data_2";
    }
    List<String> prompts = documents(body, first);
    List<String> responses = documents(body, second);
    if (prompts.size() != 1 && prompts.size() != responses.size()) {
      throw Refusal.bad(
          "%s: has %d entries and %s has %d; expected one with any number, or the same number"
              .formatted(first, prompts.size(), second, responses.size()));
    }
    List<Sample> samples = new ArrayList<>(responses.size());
    for (int i = 0; i < responses.size(); i++) {
      String prompt = prompts.get(prompts.size() == 1 ? 0 : i);
      samples.add(Received.pair(i, prompt, responses.get(i)));
    }
    return samples;
  }

  /** One text or several, each plain or as the field {@code text} of an object; at least one. */
  private static List<String> documents(Fields body, String name) {
    if (body.get(name) instanceof String text) {
      return List.of(text);
    }
    List<String> texts = new ArrayList<>();
    for (Object each : body.list(name)) {
      String where = name + "[" + texts.size() + "]";
      texts.add(each instanceof String text ? text : Fields.of(where, each).text("text"));
    }
    if (texts.isEmpty()) {
      throw Refusal.bad(name + ": is empty, expected at least one text");
    }
    return texts;
  }

  private @Nullable Object rerank(Exchange exchange) throws Exception {
    Fields body = exchange.body();
    if (body.has("texts")) {
      return OtherWords.answer(tei, exchange, Tei::rerank);
    }
    if (body.has("instruct") || exchange.query("server").orElse("").equals("sglang")) {
      return OtherWords.answer(sglang, exchange, Sglang::rerank);
    }
    List<String> documents = documents(body, "documents");
    int top = (int) Math.max(0, body.number("top_n").orElse(0));
    Ranking ranking = Ranking.of(exchange, body, documents, Numbers.wantsActivation(body));
    List<Object> results = new ArrayList<>();
    for (int i : ranking.best(top == 0 ? documents.size() : top)) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("index", i);
      each.put("document", Map.of("text", documents.get(i)));
      each.put("relevance_score", ranking.score(i));
      results.add(each);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", "rerank-" + exchange.asked().id());
    answer.put("model", MODEL);
    answer.put("usage", usage());
    answer.put("results", results);
    return answer;
  }

  private static Object pooling(Exchange exchange) {
    Fields body = exchange.body();
    String task = body.optionalText("task").orElse("classify");
    if (!List.of("classify", "score", "encode", "reward").contains(task)) {
      throw Refusal.bad("task: " + task + " is not served here; a reward is one number: classify");
    }
    if (body.number("dimensions").orElse(1) != 1) {
      throw Refusal.bad("dimensions: a reward has one");
    }
    Encoding encoding = Encoding.of(body);
    Numbers numbers = Numbers.of(exchange, inputs(body), Numbers.wantsActivation(body));
    List<Object> data = new ArrayList<>();
    for (double value : numbers.values()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("index", data.size());
      each.put("object", "pooling");
      each.put("data", encoding.write(value));
      data.add(each);
    }
    return listed(exchange, "pool", data);
  }

  private static Object tokenize(Exchange exchange) {
    throw Refusal.bad(
        "nothing is tokenized here, since a reward spec knows no tokenizer of the caller's; send"
            + " text or messages to be rewarded");
  }

  static Map<String, Object> listed(Exchange exchange, String kind, List<Object> data) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", kind + "-" + exchange.asked().id());
    answer.put("object", "list");
    answer.put("created", now());
    answer.put("model", MODEL);
    answer.put("data", data);
    answer.put("usage", usage());
    return answer;
  }

  /** Nobody counts tokens here, but clients insist on the field. */
  static Map<String, @Nullable Object> usage() {
    Map<String, @Nullable Object> usage = new LinkedHashMap<>();
    usage.put("prompt_tokens", 0);
    usage.put("total_tokens", 0);
    usage.put("completion_tokens", 0);
    usage.put("prompt_tokens_details", null);
    return usage;
  }

  private static long now() {
    return System.currentTimeMillis() / 1000;
  }
}
