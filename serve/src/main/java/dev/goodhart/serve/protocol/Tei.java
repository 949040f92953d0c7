package dev.goodhart.serve.protocol;

import dev.goodhart.Sample;
import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.scoring.Refusal;
import io.helidon.http.HeaderNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A classifier and re-ranker as Hugging Face's text-embeddings-inference serves it.
 *
 * <pre>{@code
 * POST /predict  {"inputs": "<|im_start|>user\n1 + 1?<|im_end|>…", "raw_scores": true}
 *           200  [{"score": 1.0, "label": "LABEL_0"}]
 *                {"inputs": ["1 + 1?", "2"]}            one prompt with its response: the same
 *                {"inputs": [["…"], ["1 + 1?", "2"]]}   several: a list of the above
 * POST /rerank   {"query": "1 + 1?", "texts": ["3", "2"], "raw_scores": true, "return_text": false}
 *           200  [{"index": 1, "score": 1.0}, {"index": 0, "score": 0.0}]
 * GET  /info
 *           422  {"error": "…", "error_type": "Validation"}
 * }</pre>
 *
 * <p>{@code POST /} and {@code /invocations} are {@code /predict}. Rewards go through the sigmoid
 * unless {@code raw_scores} is true or they are probabilities already; {@link Numbers} tells in
 * headers. Nothing is truncated. The headers {@code x-compute-characters} and {@code x-total-time}
 * (milliseconds) are set, those that tell of tokens are not.
 */
public final class Tei implements Protocol {
  @Override
  public String id() {
    return "tei";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of(
        "POST /predict", Tei::predict,
        "POST /", Tei::predict,
        "POST /invocations", Tei::predict,
        "GET /info", Tei::info);
  }

  @Override
  public Object error(Refusal refusal) {
    String type =
        switch (refusal.status()) {
          case 400 -> "Empty";
          case 429 -> "Overloaded";
          case 500, 502 -> "Backend";
          case 503, 504 -> "Unhealthy";
          default -> "Validation";
        };
    return Map.of("error", refusal.says(), "error_type", type);
  }

  private static Object info(Exchange exchange) {
    Map<String, @Nullable Object> info = new LinkedHashMap<>();
    info.put("model_id", Vllm.MODEL);
    info.put("model_sha", exchange.version());
    info.put("model_dtype", "float64");
    info.put(
        "model_type",
        Map.of(
            "classifier",
            Map.of("id2label", Map.of("0", Vllm.LABEL), "label2id", Map.of(Vllm.LABEL, 0))));
    info.put("max_client_batch_size", exchange.limits().batch());
    info.put("auto_truncate", false);
    info.put("version", Vllm.MODEL);
    info.put("sha", null);
    info.put("docker_label", null);
    return info;
  }

  private static Object predict(Exchange exchange) {
    long start = System.nanoTime();
    try {
      Fields body = exchange.body();
      Object inputs = body.get("inputs");
      boolean batch =
          inputs instanceof List<?> list && (list.isEmpty() || list.getFirst() instanceof List<?>);
      List<?> each = batch && inputs instanceof List<?> list ? list : single(inputs);
      if (each.isEmpty()) throw empty("inputs");
      List<Sample> samples = new ArrayList<>();
      for (Object input : each) samples.add(sample(samples.size(), input));
      Numbers numbers = Numbers.of(exchange, samples, !body.flag("raw_scores", false));
      List<Object> answers = new ArrayList<>();
      for (double value : numbers.values()) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("score", value);
        answer.put("label", Vllm.LABEL);
        answers.add(List.of(answer));
      }
      told(exchange, samples, start);
      return batch ? answers : answers.getFirst();
    } catch (Refusal refusal) {
      throw invalid(refusal);
    }
  }

  private static List<?> single(@Nullable Object input) {
    if (input == null) {
      throw Refusal.bad("inputs: is missing, expected text, two texts, or a list of lists of them");
    }
    return List.of(input);
  }

  /** Text, or a list of it, or a list of a prompt and a response. */
  private static Sample sample(int index, @Nullable Object input) {
    if (input instanceof String text) {
      if (text.isEmpty()) throw empty("inputs");
      return Received.text(index, text);
    }
    if (input instanceof List<?> texts
        && !texts.isEmpty()
        && texts.getFirst() instanceof String a) {
      if (texts.size() == 1) return sample(index, a);
      if (texts.size() == 2 && texts.get(1) instanceof String b) {
        return Received.pair(index, a, b);
      }
    }
    throw Refusal.bad("inputs: number " + index + " is neither one text nor two");
  }

  static Object rerank(Exchange exchange) {
    long start = System.nanoTime();
    try {
      Fields body = exchange.body();
      List<String> texts = body.texts("texts");
      if (texts.isEmpty()) throw empty("texts");
      Ranking ranking = Ranking.of(exchange, body, texts, !body.flag("raw_scores", false));
      boolean told = body.flag("return_text", false);
      List<Object> ranks = new ArrayList<>();
      for (int i : ranking.best(texts.size())) {
        Map<String, Object> rank = new LinkedHashMap<>();
        rank.put("index", i);
        if (told) rank.put("text", texts.get(i));
        rank.put("score", ranking.score(i));
        ranks.add(rank);
      }
      header(exchange, "x-total-time", Long.toString((System.nanoTime() - start) / 1_000_000));
      return ranks;
    } catch (Refusal refusal) {
      throw invalid(refusal);
    }
  }

  private static void told(Exchange exchange, List<Sample> samples, long start) {
    long characters = 0;
    for (Sample sample : samples) {
      characters += sample.prompt().text().length() + sample.response().length();
    }
    header(exchange, "x-compute-characters", Long.toString(characters));
    header(exchange, "x-total-time", Long.toString((System.nanoTime() - start) / 1_000_000));
  }

  private static void header(Exchange exchange, String name, String value) {
    exchange.response().header(HeaderNames.create(name), value);
  }

  private static Refusal empty(String name) {
    return new Refusal(EMPTY, name + ": cannot be empty");
  }

  /** Stands for 400 until {@link #invalid} has given all others of that status their own. */
  private static final int EMPTY = 499;

  /** TEI has 422 for mistakes and 400 for what is empty. */
  private static Refusal invalid(Refusal refusal) {
    return switch (refusal.status()) {
      case EMPTY -> new Refusal(400, refusal.says());
      case 400 -> new Refusal(422, refusal.says());
      default -> refusal;
    };
  }
}
