package dev.goodhart.verify.judge;

import java.util.List;

/**
 * What a judge answered.
 *
 * @param content the text, without what came in fields of its own (reasoning, tool calls)
 * @param finish why it ended: {@code stop}, {@code length}, {@code content_filter}; empty where the
 *     server does not say
 * @param refusal the server's own word that the model refused; empty where it did not
 * @param first the likeliest first tokens with their log-probabilities; empty where the server
 *     gives none
 * @param promptTokens 0 where the server does not count
 * @param completionTokens 0 where the server does not count
 */
record Reply(
    String content,
    String finish,
    String refusal,
    List<Candidate> first,
    long promptTokens,
    long completionTokens) {
  /**
   * A token that the reply might have begun with.
   *
   * @param logprob in nats, at most 0
   */
  record Candidate(String token, double logprob) {}

  Reply {
    first = List.copyOf(first);
  }

  Reply withContent(String other) {
    return new Reply(other, finish, refusal, first, promptTokens, completionTokens);
  }
}
