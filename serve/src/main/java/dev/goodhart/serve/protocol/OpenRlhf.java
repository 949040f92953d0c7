package dev.goodhart.serve.protocol;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
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
 * OpenRLHF's remote reward model, {@code --reward.remote_url} (formerly {@code --remote_rm_url}),
 * which many forks speak.
 *
 * <pre>{@code
 * POST /get_reward  {"query": ["1 + 1? 2"], "prompts": ["1 + 1? "], "labels": ["2"]}
 *              200  {"rewards": [1.0], "scores": [1.0], "extra_logs": {"correct": [1.0]}}
 * }</pre>
 *
 * <p>Everything is a list as long as {@code query}, of length 1 for one sample and empty for none:
 * the clients before 0.9.3 join the lists of several servers, and those that ask for one sample at
 * a time take a list of one where they take a number. {@code extra_logs} has every part of the
 * reward by name, in an empty answer too, because the names must be the same throughout a batch.
 * With {@code ?extra_logs=false} it is left out; 0.8.11 cannot read it from JSON.
 *
 * <p>{@code query} is prompt and response in one. With {@code prompts} the response is what follows
 * the prompt, see {@link RenderedChat#of(String, String)}. {@code labels} are the references.
 *
 * <p>Bodies of slime and LLaMA-Factory are answered at this path as well, by their fields.
 */
public final class OpenRlhf implements Protocol {
  @Override
  public String id() {
    return "openrlhf";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of("POST /get_reward", OpenRlhf::rewards);
  }

  private static Object rewards(Exchange exchange) {
    Fields body = exchange.body();
    if (!body.has("query") && body.has("messages")) return LlamaFactory.scores(exchange);
    if (!body.has("query") && body.has("response")) return Slime.reward(exchange);
    List<Sample> samples = samples(body);
    Numbers numbers = Numbers.raw(exchange, samples);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("rewards", numbers.values());
    answer.put("scores", numbers.values());
    if (!exchange.query("extra_logs").orElse("").equals("false")) {
      answer.put("extra_logs", parts(exchange, numbers));
    }
    return answer;
  }

  private static List<Sample> samples(Fields body) {
    List<String> queries = body.textOrTexts("query");
    List<?> prompts = alongside(body, "prompts", queries.size());
    List<?> labels = alongside(body, "labels", queries.size());
    List<Sample> samples = new ArrayList<>(queries.size());
    for (int i = 0; i < queries.size(); i++) {
      Object label = labels.isEmpty() ? null : labels.get(i);
      Object prompt = prompts.isEmpty() ? null : prompts.get(i);
      RenderedChat chat = chat(prompt, queries.get(i), "prompts[" + i + "]");
      samples.add(Received.sample(i, chat.prompt(), chat.response(), label));
    }
    return samples;
  }

  private static RenderedChat chat(@Nullable Object prompt, String query, String where) {
    return switch (prompt) {
      case null -> RenderedChat.of(query);
      case String text -> RenderedChat.of(text, query);
      default -> {
        Prompt messages = Received.prompt(prompt, where);
        yield new RenderedChat(messages, RenderedChat.of(query).response());
      }
    };
  }

  /** A list that is either left out or as long as the queries. */
  private static List<?> alongside(Fields body, String name, int size) {
    List<?> list = body.get(name) instanceof String text ? List.of(text) : body.optionalList(name);
    if (!list.isEmpty() && list.size() != size) {
      throw Refusal.bad(name + ": has " + list.size() + " entries, but query has " + size);
    }
    return list;
  }

  private static Map<String, List<Double>> parts(Exchange exchange, Numbers numbers) {
    Map<String, List<Double>> parts = new LinkedHashMap<>();
    for (String name : exchange.spec().signals().keySet()) {
      List<Double> values = new ArrayList<>();
      for (int i = 0; i < numbers.values().size(); i++) {
        Reward reward = numbers.scorings().get(i).reward();
        Reward part = reward.parts().get(name);
        if (part instanceof Scored scored) {
          values.add(scored.value());
        } else if (reward instanceof Unscored) {
          // What the spec tells in its place, which was counted with the reward.
          values.add(numbers.values().get(i));
        } else {
          values.add(exchange.number(missing(name, part), i));
        }
      }
      parts.put(name, values);
    }
    return parts;
  }

  /** A part that the reward did without, but the logs cannot. */
  private static Reward missing(String name, @Nullable Reward part) {
    String reason = part instanceof Unscored unscored ? unscored.reason() : "not asked";
    return Reward.unscored(
        "part " + name + ": " + reason + " (with ?extra_logs=false nobody asks for parts)");
  }
}
