package dev.goodhart.serve.http;

import org.jspecify.annotations.Nullable;

/** Answers the requests to one path. */
@FunctionalInterface
public interface Handler {
  /**
   * @return the JSON of a 200 (maps, lists, text, numbers, records); null when the exchange was
   *     answered already
   * @throws dev.goodhart.serve.scoring.Refusal answered with its status in the protocol's form
   */
  @Nullable Object handle(Exchange exchange) throws Exception;
}
