package dev.goodhart.verify.judge;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a judge has cost.
 *
 * @param questions that were put to it
 * @param cached of them answered by an earlier reply
 * @param requests sent, retries among them
 * @param retries requests that were sent again
 * @param promptTokens as the server counts them, of what was sent
 * @param completionTokens as the server counts them, of what came back
 * @param seconds of waiting for the server, all requests added up
 * @param unscored samples without a verdict, by the kind of reason
 */
public record Usage(
    long questions,
    long cached,
    long requests,
    long retries,
    long promptTokens,
    long completionTokens,
    double seconds,
    Map<String, Long> unscored) {
  public Usage {
    unscored = new TreeMap<>(unscored);
  }

  /** On one line. */
  @Override
  public String toString() {
    String line =
        "%,d questions, %,d from the cache, %,d requests (%,d retries, %.1f s), %,d + %,d tokens"
            .formatted(
                questions, cached, requests, retries, seconds, promptTokens, completionTokens);
    return unscored.isEmpty()
        ? line
        : line
            + "; unscored: "
            + unscored.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
  }
}
