package dev.goodhart.verify.judge;

import dev.goodhart.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A chat completion's request and reply as JSON. */
final class Completion {
  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(100).build())
                  .build())
          .build();

  /** The reply had no such shape; the message says how. */
  static final class MalformedException extends Exception {
    MalformedException(String says) {
      super(says, null, false, false);
    }
  }

  /**
   * @param candidates how many likely first tokens are wanted; with any, the reply is one token
   */
  static String request(ChatServer server, List<Message> messages, int candidates) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("model", server.model());
    List<Map<String, String>> turns = new ArrayList<>();
    for (Message message : messages) {
      Map<String, String> turn = new LinkedHashMap<>();
      turn.put("role", message.role());
      turn.put("content", message.content());
      turns.add(turn);
    }
    body.put("messages", turns);
    body.put("temperature", server.temperature());
    body.put("max_tokens", candidates > 0 ? 1 : server.maxTokens());
    if (candidates > 0) {
      body.put("logprobs", true);
      body.put("top_logprobs", candidates);
    }
    server
        .extra()
        .forEach(
            (name, value) -> {
              if (value == null) {
                body.remove(name);
              } else {
                body.put(name, value);
              }
            });
    return JSON.writeValueAsString(body);
  }

  static Reply reply(byte[] body) throws MalformedException {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JacksonException e) {
      throw new MalformedException("not JSON");
    }
    if (root == null || !root.isObject()) {
      throw new MalformedException("not a JSON object");
    }
    JsonNode choice = root.path("choices").path(0);
    JsonNode message = choice.path("message");
    if (!message.isObject()) {
      throw new MalformedException(
          root.has("error") ? "an error: " + root.path("error") : "no choices[0].message");
    }
    JsonNode content = message.path("content");
    if (!content.isString() && !content.isNull() && !content.isMissingNode()) {
      throw new MalformedException("choices[0].message.content is not text");
    }
    return new Reply(
        text(content),
        text(choice.path("finish_reason")),
        text(message.path("refusal")),
        candidates(choice.path("logprobs").path("content").path(0)),
        count(root.path("usage").path("prompt_tokens")),
        count(root.path("usage").path("completion_tokens")));
  }

  private static List<Reply.Candidate> candidates(JsonNode first) {
    List<Reply.Candidate> candidates = new ArrayList<>();
    for (JsonNode one : first.path("top_logprobs")) {
      add(one, candidates);
    }
    if (candidates.isEmpty()) {
      add(first, candidates);
    }
    return candidates;
  }

  private static void add(JsonNode one, List<Reply.Candidate> candidates) {
    if (one.path("token").isString()
        && one.path("logprob").isNumber()
        && one.path("logprob").doubleValue() <= 0) {
      candidates.add(
          new Reply.Candidate(one.path("token").stringValue(), one.path("logprob").doubleValue()));
    }
  }

  private static String text(JsonNode node) {
    return node.isString() ? node.stringValue() : "";
  }

  private static long count(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToInt() ? Math.max(0, node.intValue()) : 0;
  }

  private Completion() {}
}
