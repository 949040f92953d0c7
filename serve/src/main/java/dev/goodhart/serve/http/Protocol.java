package dev.goodhart.serve.http;

import dev.goodhart.serve.scoring.Refusal;
import java.util.Map;
import java.util.Set;

/** One wire protocol: its paths, and how it says that something went wrong. */
public interface Protocol extends AutoCloseable {
  /** As it is called in metrics, journal and documents: {@code openrlhf}. */
  String id();

  /** By method and path: {@code POST /get_reward}. */
  Map<String, Handler> routes();

  /** Those of its routes that need no key. */
  default Set<String> open() {
    return Set.of();
  }

  /** The body of an error. */
  default Object error(Refusal refusal) {
    return Map.of("error", refusal.says());
  }

  /** Gives back what it opened, after the last request. */
  @Override
  default void close() {}
}
